"""The page by keyboard, in the dark, on a phone, under load, and while the server restarts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, expect
from twilio.base.exceptions import TwilioRestException

from tests.page.browsing import Visitor, visiting
from twilio_mock import TwilioMock, error

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEWS = ("requests", "accounts", "try", "faults", "start")
# The contrast of every text with what is behind it (WCAG 2.2), if it is below what is asked for.
CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (color) => {
        const [r, g, b] = color.map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const color = rgba(getComputedStyle(each).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255, 255];
    };
    const poor = [];
    for (const element of document.querySelectorAll("header *, main *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const idle = element.closest(".unset, :disabled");
        if (!own || idle || !element.checkVisibility({checkOpacity: true})) continue;
        const [one, two] = [rgba(getComputedStyle(element).color), behind(element)].map(light);
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        const text = element.textContent.trim().slice(0, 30);
        if (ratio < 4.5) poor.push(`${text}: ${ratio.toFixed(2)}`);
    }
    return poor;
}"""


async def fill(mock: TwilioMock) -> None:
    """Let something of every kind be there to see."""
    client = mock.client()
    long = "https://a-very-long-name-of-a-host.example/" + "path/" * 20
    application = client.applications.create(friendly_name="Phone Me " * 6, voice_url=long)
    local = mock.applications.create(friendly_name="Local", voice_url="http://127.0.0.1:9/voice")
    mock.incoming_phone_numbers.create(
        phone_number="+15005550006", voice_application_sid=application.sid
    )
    mock.fault("CreateApplication", error(20503), times=1, name="a-fault-with-a-long-name" * 2)
    mock.fault("*Key", error(20404), name="other")
    for parameters in ({}, {"voice_method": "PUT"}, {"voice_url": "http://127.0.0.1:9/"}):
        with suppress(TwilioRestException):
            client.applications.create(**parameters)
    await local.incoming_call()


async def test_everything_can_be_done_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    for number in range(3):
        visitor.mock.client().applications.list(friendly_name=f"a{number}")
    await visitor.open()
    await expect(visitor.rows).to_have_count(3)
    await page.keyboard.press("Tab")
    assert await visitor.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(30):
        await page.keyboard.press("Tab")
        seen.append(
            await visitor.evaluate("document.activeElement.id || document.activeElement.text")
        )
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await visitor.evaluate(outline) != "none", seen[-1]
        if seen[-1] == "requests":
            break
    assert seen == [
        *("Requests", "Accounts", "Try it", "Faults", "Quick start", "account"),
        *("filter-text", "filter-method", "filter-status", "filter-marked", "hold", "clear"),
        "requests",
    ]
    chosen = page.locator("#requests [aria-selected=true]")
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("End", 2), ("ArrowUp", 1), ("Home", 0)):
        await page.keyboard.press(key)
        wanted = await visitor.rows.nth(place).get_attribute("id")
        await expect(chosen).to_have_id(str(wanted))
        await expect(page.locator("#requests")).to_have_attribute(
            "aria-activedescendant", str(wanted)
        )
    await expect(page.locator("#detail")).to_contain_text("a2")
    await page.keyboard.press("Enter")
    assert await visitor.evaluate("document.activeElement.id") == "detail"
    await page.keyboard.press("Escape")
    assert await visitor.evaluate("document.activeElement.id") == "requests"


async def test_the_arrow_keys_choose_before_anything_has_the_focus(visitor: Visitor) -> None:
    visitor.mock.client().applications.list()
    await visitor.open()
    await expect(visitor.rows).to_have_count(1)
    await visitor.page.keyboard.press("ArrowDown")
    await expect(visitor.rows).to_have_attribute("aria-selected", "true")
    assert await visitor.evaluate("document.activeElement.id") == "requests"


async def test_without_a_choice_it_is_about_an_account_that_holds_something(
    visitor: Visitor,
) -> None:
    other = visitor.mock.accounts.create(friendly_name="full")
    other.applications.create(friendly_name="Phone Me")
    for view in ("accounts", "try", "faults"):
        await visitor.open(view)
        about = visitor.page.locator(f"#view-{view} .about")
        await expect(about).to_contain_text("of full (")


