"""Faults as raw bytes: what a client that is no SDK receives."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse, IncompleteRead
from urllib.parse import urlsplit

import pytest

from tests.asking import Ask, basic
from twilio_mock import (
    AccountHandle,
    TwilioMock,
    error,
    garble,
    gateway_page,
    hang_up,
    lose_response,
    reset,
    respond,
    too_many_requests,
    trickle,
    truncate,
)
from twilio_mock.control.faults.encounter import Effect


@pytest.fixture
def account(running_mock: TwilioMock) -> Iterator[AccountHandle]:
    """A fresh account of the running mock."""
    account = running_mock.accounts.create()
    yield account
    running_mock.accounts.free(account)


class Wire:
    """A TCP connection to the mock."""

    def __init__(self, mock: TwilioMock, account: AccountHandle) -> None:
        address = urlsplit(mock.url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=5)
        self.account = account

    def say(self, method: str = "GET", rest: str = "Applications.json") -> None:
        """Send a request."""
        self.socket.sendall(
            f"{method} /2010-04-01/Accounts/{self.account.sid}/{rest} HTTP/1.1\r\n"
            f"Host: mock\r\nContent-Length: 0\r\n"
            f"Authorization: {basic(self.account.sid, self.account.auth_token)}\r\n\r\n".encode()
        )

    def rest(self) -> bytes:
        """All that comes until the connection is closed."""
        received = b""
        while piece := self.socket.recv(65536):
            received += piece
        return received

    def answer(self) -> HTTPResponse:
        """The head of the next answer."""
        response = HTTPResponse(self.socket)
        response.begin()
        return response


@pytest.fixture
def wire(running_mock: TwilioMock, account: AccountHandle) -> Iterator[Wire]:
    wire = Wire(running_mock, account)
    yield wire
    wire.socket.close()


@pytest.mark.parametrize("effect", [hang_up(), lose_response()])
def test_a_hang_up_closes_the_connection_without_a_byte(
    wire: Wire, account: AccountHandle, effect: Effect
) -> None:
    with account.fault("*", effect):
        wire.say()
        assert wire.rest() == b""


@pytest.mark.parametrize("effect", [reset(), reset(after_write=True)])
def test_a_reset_is_a_rst(wire: Wire, account: AccountHandle, effect: Effect) -> None:
    with account.fault("*", effect):
        wire.say()
        with pytest.raises(ConnectionResetError):
            wire.rest()


def test_a_truncated_body_is_shorter_than_its_head_says(wire: Wire, account: AccountHandle) -> None:
    with account.fault("*", truncate(10)):
        wire.say()
        response = wire.answer()
        with pytest.raises(IncompleteRead) as cut:
            response.read()
    assert len(cut.value.partial) == 10
    assert cut.value.partial == b'{"first_pa'


def test_a_truncated_answer_is_half_a_body_by_itself(wire: Wire, account: AccountHandle) -> None:
    with account.fault("*", truncate()):
        wire.say()
        response = wire.answer()
        with pytest.raises(IncompleteRead) as cut:
            response.read()
    assert len(cut.value.partial) in ((cut.value.expected or 0), (cut.value.expected or 0) - 1)


def test_what_is_shorter_than_the_truncation_arrives_whole(
    wire: Wire, account: AccountHandle
) -> None:
    with account.fault("*", truncate(100_000)):
        wire.say()
        assert json.loads(wire.answer().read())["applications"] == []


def test_a_garbled_body_has_its_length_and_no_sense(wire: Wire, account: AccountHandle) -> None:
    with account.fault("*", garble(), trickle(1e6)):
        wire.say()
        body = wire.answer().read()
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    assert body.startswith(b'{"first_page_uri"')


def test_a_connection_serves_on_after_an_answer_that_was_whole(
    wire: Wire, account: AccountHandle
) -> None:
    with account.fault("*", garble(), trickle(1e6), times=1):
        for _ in range(2):
            wire.say()
            response = wire.answer()
            response.read()
            assert response.status == 200


def test_head_is_answered_without_a_body_also_by_a_fault(
    wire: Wire, account: AccountHandle
) -> None:
    with account.fault("ListApplication", respond(200, {"a": 1}), trickle(10)):
        wire.say("HEAD")
        head = wire.socket.recv(65536)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")


def test_an_error_s_body_is_as_it_was_recorded(ask: Ask) -> None:
    with ask.account.fault("*", error(20503)):
        answer = ask("GET", "Applications.json")
    assert answer.text == (
        '{"code":20503,"message":"Service is unavailable, please try again",'
        '"more_info":"https://www.twilio.com/docs/errors/503","status":503}'
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Twilio-Error-Code"] == "20503"


def test_an_error_comes_in_the_format_that_was_asked_for(ask: Ask) -> None:
    with ask.account.fault("*", error(20404)):
        answer = ask("GET", "Applications.xml")
    assert answer.headers["Content-Type"] == "application/xml"
    assert f"The requested resource {ask.root}/Applications.xml was not found" in answer.text


def test_a_refusal_of_credentials_names_its_realm(ask: Ask) -> None:
    with ask.account.fault("*", error(20003)):
        assert ask("GET", "Applications.json").headers["WWW-Authenticate"].startswith("Basic")


def test_too_many_requests_come_with_or_without_a_time(ask: Ask) -> None:
    with ask.account.fault("*", too_many_requests(7)):
        answer = ask("GET", "Applications.json")
    assert answer.refusal == (429, 20429, "Too Many Requests")
    assert answer.headers["Retry-After"] == "7"
    with ask.account.fault("*", too_many_requests()):
        assert "Retry-After" not in ask("GET", "Applications.json").headers


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ({"a": [1]}, "application/json;charset=utf-8", b'{"a": [1]}'),
        ([], "application/json;charset=utf-8", b"[]"),
        ("ü", "text/plain;charset=utf-8", "ü".encode()),
        (b"\0", "application/octet-stream", b"\0"),
        (None, None, b""),
    ],
)
def test_a_stub_says_what_its_body_is(
    ask: Ask, body: object, content_type: str | None, sent: bytes
) -> None:
    with ask.account.fault("GET Messages", respond(200, body)):  # type: ignore[arg-type]
        answer = ask("GET", "Messages.json")
    assert answer.body == sent
    if content_type is not None:
        assert answer.headers.getall("Content-Type") == [content_type]


def test_a_stub_s_headers_come_before_the_mock_s(ask: Ask) -> None:
    headers = {"content-type": "application/xml", "X-Mine": "1", "Twilio-Request-Id": "RQ1"}
    with ask.account.fault("GET Messages", respond(200, "<a/>", headers)):
        answer = ask("GET", "Messages.json")
    assert answer.headers.getall("Content-Type") == ["application/xml"]
    assert answer.headers.getall("Twilio-Request-Id") == ["RQ1"]
    assert answer.headers["X-Mine"] == "1"


def test_a_gateway_page_is_html(ask: Ask) -> None:
    with ask.account.fault("*", gateway_page(504)):
        answer = ask("GET", "Applications.json")
    assert (answer.status, answer.headers["Content-Type"]) == (504, "text/html")
    assert "<h1>504 Gateway Timeout</h1>" in answer.text


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: error(99999), r"not in Twilio's error dictionary .* status=400"),
        (lambda: error(20001, status=302), "302 is no HTTP status from 400 to 599"),
        (lambda: respond(100), "100 is no HTTP status from 200 to 599"),
        (lambda: respond(204, {}), "an answer with status 204 cannot have a body"),
        (lambda: respond(200, headers={"X": "a\r\nb"}), "HTTP cannot carry the header 'X'"),
        (lambda: respond(200, headers={"X Y": "a"}), "HTTP cannot carry the header 'X Y'"),
        (lambda: gateway_page(600), "600 is no HTTP status"),
        (lambda: truncate(-1), "-1 is no number of bytes"),
        (lambda: trickle(0), "0 bytes a second is no speed"),
    ],
)
def test_what_http_or_twilio_does_not_have_is_refused(make: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make()  # type: ignore[operator]
