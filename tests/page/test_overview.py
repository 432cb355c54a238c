"""What the page shows of an account: its flows, single deliveries, commands, the first lines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.real_parts import NODE_PROJECT, clean_environment, require
from twilio_mock import AccountHandle, TwilioMock
from twilio_mock.control.quick_start import quick_start

NUMBER = "+15005550006"


class Asking:
    """Asks the control API of a mock that runs in this loop."""

    def __init__(self, mock: TwilioMock, session: aiohttp.ClientSession) -> None:
        self.mock, self.session = mock, session

    async def __call__(self, path: str, status: int = 200) -> Any:
        account = f"{self.mock.url}/_twilio_mock/accounts/{self.mock.sid}"
        answer = await self.session.get(account + path)
        assert answer.status == status, await answer.text()
        return await answer.json()


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with TwilioMock(redirect=False) as mock, aiohttp.ClientSession() as session:
        yield Asking(mock, session)


async def test_a_flow_says_what_became_of_each_url(asking: Asking) -> None:
    mock = asking.mock
    closed = "http://127.0.0.1:9"
    application = mock.applications.create(
        friendly_name="Phone Me", voice_url=f"{closed}/voice", status_callback=f"{closed}/status"
    )
    mock.incoming_phone_numbers.create(
        phone_number=NUMBER, voice_application_sid=application.sid, sms_url=f"{closed}/sms"
    )
    await application.incoming_call()
    call = await mock.incoming_call(to=NUMBER, from_="+15005550001")
    await mock.incoming_message(to=NUMBER, from_="+15005550001")
    found = await asking("/flows")
    [shown], [number] = found["applications"], found["numbers"]
    assert (shown["numbers"], number["voice_application_sid"]) == ([NUMBER], application.sid)
    voice, fallback, status = shown["voice"]
    assert voice["last"]["error_code"] == 11202
    assert voice["last"]["delivery_sid"] == call.sid
    assert (fallback["url"], fallback["last"]) == (None, None)
    assert (status["url"], status["last"]) == (f"{closed}/status", None)
    assert [each["method"] for each in shown["message"]] == ["POST", "POST", "POST"]
    assert number["message"][0]["last"]["error_code"] == 11202
    await call.hang_up()
    [shown] = (await asking("/flows"))["applications"]
    assert shown["voice"][2]["last"]["error_code"] == 11202


async def test_flows_are_found_by_a_text_the_newest_first(asking: Asking) -> None:
    for number in range(120):
        asking.mock.applications.create(friendly_name=f"App {number}")
    everything = await asking("/flows")
    assert everything["found"] == {"applications": 120, "numbers": 0}
    assert [each["friendly_name"] for each in everything["applications"]][:2] == [
        "App 119",
        "App 118",
    ]
    assert len(everything["applications"]) == 100
    found = await asking("/flows?text=aPP%207")
    assert found["found"]["applications"] == 11


async def test_no_flow_shows_a_password(asking: Asking) -> None:
    asking.mock.applications.create(voice_url="http://user:passw0rd@127.0.0.1:9/voice")
    await asking.mock.applications.one().incoming_call()
    assert "passw0rd" not in str(await asking("/flows"))


async def test_a_delivery_can_be_read_alone_and_the_newest_only(asking: Asking) -> None:
    application = asking.mock.applications.create(voice_url="http://127.0.0.1:9/voice")
    first, second = [await application.incoming_call() for _ in range(2)]
    assert (await asking(f"/webhooks/deliveries/{first.sid}"))["sid"] == first.sid
    listed = await asking("/webhooks/deliveries?last=1")
    assert [each["sid"] for each in listed["deliveries"]] == [second.sid]
    await asking("/webhooks/deliveries/CA1", status=404)
    await asking("/webhooks/deliveries?last=0", status=400)


async def test_one_request_is_written_as_a_command_for_this_port(asking: Asking) -> None:
    client = asking.mock.client()
    client.applications.create(friendly_name="a")
    client.applications.create(friendly_name="b")
    wanted = asking.mock.requests[1].request_id
    text = (await asking(f"/requests/curl?request_id={wanted}&url={asking.mock.url}"))["text"]
    assert text.startswith(f"curl -sS -g --path-as-is -X POST {asking.mock.url}/2010-04-01/")
    assert text.count("\n") == 1
    assert asking.mock.auth_token not in text
    async with asking.session.get(f"{asking.mock.url}/2010-04-01/Accounts.json"):
        unknown = await asking.session.get(f"{asking.mock.url}/_twilio_mock/unknown_requests/curl")
        assert "Accounts.json" in (await unknown.json())["text"]


def command(language: str, text: str) -> list[str]:
    """How the lines of a language are run."""
    if language == "Python":
        return [sys.executable, "-W", "error", "-c", text]
    if language == "Node":
        require("node")
        return ["node", "--input-type=module", "-e", text]
    require("curl")
    return ["sh", "-ec", text]


@pytest.mark.parametrize("account", ["default", "other"])
@pytest.mark.parametrize("language", ["curl", "Python", "Node"])
def test_the_first_lines_run(language: str, account: str, tmp_path: Path) -> None:
    with TwilioMock(redirect=False) as mock:
        asked: AccountHandle = mock.account if account == "default" else mock.accounts.create()
        lines = {each.language: each for each in quick_start(mock.url, asked.sid, asked.auth_token)}
        text = lines[language].text
        assert (asked.auth_token in text) == (account == "default")
        subprocess.run(
            command(language, text),
            env=clean_environment(TWILIO_AUTH_TOKEN=asked.auth_token),
            cwd=NODE_PROJECT if language == "Node" else tmp_path,
            check=True,
            capture_output=True,
            timeout=30,
        )
        assert asked.applications.one().friendly_name == "Phone Me"


def test_the_lines_of_the_proxy_run_code_that_was_not_changed(tmp_path: Path) -> None:
    [lines] = [each.text for each in quick_start("", "", "") if each.language == "Any language"]
    [line] = [each for each in lines.splitlines() if " python " in each]
    program = (
        'from twilio.rest import Client\nClient().applications.create(friendly_name="Phone Me")'
    )
    (tmp_path / "provision.py").write_text(program)
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    ended = subprocess.run(
        ["sh", "-ec", line],
        env=clean_environment(PATH=path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 0, ended.stderr
    assert "CreateApplication" in ended.stderr


async def test_the_lines_name_the_host_that_was_asked_and_no_secret(asking: Asking) -> None:
    port = asking.mock.url.rpartition(":")[2]
    other = asking.mock.accounts.create()
    url = f"http://localhost:{port}/_twilio_mock/accounts/{other.sid}/quick_start"
    shown = await (await asking.session.get(url)).json()
    assert shown["url"] == f"http://localhost:{port}"
    behind = await (await asking.session.get(url, params={"url": "https://mock.test"})).json()
    assert 'baseUrl = "https://mock.test"' in behind["lines"][2]["text"]
    assert other.auth_token not in str(shown)
    assert [each["language"] for each in shown["lines"]] == [
        "curl",
        "Python",
        "Node",
        "Any language",
    ]