async def test_the_way_past_the_head_leads_to_the_content(visitor: Visitor) -> None:
    await visitor.open("faults")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    assert await visitor.evaluate("document.activeElement.id") == "main"
    await expect(visitor.page.locator("#view-faults")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(browser: Browser, watched: TwilioMock, scheme: str) -> None:
    await fill(watched)
    async with visiting(browser, watched, color_scheme=scheme) as visitor:
        grounds = set()
        for view in VIEWS:
            await visitor.open(view)
            if view == "requests":
                await visitor.rows.first.click()
                await visitor.page.wait_for_selector("#detail dl")
            if view == "try":
                await visitor.page.click("#recent button")
                await visitor.page.wait_for_selector("#delivery .attempt")
            assert await visitor.evaluate(CONTRAST) == [], view
            grounds.add(await visitor.evaluate("getComputedStyle(document.body).backgroundColor"))
        [ground] = grounds
        assert (int(ground.removeprefix("rgb(").partition(",")[0]) < 128) == (scheme == "dark")


async def test_a_phone_shows_it_without_scrolling_sideways(
    browser: Browser, watched: TwilioMock
) -> None:
    await fill(watched)
    async with visiting(browser, watched, viewport={"width": 360, "height": 740}) as visitor:
        width = "document.documentElement.scrollWidth"
        for view in VIEWS:
            await visitor.open(view)
            if view == "try":
                await visitor.page.click("#recent button")
                await visitor.page.wait_for_selector("#delivery .attempt")
                await visitor.page.click("#delivery summary >> nth=0")
            assert await visitor.evaluate(width) <= 360, view
        await visitor.open()
        await visitor.rows.first.click()
        await visitor.page.wait_for_selector("#detail dl")
        assert await visitor.evaluate(width) <= 360
        await expect(visitor.page.locator("#requests")).to_be_hidden()
        await visitor.page.click("text=Back to the list")
        await expect(visitor.rows.first).to_be_visible()


async def test_nothing_moves_for_who_wants_no_motion(browser: Browser, watched: TwilioMock) -> None:
    async with visiting(browser, watched, reduced_motion="reduce") as visitor:
        await visitor.open()
        moving = """[...document.querySelectorAll("*")].filter((each) => {
            const style = getComputedStyle(each);
            return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
        }).length"""
        assert await visitor.evaluate(moving) == 0


async def test_thousands_of_requests_leave_it_small_and_answering(visitor: Visitor) -> None:
    await visitor.open()
    client = visitor.mock.client()
    for number in range(1500):
        client.applications.list(friendly_name=f"a{number}", page_size=1)
        if not number % 100:
            await asyncio.sleep(0)
    await expect(visitor.rows.first).to_contain_text("a1499")
    assert await visitor.rows.count() <= 500
    await expect(visitor.page.locator("#counts")).to_contain_text("the newest 500 requests")
    await visitor.page.fill("#filter-text", "a1498")
    await expect(visitor.rows).to_have_count(1)


async def test_a_pause_keeps_the_list_still_and_clear_empties_it(visitor: Visitor) -> None:
    client, page = visitor.mock.client(), visitor.page
    client.applications.list()
    await visitor.open()
    await expect(visitor.rows).to_have_count(1)
    await page.click("#hold")
    client.applications.list()
    client.applications.list()
    await expect(page.locator("#counts")).to_contain_text("2 wait")
    await expect(visitor.rows).to_have_count(1)
    await page.click("text=Go on")
    await expect(visitor.rows).to_have_count(3)
    await page.click("#clear")
    await expect(visitor.rows).to_have_count(0)


async def test_what_comes_right_after_a_batch_is_counted_in_a_pause_too(visitor: Visitor) -> None:
    client, page = visitor.mock.client(), visitor.page
    # The time between two batches, drawn out so that all of this happens in it.
    await page.add_init_script(
        "const real = setTimeout;"
        "window.setTimeout = (run, wait) => real(run, wait === 120 ? 3000 : wait)"
    )
    client.applications.list()
    await visitor.open()
    await expect(visitor.rows).to_have_count(1)
    await page.click("#hold")
    client.applications.list()
    await expect(page.locator("#counts")).to_contain_text("1 wait")


async def test_it_says_that_the_server_is_gone_and_goes_on_when_it_is_back(
    browser: Browser,
) -> None:
    async with TwilioMock(redirect=False) as first:
        port = int(first.url.rpartition(":")[2])
        first.client().applications.create(friendly_name="before")
        async with visiting(browser, first) as visitor:
            await visitor.open()
            await visitor.page.fill("#filter-text", "a")
            await expect(visitor.rows).to_have_count(1)
            await first.__aexit__(None, None, None)
            connection = visitor.page.locator("#connection")
            await expect(connection).to_have_text("disconnected, trying again")
            async with TwilioMock(redirect=False, port=port) as second:
                await visitor.live()
                second.client().applications.create(friendly_name="after")
                await expect(visitor.rows).to_have_count(2)
                await expect(visitor.rows.first).to_contain_text("after")
                assert await visitor.page.input_value("#filter-text") == "a"
                await visitor.page.fill("#filter-text", "")
                gap = visitor.page.locator("#requests .gap")
                await expect(gap).to_contain_text("started anew")
                await visitor.rows.nth(1).click()
                await expect(visitor.page.locator("#detail")).to_contain_text("FriendlyName=before")


async def test_a_hidden_tab_gives_up_its_connection_and_misses_nothing(visitor: Visitor) -> None:
    page, mock = visitor.page, visitor.mock
    connection = page.locator("#connection")
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    await page.clock.install()
    await visitor.open()
    await visitor.evaluate(hide, True)
    now = await visitor.evaluate("Date.now() / 1000")
    # There it stands, so that the page cannot take the silence for a lost connection.
    await page.clock.pause_at(datetime.fromtimestamp(now + 21, UTC))
    await expect(connection).to_have_text("resting while nobody looks")
    await page.clock.resume()
    mock.client().applications.list(friendly_name="missed")
    await visitor.evaluate(hide, False)
    await visitor.live()
    await expect(visitor.rows).to_have_count(1)
    await expect(visitor.rows).to_contain_text("missed")
