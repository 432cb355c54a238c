"""Faults and the journal over the control API."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.control.caller import Control
from twilio_mock.control.http.effects import EFFECTS


def create(control: Control, **fields: str) -> int:
    """The status of a CreateApplication over the socket."""
    mock = control.mock
    connection = http.client.HTTPConnection(urlsplit(mock.url).netloc, timeout=10)
    headers = {
        "Authorization": mock.authorization,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = f"/2010-04-01/Accounts/{mock.sid}/Applications.json"
    connection.request("POST", path, urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_a_fault_is_set_listed_hit_and_removed(control: Control) -> None:
    place = f"{control.account}/faults"
    fault = {"on": "Create*", "effects": [{"effect": "error", "code": 20503}], "times": 1}
    created = control("POST", place, {**fault, "name": "down"})
    assert created.status == 201
    expected = {"name": "down", "on": "Create*", "effects": ["error"], "matched": 0, "fired": 0}
    assert created.value == {**expected, "left": 1}
    assert [create(control), create(control)] == [503, 201]
    [listed] = control("GET", place).value["faults"]
    assert (listed["matched"], listed["fired"], listed["left"]) == (2, 1, 0)
    assert control("POST", place, {**fault, "name": "down"}).status == 409
    assert control("DELETE", f"{place}/down").status == 204
    assert control("DELETE", f"{place}/down").status == 404
    assert control("GET", place).value == {"faults": []}


def test_all_faults_are_removed_at_once(control: Control) -> None:
    place = f"{control.account}/faults"
    for _ in range(2):
        control("POST", place, {"on": "*", "effects": [{"effect": "hang_up"}]})
    assert control("DELETE", place).status == 204
    assert create(control) == 201


def test_a_stub_is_a_fault_too(control: Control) -> None:
    effect = {"effect": "respond", "status": 418, "body": {"sid": "SM1"}, "headers": {"X-A": "b"}}
    place = f"{control.account}/faults"
    control("POST", place, {"on": "POST Applications", "effects": [effect]})
    assert create(control) == 418
    control("DELETE", place)


def example(name: str) -> dict[str, Any]:
    """An effect with what it must be told."""
    told: dict[str, Any] = {"code": 20500, "seconds": 0, "bytes_per_second": 9, "n": 2}
    more = {"reads": 1} if name == "stale_read" else {}
    return {"effect": name, **{key: told[key] for key in EFFECTS[name].required}, **more}


@pytest.mark.parametrize("name", EFFECTS)
def test_every_effect_can_be_said_in_json(control: Control, name: str) -> None:
    place = f"{control.account}/faults"
    fault = {"on": "DeleteKey", "effects": [example(name)]}
    assert control("POST", place, json.loads(json.dumps(fault))).value["effects"] == [name]
    control("DELETE", place)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({}, "the body: 'on' is missing"),
        ({"on": "*", "effects": []}, "say what goes wrong"),
        ({"on": "*", "effects": [{"effect": "explode"}]}, "the body.effects[0].effect: 'explode'"),
        ({"on": "*", "effects": [{"effect": "error"}]}, "the body.effects[0]: 'code' is missing"),
        ({"on": "*", "effects": [{"effect": "error", "code": "x"}]}, "integer is expected"),
        ({"on": "*", "effects": [{"effect": "error", "code": 1}]}, "1 is not in Twilio's error"),
        ({"on": "*", "effects": [{"effect": "hang", "x": 1}]}, "'x' is not known"),
        ({"on": "*", "effects": [{"effect": "delay", "seconds": [1]}]}, "is two numbers"),
        ({"on": "*", "effects": [{"effect": "respond", "headers": {"A": 1}}]}, "string is"),
        ({"on": "a/b", "effects": [{"effect": "hang"}]}, "says no requests"),
        ({"on": "CreatApplication", "effects": [{"effect": "hang"}]}, "mean CreateApplication?"),
        ({"on": "*", "effects": [{"effect": "hang"}], "probability": 2}, "out of bounds"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(
    control: Control, fault: dict[str, Any], told: str
) -> None:
    answer = control("POST", f"{control.account}/faults", fault)
    assert answer.status == 400
    assert told in answer.value["detail"]
    assert len(control.mock.faults) == 0


def test_requests_are_read_by_criteria(control: Control) -> None:
    create(control, FriendlyName="a")
    create(control, VoiceUrl="nonsense")
    place = f"{control.account}/requests"
    every = control("GET", place).value["requests"]
    assert [each["status"] for each in every] == [201, 400]
    for query in ("status=4xx", "status=400", "error_code=21402", "operation=Create*&status=400"):
        [found] = control("GET", f"{place}?{query}").value["requests"]
        assert found["number"] == every[1]["number"]
    later = control("GET", f"{place}?after=1").value
    assert (later["requests"], later["last"]) == (every[1:], 2)
    assert control("GET", f"{place}?operation=CreateAplication").status == 400
    assert control("GET", f"{place}/curl").value["text"].count("curl -sS") == 2
    assert control("DELETE", place).status == 204
    assert control("GET", place).value == {"requests": [], "dropped": 0, "last": 0}


def test_an_assertion_that_fails_tells_the_near_miss(control: Control) -> None:
    create(control, FriendlyName="Phone You")
    place = f"{control.account}/requests/assert"
    wanted = {"operation": "CreateApplication", "parameters": {"FriendlyName": "Phone You"}}
    assert control("POST", place, {**wanted, "times": 1}).value == {"count": 1}
    wanted["parameters"] = {"FriendlyName": "Phone Me"}
    failed = control("POST", place, wanted)
    assert failed.status == 417
    assert "Phone You" in failed.value["detail"]
    assert control("POST", place, {**wanted, "times": 0}).status == 200


def test_requests_of_no_account_are_read_too(control: Control) -> None:
    connection = http.client.HTTPConnection(urlsplit(control.mock.url).netloc, timeout=10)
    connection.request("GET", "/2010-04-01/Accounts.json")
    assert connection.getresponse().status == 401
    connection.close()
    [found] = control("GET", "/unknown_requests?status=401").value["requests"]
    assert found["account_sid"] is None


@pytest.mark.parametrize(("levels", "status"), [(90, 201), (960, 400), (9_000, 400)])
def test_the_body_of_a_stub_may_be_nested_but_not_without_end(
    control: Control, levels: int, status: int
) -> None:
    body = '{"on": "*", "effects": [{"effect": "respond", "status": 200, "body": %s}]}'
    nested = (body % ("[" * levels + "]" * levels)).encode()
    assert control("POST", f"{control.account}/faults", nested).status == status


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("status=4x", "no request has the status '4x': it is a number"),
        ("finding=nope", "no request has the finding 'nope': there are: "),
        ("method=POTS", "no request has the method 'POTS': did you mean POST?"),
    ],
)
def test_a_value_that_no_request_can_have_is_refused(
    control: Control, query: str, says: str
) -> None:
    answer = control("GET", f"{control.account}/requests?{query}")
    assert answer.status == 400
    assert says in answer.value["detail"]
    name, _, value = query.partition("=")
    answer = control("POST", f"{control.account}/requests/assert", {name: value, "times": 0})
    assert answer.status == 400
