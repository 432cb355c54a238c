"""Calls and messages over the control API, as a test in another language has them happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.control.caller import Control
from tests.webhooks.conftest import NUMBER
from tests.webhooks.endpoints import Answer, Endpoint, say
from twilio_mock import TwilioMock
from twilio_mock.dispatch import handle
from twilio_mock.webhooks import conversation
from twilio_mock.wire import Request


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture
def control(mock: TwilioMock) -> Iterator[Control]:
    caller = Control(mock)
    yield caller
    caller.connection.close()


def test_a_call_arrives_falls_back_and_is_hung_up(control: Control, endpoint: Endpoint) -> None:
    app = control.mock.applications.create(
        voice_url=endpoint.at("/voice", Answer(status=500)),
        voice_fallback_url=endpoint.at("/fallback", say("We are closed.")),
        status_callback=endpoint.at("/status"),
    )
    control.mock.incoming_phone_numbers.create(phone_number=NUMBER, voice_application_sid=app.sid)
    begun = control("POST", f"{control.account}/incoming_call", {"to": NUMBER, "from": "+1500"})
    assert begun.status == 201
    call = begun.value
    assert [attempt["error_code"] for attempt in call["attempts"]] == [11217, None]
    assert call["twiml"]["children"][0]["text"] == "We are closed."
    assert call["attempts"][0]["hops"][0]["reply"]["status"] == 500
    assert dict(call["attempts"][1]["hops"][0]["request"]["parameters"])["From"] == "+1500"
    place = f"{control.account}/deliveries/{call['sid']}/status"
    ended = control("POST", place, {"status": "completed", "duration": 12})
    assert (ended.status, ended.value["status"]) == (200, "completed")
    assert dict(endpoint.asked[-1].form)["CallDuration"] == "12"
    again = control("POST", place, {"status": "completed"})
    assert (again.status, again.value["detail"]) == (
        *(409, "twilio_mock: the call has ended already: completed"),
    )
    assert control("POST", place, {"status": "sent"}).status == 400
    listed = control("GET", f"{control.account}/webhooks/deliveries").value
    assert [each["sid"] for each in listed["deliveries"]] == [call["sid"]]
    assert listed["deliveries"][0]["status_callbacks"] == ended.value["status_callbacks"]


@pytest.mark.parametrize(
    ("way", "body", "field"),
    [
        ("incoming_call", {}, "voice_url"),
        ("sdk_call", {"identity": "alice", "parameters": {"Room": "12"}}, "voice_url"),
        ("outgoing_call", {"to": "+15005550009"}, "voice_url"),
        ("incoming_message", {"body": "Hello", "media": ["http://h/cat.jpg"]}, "sms_url"),
        ("outgoing_message", {"to": "+15005550009"}, "message_status_callback"),
    ],
)
def test_there_are_five_ways_in(
    control: Control, endpoint: Endpoint, way: str, body: dict[str, Any], field: str
) -> None:
    app = control.mock.applications.create(**{field: endpoint.at("/here", say("Hello"))})
    begun = control("POST", f"{control.account}/{way}", {"application_sid": app.sid, **body})
    assert (begun.status, begun.value["kind"]) == (201, way)
    [asked] = endpoint.asked
    assert body.get("parameters", {}).items() <= dict(asked.form).items()


def test_a_message_goes_on_over_http(control: Control, endpoint: Endpoint) -> None:
    app = control.mock.applications.create(message_status_callback=endpoint.at("/status"))
    body = {"application_sid": app.sid, "to": "+15005550009"}
    sid = control("POST", f"{control.account}/outgoing_message", body).value["sid"]
    place = f"{control.account}/deliveries/{sid}/status"
    failed = control("POST", place, {"status": "undelivered", "error_code": 30003})
    assert failed.value["status"] == "undelivered"
    assert dict(endpoint.asked[-1].form)["ErrorCode"] == "30003"
    assert control("POST", place, {"status": "busy"}).status == 400


def test_a_held_delivery_is_released_over_http(control: Control, endpoint: Endpoint) -> None:
    app = control.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    fault = control("POST", f"{control.account}/webhooks/faults", {"effect": "hold"})
    assert (fault.status, fault.value["times"]) == (201, 1)
    held = control("POST", f"{control.account}/incoming_call", {"application_sid": app.sid}).value
    assert (held["held"], held["attempts"], endpoint.asked) == (True, [], [])
    place = f"{control.account}/deliveries/{held['sid']}"
    assert control("POST", f"{place}/status", {"status": "completed"}).status == 409
    released = control("POST", f"{place}/release").value
    assert (released["held"], released["error_code"], len(endpoint.asked)) == (False, None, 1)
    assert control("POST", f"{place}/release").status == 404
    faults = f"{control.account}/webhooks/faults"
    assert [each["hits"] for each in control("GET", faults).value["faults"]] == [1]
    assert control("DELETE", faults).status == 204
    assert control("GET", faults).value == {"faults": []}


def test_settings_are_changed_over_http(control: Control, endpoint: Endpoint) -> None:
    place = f"{control.account}/webhooks/settings"
    changed = control("POST", place, {"total_timeout": 0.05, "allow_hosts": ["me.example"]})
    assert (changed.value["total_timeout"], changed.value["allow_hosts"]) == (0.05, ["me.example"])
    assert control("GET", place).value == changed.value
    assert control("POST", place, {"ca_file": "/etc/passwd"}).status == 400
    control.mock.webhooks.configure(deliver_to=lambda environ, start: [])
    assert control("GET", place).value["deliver_to"] is None
    control("POST", place, {"deliver_to": endpoint.url})
    app = control.mock.applications.create(voice_url="https://other.example/voice")
    endpoint.at("/voice", say("Hello"))
    begun = control("POST", f"{control.account}/incoming_call", {"application_sid": app.sid})
    assert begun.value["error_code"] is None
    assert endpoint.asked[0].headers["Host"] == "other.example"


def test_the_laboratory_works_over_http(control: Control, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", say("Hello"))
    place = f"{control.account}/webhooks/try_signatures"
    report = control("POST", place, {"url": url, "field": "sms_url"}).value
    assert report["good"] is False
    assert report["text"].startswith(f"{url} accepts 1 of 1 good, refuses 0 of 8 bad")
    assert [trial["right"] for trial in report["trials"]] == [True] + [False] * 8


@pytest.mark.parametrize(
    ("way", "body", "status", "says"),
    [
        ("incoming_call", {}, 400, "to or application_sid is missing"),
        ("incoming_call", {"to": "+15005550009"}, 404, "has no phone number"),
        ("sdk_call", {"application_sid": "AP1", "identity": "alice"}, 400, "with 21218"),
        ("outgoing_call", {"application_sid": "AP1", "to": "+1"}, 400, "with 21218"),
        ("incoming_call", {"to": "+1", "parameters": {"A": 1}}, 400, "string is expected"),
        ("incoming_call", {"to": "+1", "deliver_to": "file:///"}, 400, "not as expected"),
    ],
)
def test_what_cannot_happen_is_refused_with_a_reason(
    control: Control, way: str, body: dict[str, Any], status: int, says: str
) -> None:
    answer = control("POST", f"{control.account}/{way}", body)
    assert answer.status == status
    assert says in answer.value["detail"]


def test_a_host_that_is_not_this_machine_is_refused_over_http_too(control: Control) -> None:
    app = control.mock.applications.create(voice_url="http://me.example/")
    answer = control("POST", f"{control.account}/incoming_call", {"application_sid": app.sid})
    assert answer.status == 400
    assert "not on this machine" in answer.value["detail"]


def test_a_lone_surrogate_is_refused_and_the_server_goes_on(
    control: Control, endpoint: Endpoint
) -> None:
    app = control.mock.applications.create(sms_url=endpoint.at("/sms"))
    place = f"{control.account}/incoming_message"
    refused = control(
        "POST", place, b'{"application_sid": "%s", "body": "\\ud800"}' % app.sid.encode()
    )
    assert refused.status == 400
    assert control("POST", place, {"application_sid": app.sid}).status == 201


def test_an_unexpected_error_in_a_conversation_is_a_500_that_says_so(
    control: Control,
    endpoint: Endpoint,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = control.mock.applications.create(voice_url=endpoint.at("/voice"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(conversation, "judge", broken)
    answer = control("POST", f"{control.account}/incoming_call", {"application_sid": app.sid})
    assert answer.status == 500
    assert "unexpected error inside the mock" in answer.value["detail"]
    assert "ZeroDivisionError" in caplog.text
    assert control("GET", "/health").status == 200


def test_without_a_server_nobody_asks_an_endpoint(endpoint: Endpoint) -> None:
    mock = TwilioMock()
    app = mock.applications.create(voice_url=endpoint.at("/voice"))
    body = b'{"application_sid": "%s"}' % app.sid.encode()
    path = f"/_twilio_mock/accounts/{mock.sid}/incoming_call"
    answer = handle(mock.state, Request("POST", path, "", {}, body))
    assert getattr(answer, "status", None) == 409
    assert b"by a running server only" in getattr(answer, "body", b"")
    assert endpoint.asked == []


def test_passwords_and_cookies_stay_out_of_the_log(control: Control, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", Answer(b"", 307, {"Location": "/new", "Set-Cookie": "a=geheim"}))
    endpoint.at("/new", say("Hello"))
    app = control.mock.applications.create(voice_url=url.replace("//", "//me:geheim@"))
    control("POST", f"{control.account}/incoming_call", {"application_sid": app.sid})
    listed = control("GET", f"{control.account}/webhooks/deliveries")
    assert len(endpoint.asked) == 2
    assert "geheim" not in str(listed.value)
