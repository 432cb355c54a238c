"""The log: one line a request for whoever listens, and no secret in it."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

import pytest

from tests.asking import Ask, basic
from tests.conftest import ask_in_process
from tests.test_journal_secrets import TOKENS, spelled
from twilio_mock import dispatch, error
from twilio_mock.rest import progress

STRANGER = "AC" + "9" * 32


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, without the time that it took."""
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.INFO]
    assert all(text.endswith(" ms") for text in said)
    return [text.rpartition(" ")[0].rpartition(" ")[0] for text in said]


def parts(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What the records carry for those who write JSON."""
    return [vars(each)["exchange"] for each in caplog.records]


def test_each_request_is_one_line(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "twilio_mock")
    ask.create(FriendlyName="Phone Me")
    ask.page("PageSize=1")
    ask("GET", "Queues.json")
    ask("GET", "Applications.json", credentials=basic(STRANGER, "nothing"))
    sid = ask.account.sid
    assert lines(caplog) == [
        f"POST Applications.json -> 201 CreateApplication {sid}",
        f"GET Applications.json?PageSize=1 -> 200 ListApplication {sid}",
        f"GET Queues.json -> 501 (code 501) - {sid}",
        f"GET {ask.root}/Applications.json -> 401 (code 20003) - -",
    ]
    assert {record.name for record in caplog.records} == {"twilio_mock"}


def test_each_line_carries_its_parts(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "twilio_mock")
    with ask.account.fault("ListApplication", error(20500), name="storm"):
        ask("GET", "Applications.json", query="PageSize=5")
    ask.create(VoiceURL="https://me.example/")
    ask("GET", "Applications.json", credentials=None)
    stormy, created, refused = parts(caplog)
    assert stormy.pop("ms") > 0
    assert stormy == {
        "method": "GET",
        "path": f"{ask.root}/Applications.json?PageSize=5",
        "account": ask.account.sid,
        "operation": "ListApplication",
        "status": 500,
        "error_code": 20500,
        "fault": ["storm"],
        "findings": [],
    }
    assert [each["rule"] for each in created["findings"]] == ["unknown_parameter"]
    assert "did you mean 'VoiceUrl'" in created["findings"][0]["message"]
    assert (refused["account"], refused["operation"], refused["status"]) == (None, None, 401)


def test_a_line_tells_of_faults_and_findings(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "twilio_mock")
    with ask.account.fault("CreateApplication", error(20500), name="storm"):
        ask("POST", "Applications.json", [("VoiceURL", "x"), ("Nonsense", "y")])
    ask("POST", "Applications.json", [("VoiceURL", "x"), ("Nonsense", "y")])
    stormy, mistaken = [record.getMessage() for record in caplog.records]
    assert stormy.endswith(" ms fault=storm")
    assert mistaken.endswith(" ms findings=unknown_parameter")


def test_nobody_who_does_not_listen_is_told(
    ask: Ask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING, "twilio_mock")
    # Not even a line is made: a request pays for one question to the logger.
    monkeypatch.setattr(progress, "log", pytest.fail)
    assert ask.create()["sid"] in ask.account.applications
    assert lines(caplog) == []


@pytest.mark.parametrize("token", TOKENS)
def test_no_token_is_in_the_log(token: str, caplog: pytest.LogCaptureFixture) -> None:
    ask = ask_in_process(auth_token=token)
    every = "".join(f"%{byte:02x}" for byte in token.encode())
    caplog.set_level(logging.INFO, "twilio_mock")
    ask.create(FriendlyName=token)
    ask("POST", "Applications.json", [(token, token)])
    for spelling in (quote(token, safe=""), every):
        ask("GET", f"Applications/{spelling}.json", query=f"{spelling}=1&x={spelling}")
        ask("GET", f"/{spelling}", credentials=basic(token, ask.account.sid))
        ask("GET", f"/{spelling}", credentials=basic(STRANGER, token))
    ask("POST", "Keys.json")
    secret = ask.account.requests[-1].json["sid"]
    assert secret in ask.account.keys
    assert len(caplog.records) == 9
    written = caplog.text + str(parts(caplog))
    for spelling in (*spelled(token), every):
        assert spelling not in written


@pytest.mark.parametrize("name", ["AuthToken", "auth-token", "access_token", "apiKey", "TOKEN"])
def test_credentials_in_a_query_are_not_in_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    ask = ask_in_process()
    caplog.set_level(logging.INFO, "twilio_mock")
    url = "https://me:s3cret@me.example/"
    ask("GET", "Applications.json", query=f"{name}=s3cret&PageToken=PAAP1")
    ask("POST", "Applications.json", query=f"VoiceUrl={quote(url, safe='')}")
    ask("GET", f"//me:s3cret@me.example/?VoiceUrl={url}", credentials=None)
    ask("POST", "Applications.json", [("VoiceUrl", "https://me:s3cret@localhost/")])
    assert len(caplog.records) == 4
    assert "findings=public_url_host" in caplog.text
    assert "s3cret" not in caplog.text + str(parts(caplog))
    assert "PageToken=PAAP1" in caplog.text


def test_a_path_cannot_break_the_line(caplog: pytest.LogCaptureFixture) -> None:
    ask = ask_in_process()
    caplog.set_level(logging.INFO, "twilio_mock")
    ask("GET", "/a\nFORGED \udcff\x1b[2J\u202e\u2028é", credentials=None)
    assert lines(caplog) == [r"GET /a\nFORGED \udcff\x1b[2J\u202e\u2028é -> 401 (code 20003) - -"]


def test_a_failure_of_the_mock_is_told_without_secrets(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ask_in_process()
    token = ask.account.auth_token

    def fail(*_: object) -> None:
        raise KeyError(f"the text {token}")

    monkeypatch.setattr(dispatch, "find_route", fail)
    assert ask("GET", f"Applications/{token}.json").status == 500
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    told = record.getMessage()
    assert told.startswith(f"unexpected error in GET {ask.root}/Applications/***.json\n")
    assert "KeyError: 'the text ***'" in told
    [crash] = ask.state.accounts[ask.account.sid].crashes
    assert token not in told + "".join(crash)
