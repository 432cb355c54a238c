"""The page in a real browser: what a developer at their desk does with it."""

from __future__ import annotations

import asyncio
import re
import subprocess
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.page.browsing import Visitor, visiting
from tests.real_parts import clean_environment, require
from twilio_mock import Settings, TwilioMock, error
from twilio_mock.control.http.effects import EFFECTS
from twilio_mock.control.quick_start import quick_start

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER = "+15005550006"
EVIL = '<img src=x onerror="document.title=1"><b>bold</b>'


async def run(words: list[str], **variables: str) -> str:
    """Run a command while the mock answers it; what it printed."""
    environment = clean_environment(**variables)
    ended = await asyncio.to_thread(
        subprocess.run, words, env=environment, check=True, capture_output=True, timeout=30
    )
    return str(ended.stdout.decode())


async def create(mock: TwilioMock, name: str = "Phone Me") -> int:
    """Let curl create an Application; the status of the answer."""
    require("curl")
    path = f"{mock.url}/2010-04-01/Accounts/{mock.sid}/Applications.json"
    curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"]
    form = ["-u", f"{mock.sid}:{mock.auth_token}", "--data-urlencode", f"FriendlyName={name}"]
    return int(await run([*curl, *form, path]))


async def test_a_request_shows_up_within_a_second(visitor: Visitor) -> None:
    await visitor.open()
    await expect(visitor.page.locator("#no-requests")).to_contain_text("Nothing was asked yet")
    await visitor.evaluate(
        """() => new MutationObserver(() => {
            window.seen = performance.timeOrigin + performance.now();
        }).observe(document.getElementById("requests"), {childList: true})"""
    )
    delays = []
    for number in range(3):  # a busy machine may be late once
        await create(visitor.mock, f"App {number}")
        await expect(visitor.rows).to_have_count(number + 1)
        asked = visitor.mock.requests[-1].started * 1000
        delays.append(await visitor.evaluate("window.seen") - asked)
    assert min(delays) < 1000
    row = visitor.rows.first
    for text in ("201", "POST", "CreateApplication", "FriendlyName=App 2"):
        await expect(row).to_contain_text(text)


async def test_the_detail_shows_all_of_a_request(visitor: Visitor) -> None:
    mock = visitor.mock
    application = mock.applications.create(voice_url="http://127.0.0.1:9/voice")
    mock.client().applications(application.sid).update(
        voice_method="GET", voice_url="http://127.0.0.1:9/"
    )
    asked = mock.requests[-1]
    await application.incoming_call(cause=asked)
    await visitor.open()
    await visitor.rows.first.click()
    detail = visitor.page.locator("#detail")
    for text in ("UpdateApplication", application.sid, "VoiceMethod", asked.request_id):
        await expect(detail).to_contain_text(text)
    for finding in asked.findings:
        await expect(detail).to_contain_text(finding.message)
    assert asked.findings
    await expect(detail).to_contain_text('"voice_method": "GET"')
    await expect(detail).to_contain_text("incoming_call")


async def test_the_filter_shows_what_is_looked_for(visitor: Visitor) -> None:
    mock, page, rows = visitor.mock, visitor.page, visitor.rows
    client, other = mock.client(), mock.accounts.create(friendly_name="Shop")
    client.applications.create(friendly_name="Needle")
    client.applications.list()
    other.client().applications.create(friendly_name="Till", voice_url="http://127.0.0.1:9/")
    with mock.fault("*", error(20503), times=1), pytest.raises(Exception, match="503"):
        client.applications.list()
    await visitor.open()
    await expect(rows).to_have_count(4)

    async def shown(selector: str, value: Any) -> list[str]:
        field = page.locator(selector)
        if isinstance(value, bool):
            await field.check()
        elif selector == "#filter-text":
            await field.fill(value)
        else:
            await field.select_option(value)
        statuses = await rows.locator(".status").all_text_contents()
        if isinstance(value, bool):
            await field.uncheck()
        elif selector == "#filter-text":
            await field.fill("")
        else:
            await field.select_option("")
        return statuses

    assert await shown("#filter-text", "needle") == ["201"]
    assert await shown("#filter-method", "GET") == ["503", "200"]
    assert await shown("#filter-status", "5") == ["503"]
    assert await shown("#filter-marked", True) == ["503", "201"]
    assert await shown("#account", other.sid) == ["201"]
    assert "4 requests" in await visitor.text("#counts")


