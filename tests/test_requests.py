"""The requests of an account: read, found by criteria and counted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.asking import Ask, basic
from tests.conftest import AskWith, ask_in_process
from twilio_mock import Settings

NO_SUCH = "AP" + "0" * 32


@pytest.fixture
def asked() -> Ask:
    """An account that was asked five things: create, create, list, fetch in vain, delete."""
    ask = ask_in_process()
    first = ask.create(FriendlyName="Phone Me", VoiceUrl="https://me.example/voice")
    ask.create(FriendlyName="Phone You", VoiceMethod="GET", Colour="red")
    ask.page("PageSize=20")
    ask("GET", f"Applications/{NO_SUCH}.json")
    ask("DELETE", f"Applications/{first['sid']}.json")
    return ask


def test_requests_read_like_a_sequence_with_the_oldest_first(asked: Ask) -> None:
    requests = asked.account.requests
    assert len(requests) == 5
    assert [each.operation for each in requests] == [
        "CreateApplication",
        "CreateApplication",
        "ListApplication",
        "FetchApplication",
        "DeleteApplication",
    ]
    assert (requests[0].status, requests[-1].status) == (201, 204)
    assert [each.status for each in requests[1:3]] == [201, 200]
    with pytest.raises(IndexError, match=r"there are 5 requests, no \[7\]"):
        requests[7]
    assert repr(requests) == "<5 requests>"


def test_a_request_tells_what_was_said_and_done(asked: Ask) -> None:
    created, deleted = asked.account.requests[0], asked.account.requests[-1]
    assert created.parameter("FriendlyName") == "Phone Me"
    assert created.parameter("SmsUrl") is None
    assert created.json["voice_url"] == "https://me.example/voice"
    assert created.json["sid"] in created.text
    assert created.created == deleted.deleted == (created.json["sid"],)
    assert created.caller == "auth_token"
    assert repr(created) == f"<POST {asked.root}/Applications.json -> 201 CreateApplication>"


@pytest.mark.parametrize(
    ("operation", "criteria", "places"),
    [
        (None, {}, [0, 1, 2, 3, 4]),
        ("CreateApplication", {}, [0, 1]),
        ("*Application", {}, [0, 1, 2, 3, 4]),
        ("*e*teApplication", {}, [0, 1, 4]),
        (None, {"FriendlyName": "Phone Me"}, [0]),
        (None, {"FriendlyName": "Phone"}, []),
        (None, {"FriendlyName": re.compile("Phone")}, [0, 1]),
        (None, {"FriendlyName": ...}, [0, 1]),
        (None, {"FriendlyName": None}, [2, 3, 4]),
        ("CreateApplication", {"VoiceUrl": None}, [1]),
        (None, {"PageSize": 20}, [2]),
        (None, {"FriendlyName": ["Phone Me"]}, [0]),
        (None, {"FriendlyName": ["Phone Me", "Phone Me"]}, []),
        (None, {"parameters": {"VoiceMethod": "GET"}}, [1]),
        (None, {"method": "DELETE"}, [4]),
        (None, {"status": 201}, [0, 1]),
        (None, {"status": "4xx"}, [3]),
        (None, {"error_code": 20404}, [3]),
        (None, {"error_code": None}, [0, 1, 2, 4]),
        (None, {"path": "Applications.json"}, [0, 1, 2]),
        (None, {"path": "Applications/*"}, [3, 4]),
        (None, {"path": "/2010-04-01/Accounts/*/Applications.json", "method": "GET"}, [2]),
        (None, {"sid": NO_SUCH}, [3]),
        (None, {"sid": "AP*", "status": 404}, [3]),
        (None, {"caller": "auth_token"}, [0, 1, 2, 3, 4]),
        (None, {"fault": "*"}, []),
        (None, {"finding": "unknown_parameter"}, [1]),
        (None, {"where": lambda each: each.parameters == ()}, [3, 4]),
    ],
)
def test_requests_are_found_by(
    asked: Ask, operation: str | None, criteria: dict[str, Any], places: list[int]
) -> None:
    requests = asked.account.requests
    assert requests.filter(operation, **criteria) == [requests[place] for place in places]
    assert requests.count(operation, **criteria) == len(places)


def test_a_request_is_found_by_the_sid_of_what_it_made_changed_and_deleted() -> None:
    ask = ask_in_process()
    sid = ask.create()["sid"]
    number = ask.account.incoming_phone_numbers.create(
        phone_number="+14155550100", voice_application_sid=sid
    )
    ask.update(sid, FriendlyName="x")
    ask("DELETE", f"Applications/{sid}.json")
    made, changed, deleted = ask.account.requests.filter(sid=sid)
    assert (made.created, made.updated, made.deleted) == ((sid,), (), ())
    assert (changed.created, changed.updated, changed.deleted) == ((), (sid,), ())
    assert (deleted.created, deleted.updated, deleted.deleted) == ((), (number.sid,), (sid,))
    assert ask.account.requests.filter(sid=number.sid) == [deleted]


def test_a_truth_value_and_a_repeated_parameter_are_found_as_twilio_takes_them() -> None:
    ask = ask_in_process()
    ask("POST", "Applications.json", [("FriendlyName", "a"), ("FriendlyName", "b")])
    ask.create(VoiceCallerIdLookup="true")
    requests = ask.account.requests
    assert requests.count(FriendlyName="a") == 0
    assert requests.filter(FriendlyName="b") == requests.filter(FriendlyName=["a", "b"])
    assert requests.filter(VoiceCallerIdLookup=True) == [requests[1]]


def test_assertions_return_what_they_found(asked: Ask) -> None:
    requests = asked.account.requests
    assert requests.assert_one("CreateApplication", FriendlyName="Phone Me") == requests[0]
    assert requests.assert_called("CreateApplication") == requests[:2]
    assert requests.assert_called("CreateApplication", times=2) == requests[:2]
    assert requests.assert_called("UpdateApplication", times=0) == []
    requests.assert_none("UpdateApplication")


def test_assertions_fail_for_more_and_for_fewer_than_wanted(asked: Ask) -> None:
    requests = asked.account.requests
    for fails in (
        lambda: requests.assert_one("CreateApplication"),
        lambda: requests.assert_one("UpdateApplication"),
        lambda: requests.assert_none("ListApplication"),
        lambda: requests.assert_called("UpdateApplication"),
        lambda: requests.assert_called("CreateApplication", times=1),
        lambda: requests.assert_called("CreateApplication", times=3),
    ):
        with pytest.raises(AssertionError, match=r"^twilio_mock: wanted "):
            fails()


@pytest.mark.parametrize(
    ("operation", "criteria", "message"),
    [
        ("CreateAplication", {}, "no operation is named 'CreateAplication'; did you mean Create"),
        ("Queue*", {}, r"no operation is named 'Queue\*'; there are: CreateAccount, "),
        ("DeleteAccount", {}, "no operation is named 'DeleteAccount'; did you mean"),
        (None, {"friendly_name": "x"}, "by 'friendly_name'; parameters are .*: FriendlyName"),
        (None, {"stauts": 404}, "found by 'stauts'; did you mean status"),
        (None, {"operation": "x"}, "found by 'operation'"),
    ],
)
def test_a_search_for_what_cannot_be_is_refused_instead_of_finding_nothing(
    asked: Ask, operation: str | None, criteria: dict[str, Any], message: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=f"^twilio_mock: .*{message}"):
        asked.account.requests.assert_none(operation, **criteria)


def test_requests_without_an_account_are_the_mock_s_own(ask: Ask) -> None:
    known = len(ask.mock.unknown_requests)
    ask("POST", "Applications.json", {"FriendlyName": "x"}, credentials=basic("AC" + "9" * 32, "y"))
    ask("GET", "Applications.json", credentials=None)
    wrong, none = ask.mock.unknown_requests[known:]
    assert (wrong.caller, none.caller) == ("AC" + "9" * 32, None)
    assert wrong.parameter("FriendlyName") == "x"
    assert ask.mock.unknown_requests.filter(request_id=wrong.request_id, status=401) == [wrong]
    assert len(ask.account.requests) == 0


def test_the_mock_shows_the_requests_of_its_default_account() -> None:
    ask = ask_in_process()
    ask.create()
    assert list(ask.mock.requests) == list(ask.account.requests) != []


def test_what_was_asked_can_be_forgotten(ask_with: AskWith) -> None:
    ask = ask_with(Settings(journal_limit=1))
    ask.create()
    ask.create()
    requests = ask.account.requests
    assert (len(requests), requests.dropped, repr(requests)) == (1, 1, "<1 requests, 1 dropped>")
    requests.clear()
    assert (len(requests), requests.dropped) == (0, 0)


def test_requests_that_were_read_stay_as_they_are(asked: Ask) -> None:
    before = list(asked.account.requests)
    asked.create()
    asked.account.requests.clear()
    assert len(before) == 5
    with pytest.raises(AttributeError):
        before[0].status = 500  # type: ignore[misc]


def test_an_account_says_what_opens_it(ask: Ask) -> None:
    assert ask.account.authorization == ask.credentials
    assert ask("GET", "Applications.json", credentials=ask.account.authorization).status == 200
