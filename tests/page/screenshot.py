"""Takes the picture of the page that the documentation shows.

`python -m tests.page.screenshot` writes `docs/page.png`; a folder as its argument gets all views,
light, dark and at the width of a phone.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from playwright.async_api import Browser
from twilio.base.exceptions import TwilioRestException

from tests.page.browsing import Visitor, chromium, visiting
from tests.page.site import site
from tests.real_parts import ROOT
from twilio_mock import TwilioMock, error

DESK = {"width": 1200, "height": 720}
PHONE = {"width": 360, "height": 740}
VIEWS = ("requests", "accounts", "try", "faults", "start")
NUMBER = "+15005550006"


async def fill(mock: TwilioMock, url: str) -> None:
    """Let happen what is to be seen."""
    client = mock.client()
    application = client.applications.create(
        friendly_name="Phone Me",
        voice_url=f"{url}/broken",
        voice_fallback_url=f"{url}/closed",
        status_callback=f"{url}/taken",
    )
    mock.incoming_phone_numbers.create(phone_number=NUMBER, voice_application_sid=application.sid)
    client.applications.list(limit=20)
    mock.fault("CreateApplication", error(20503), times=1, name="down")
    support = {"friendly_name": "Support", "voice_url": "https://support.example/voice"}
    for _ in range(2):
        with suppress(TwilioRestException):
            client.applications.create(**support)
    with suppress(TwilioRestException):
        client.applications.create(friendly_name="Sales", voice_method="PUT")
    with suppress(TwilioRestException):
        client.messages.create(to="+15005550009", from_=NUMBER, body="Hello")
    shop = mock.accounts.create(friendly_name="Shop")
    shop.client().applications.create(friendly_name="Till")
    client.applications(str(application.sid)).update(voice_method="GET")
    call = await mock.incoming_call(to=NUMBER, from_="+15005550001")
    await call.hang_up(duration=12)


async def show(visitor: Visitor, view: str) -> None:
    """Open a view with something chosen in it."""
    await visitor.open(view)
    if view == "requests":
        await visitor.rows.nth(4).click()
        await visitor.page.wait_for_selector("#detail dl")
    if view == "try":
        await visitor.page.click("#recent button")
        await visitor.page.wait_for_selector("#delivery .attempt")
    await visitor.page.wait_for_timeout(500)


async def take_all(browser: Browser, mock: TwilioMock, folder: Path) -> None:
    """Every view, in every way in which it is looked at."""
    for name, viewport, scheme in (
        ("light", DESK, "light"),
        ("dark", DESK, "dark"),
        ("phone", PHONE, "light"),
    ):
        async with visiting(browser, mock, viewport=viewport, color_scheme=scheme) as visitor:
            for view in VIEWS:
                await show(visitor, view)
                await visitor.page.screenshot(path=folder / f"{view}-{name}.png", full_page=True)


async def main(arguments: list[str]) -> None:
    """Take what is asked for."""
    async with TwilioMock(redirect=False) as mock, site() as url, chromium() as browser:
        await fill(mock, url)
        if arguments:
            await take_all(browser, mock, Path(arguments[0]))
            return
        async with visiting(browser, mock, viewport=DESK, color_scheme="light") as visitor:
            await show(visitor, "requests")
            await visitor.page.screenshot(path=ROOT / "docs" / "page.png")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