async def test_a_fault_that_is_added_on_the_page_hits_the_next_request(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open("faults")
    await page.fill("#fault [name=on]", "CreateApplication")
    await page.select_option("#fault [name=effect]", "error")
    await page.fill("#fault [name=error-code]", "20429")
    await page.click("#fault button.primary")
    await expect(page.locator("#faults li")).to_contain_text("met 0, hit 0, 1 left")
    await page.focus("#faults button")
    assert [await create(visitor.mock), await create(visitor.mock)] == [429, 201]
    await expect(page.locator("#faults li")).to_contain_text("met 2, hit 1, 0 left")
    assert await visitor.evaluate("document.activeElement.textContent") == "Remove"
    await expect(page.locator("#faults-title")).to_contain_text("AC0123")
    await page.fill("#fault [name=on]", "no/thing")
    await page.click("#fault button.primary")
    await expect(page.locator("#fault .problem")).to_contain_text("says no requests")
    await page.click("#faults button")
    await expect(page.locator("#faults")).to_contain_text("None.")
    assert len(visitor.mock.faults) == 0


async def test_every_effect_can_be_added_with_what_the_form_proposes(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open("faults")
    offered = await page.locator("#fault [name=effect] option").evaluate_all(
        "options => options.map((option) => option.value)"
    )
    assert sorted(offered) == sorted(EFFECTS)
    for number, name in enumerate(offered, 1):
        await page.select_option("#fault [name=effect]", name)
        await page.click("#fault button.primary")
        await expect(page.locator("#faults li")).to_have_count(number)
    assert [fault.effects[0].name for fault in visitor.mock.faults] == offered


async def test_a_simulated_call_shows_its_flow(visitor: Visitor, site: str) -> None:
    mock, page = visitor.mock, visitor.page
    application = mock.applications.create(
        friendly_name="Phone Me",
        voice_url=f"{site}/broken",
        voice_fallback_url=f"{site}/closed",
        status_callback=f"{site}/taken",
    )
    mock.incoming_phone_numbers.create(phone_number=NUMBER, voice_application_sid=application.sid)
    await visitor.open("accounts")
    arrows = page.locator(".flow .arrow .status")
    await expect(arrows).to_have_text(["not asked yet"] * 3)
    await page.click("text=try it")
    await page.select_option("#try [name=target]", NUMBER)
    await page.click("text=Let it ring")
    attempts = page.locator("#delivery .attempt")
    await expect(attempts).to_have_count(2)
    for text in ("VoiceUrl", "error 11217", "it answered 500", "boom"):
        await expect(attempts.nth(0)).to_contain_text(text)
    for text in ("VoiceFallbackUrl", "fallback", "went well", "<Say>We are closed.</Say>"):
        await expect(attempts.nth(1)).to_contain_text(text)
    await attempts.nth(1).locator("summary", has_text="Request").click()
    signed = mock.webhooks[-1].attempts[1].request
    for text in (str(signed.header("X-Twilio-Signature")), "ErrorCode", "11217"):
        await expect(attempts.nth(1)).to_contain_text(text)
    await page.click("text=Hang up after 12 s")
    await expect(attempts).to_have_count(3)
    await expect(attempts.nth(2)).to_contain_text("StatusCallback")
    await page.click("nav >> text=Accounts")
    await expect(arrows).to_have_text(
        [re.compile("error 11217"), re.compile("200"), re.compile("204")]
    )


async def test_sdk_calls_and_messages_happen_too(visitor: Visitor, site: str) -> None:
    mock, page = visitor.mock, visitor.page
    mock.applications.create(
        friendly_name="Phone Me", voice_url=f"{site}/closed", sms_url=f"{site}/closed"
    )
    await visitor.open("try")
    for kind in ("sdk_call", "incoming_message"):
        await page.select_option("#try [name=kind]", kind)
        await page.click("#try button.primary")
        await expect(page.locator("#delivery .attempt")).to_contain_text("We are closed.")
        await expect(page.locator("#delivery h3")).to_contain_text(mock.webhooks[-1].sid)
    assert [each.kind for each in mock.webhooks] == ["sdk_call", "incoming_message"]
    assert mock.webhooks[0].attempts[0].request.parameter("From") == "client:alice"


async def test_a_held_delivery_is_seen_while_it_is_under_way(visitor: Visitor, site: str) -> None:
    mock, page = visitor.mock, visitor.page
    mock.applications.create(voice_url=f"{site}/closed")
    mock.webhooks.hold("voice_url")
    await visitor.open("try")
    await page.click("#try button.primary")
    await expect(page.locator("#delivery")).to_contain_text("held")
    await page.click("text=Let it go on")
    await expect(page.locator("#delivery .attempt")).to_contain_text("went well")


async def test_html_in_a_name_stays_text_everywhere(visitor: Visitor) -> None:
    mock, page = visitor.mock, visitor.page
    mock.client().applications.create(friendly_name=EVIL, voice_url="http://127.0.0.1:9/")
    mock.accounts.create(friendly_name=EVIL)
    await visitor.open()
    await visitor.rows.first.click()
    await expect(page.locator("#detail")).to_contain_text(EVIL)
    for view in ("accounts", "try", "faults", "start"):
        await visitor.open(view)
    await expect(page.locator("#flows")).to_contain_text(EVIL)
    assert await visitor.evaluate("document.querySelectorAll('main img, main b').length") == 0
    assert await page.title() == "twilio_mock"


async def test_the_policy_holds_in_the_browser(visitor: Visitor) -> None:
    await visitor.open()
    tried = await visitor.evaluate(
        """async () => {
            const outcomes = [];
            try { document.body.innerHTML = "<b>x</b>"; outcomes.push("made"); }
            catch { outcomes.push("refused"); }
            try { await fetch("http://127.0.0.1:9/"); } catch { outcomes.push("not fetched"); }
            try { document.createElement("script").text = "1"; outcomes.push("run"); }
            catch { outcomes.push("not run"); }
            return outcomes;
        }"""
    )
    assert tried == ["refused", "not fetched", "not run"]
    assert any("Content Security Policy" in text for text in visitor.complaints)
    visitor.complaints.clear()  # this test alone asks for them


async def test_the_command_that_is_copied_asks_the_same_again(visitor: Visitor) -> None:
    require("curl")
    mock, page = visitor.mock, visitor.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mock.client().applications.create(friendly_name="it's $HOME")
    await visitor.open()
    await visitor.rows.first.click()
    await page.click("#detail [aria-label='Copy the curl command']")
    await expect(page.locator("#notice")).to_have_text("Copied.")
    command = await visitor.evaluate("navigator.clipboard.readText()")
    assert mock.auth_token not in command
    sid, token = mock.sid, mock.auth_token
    await run(["sh", "-c", command], TWILIO_ACCOUNT_SID=sid, TWILIO_AUTH_TOKEN=token)
    assert [each.friendly_name for each in mock.applications] == ["it's $HOME"] * 2


async def test_the_page_shows_lines_that_run(visitor: Visitor) -> None:
    require("curl")
    mock = visitor.mock
    await visitor.open("start")
    blocks = visitor.page.locator("#lines pre")
    # That these run in all languages, tests/page/test_overview.py shows.
    wanted = [each.text for each in quick_start(mock.url, mock.sid, mock.auth_token)]
    await expect(blocks).to_have_count(len(wanted))
    assert await blocks.all_text_contents() == wanted
    curl = await blocks.first.inner_text()
    await run(["sh", "-ec", curl])
    assert mock.applications.one().friendly_name == "Phone Me"
    await visitor.page.click("nav >> text=Requests")
    await expect(visitor.rows.first).to_contain_text("CreateApplication")


async def test_a_token_is_asked_for_and_kept_in_the_tab(browser: Browser) -> None:
    settings = Settings(control_token="geheim-é")
    async with (
        TwilioMock(redirect=False, settings=settings) as mock,
        visiting(browser, mock) as visitor,
    ):
        page = visitor.page
        await page.goto(f"{mock.url}/_twilio_mock/")
        await page.fill("#token", "wrong")
        await page.press("#token", "Enter")
        await expect(page.locator("#token-problem")).to_have_text("That is not the token.")
        await expect(page.locator("#main")).to_be_hidden()
        await page.fill("#token", "geheim-é")
        await page.click("#locked button")
        await visitor.live()
        await create(mock)
        await expect(visitor.rows).to_have_count(1)
        assert "geheim" not in page.url + await page.content()
        await page.reload()
        await visitor.live()
        await expect(visitor.rows).to_have_count(1)
        assert visitor.complaints == []
