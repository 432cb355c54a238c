"""The log: one line a request for whoever listens, and no secret in it."""

from __future__ import annotations

import logging

import pytest

from tests.asking import Ask, basic
from tests.conftest import ask_in_process
from twilio_mock import error


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, without the time that it took."""
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.INFO]
    assert all(text.endswith(" ms") for text in said)
    return [text.rpartition(" RQ")[0] for text in said]


def test_each_request_is_one_line(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "twilio_mock")
    ask.create(FriendlyName="Phone Me")
    ask.page("PageSize=1")
    ask("GET", "Queues.json")
    ask("GET", "Applications.json", credentials=basic("AC" + "9" * 32, "nothing"))
    assert lines(caplog) == [
        f"POST {ask.root}/Applications.json -> 201 CreateApplication",
        f"GET {ask.root}/Applications.json?PageSize=1 -> 200 ListApplication",
        f"GET {ask.root}/Queues.json -> 501 -",
        f"GET {ask.root}/Applications.json -> 401 -",
    ]
    assert {record.name for record in caplog.records} == {"twilio_mock"}


def test_nobody_who_does_not_listen_is_told(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "twilio_mock")
    ask.create()
    assert lines(caplog) == []


def test_no_token_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    ask = ask_in_process()
    token = ask.account.auth_token
    caplog.set_level(logging.INFO, "twilio_mock")
    ask.create(FriendlyName=token)
    ask("GET", f"Applications/{token}.json", query=f"AuthToken={token}&x={token}")
    ask("GET", f"/{token}", credentials=basic(token, ask.account.sid))
    assert len(caplog.records) == 3
    assert token not in caplog.text


def test_a_path_cannot_break_the_line(caplog: pytest.LogCaptureFixture) -> None:
    ask = ask_in_process()
    caplog.set_level(logging.INFO, "twilio_mock")
    ask("GET", "/a\nFORGED \udcff", credentials=None)
    assert lines(caplog) == [r"GET /a\nFORGED \udcff -> 401 -"]


def test_the_log_tells_of_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    ask = ask_in_process()
    caplog.set_level(logging.INFO, "twilio_mock")
    with ask.account.fault("ListApplication", error(20500), name="storm"):
        ask("GET", "Applications.json")
    assert caplog.records[0].getMessage().endswith(" ms fault=storm")
