"""A search for what no request can have is refused: nothing would ever be found by it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.asking import Ask
from twilio_mock import TwilioMock, error

IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "no request has the status '4x': it is a number such as 404, or a class": {"status": "4x"},
    "no request has the status 4040: it is a number": {"status": 4040},
    "status is a number or a text, a compiled pattern, or ..., not [400]": {"status": [400]},
    "status is a number or a text, a compiled pattern, or ..., not True": {"status": True},
    "status is a number or a text, a compiled pattern, or ..., not None": {"status": None},
    "no request has the method 'POTS': did you mean POST?": {"method": "POTS"},
    "method is a text, a compiled pattern, or ..., not 5": {"method": 5},
    "no request has the finding 'nope': there are: api_version": {"finding": "nope"},
    "no request has the finding 'unknown_param': did you mean unknown_p": {
        "finding": "unknown_param"
    },
    "no request has the error_code 'x': it is a number such as 20404": {"error_code": "x"},
    "no request has the sid 'AP': it is two capital letters": {"sid": "AP"},
    "fault is a text, a compiled pattern, or ..., not None": {"fault": None},
    "where is a function of a request, not 'x'": {"where": "x"},
    "parameters is a mapping of Twilio's names to values, not 'x'": {"parameters": "x"},
    "the parameter FriendlyName is a text, a whole number, ": {"FriendlyName": 1.5},
    "the parameter VoiceUrl is a text, a whole number, ": {"parameters": {"VoiceUrl": [{}]}},
}


@pytest.mark.parametrize("message", IMPOSSIBLE)
def test_a_value_that_no_request_can_have_is_refused(message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        TwilioMock().requests.assert_none("CreateApplication", **IMPOSSIBLE[message])
    assert str(caught.value).startswith(f"twilio_mock: {message}")


@pytest.mark.parametrize(
    "criteria",
    [
        {"method": "post"},
        {"method": re.compile("^P")},
        {"path": "Applications"},
        {"path": "Applications.json"},
        {"path": "/2010-04-01/Accounts/*/Applications"},
        {"path": re.compile("Applications$")},
        {"status": "2xx"},
        {"status": "2XX"},
        {"status": "201"},
        {"error_code": None},
        {"sid": "AP*"},
        {"finding": "unknown_parameter"},
        {"finding": "unknown_*"},
        {"finding": ...},
        {"fault": "slow"},
        {"caller": "auth_token"},
    ],
)
def test_every_way_to_say_what_was_there_finds_it(ask: Ask, criteria: dict[str, Any]) -> None:
    ask.account.fault("CreateApplication", error(20503), name="slow", times=1)
    assert ask("POST", "Applications.json", {"FriendlyName": "a"}).status == 503
    answer = ask("POST", "Applications.json", {"FriendlyName": "a", "Nothing": "b"})
    assert answer.status == 201
    found = ask.account.requests.filter("CreateApplication", **criteria)
    assert len(found) in (1, 2)
    if "fault" not in criteria:
        assert found[-1].status == 201
        with pytest.raises(AssertionError):
            ask.account.requests.assert_none(**criteria)


def test_a_longer_path_is_not_found_by_a_shorter_one(ask: Ask) -> None:
    sid = ask.create()["sid"]
    ask.fetch(sid)
    [found] = ask.account.requests.filter(path="Applications")
    assert found.operation == "CreateApplication"
    [found] = ask.account.requests.filter(path=f"Applications/{sid}")
    assert found.operation == "FetchApplication"


def test_a_fault_that_is_gone_may_still_be_named(ask: Ask) -> None:
    with ask.account.fault("*", error(20503), name="outage", may_not_fire=True):
        pass
    ask.account.requests.assert_none(fault="outage")
