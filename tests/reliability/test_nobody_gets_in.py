"""Who may ask: this machine alone, no foreign page, nobody without the token, no tunnel."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.reliability.both_sides import all_of
from twilio_mock import Settings, TwilioMock
from twilio_mock.command_line import making, options
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.mock import TwilioMock as Mock

TOKEN = "a-token-of-the-control-api"
FREE = {"GET /health"}  # whoever looks after a container may ask whether it is well


@pytest.fixture(scope="module")
def guarded() -> Iterator[TwilioMock]:
    """A running mock whose control API asks for a token."""
    with TwilioMock(settings=Settings(control_token=TOKEN), redirect=False) as mock:
        yield mock


def connected(mock: TwilioMock) -> socket.socket:
    """A bare connection."""
    address = urlsplit(mock.url)
    return socket.create_connection((address.hostname or "", address.port or 0), 10)


def status_of(mock: TwilioMock, *lines: str, target: str = "GET /_twilio_mock/accounts") -> int:
    """What the mock answers to a request with just these header lines."""
    with connected(mock) as wire:
        head = "\r\n".join([f"{target} HTTP/1.1", *lines, "Connection: close", "", ""])
        wire.sendall(head.encode("latin-1"))
        return int(all_of(wire).split(b" ", 2)[1])


def test_the_server_listens_on_loopback_unless_it_is_told_otherwise() -> None:
    with TwilioMock(redirect=False) as mock:
        assert urlsplit(mock.url).hostname == "127.0.0.1"
    [host] = [each for each in options.OPTIONS if each.name == "host"]
    assert host.default == "127.0.0.1" == Mock().host


def test_a_server_for_everybody_has_a_token_that_nobody_knows() -> None:
    assert making.strangers_can_ask("0.0.0.0")
    assert making.strangers_can_ask("192.168.0.1")
    assert making.strangers_can_ask("build-host.example")
    assert not making.strangers_can_ask("127.0.0.1")
    assert not making.strangers_can_ask("::1")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8010", "127.0.0.1.evil.example", "2130706433"),
        *("localhost.evil.example", "127.0.0.1@evil.example", "evil.example#127.0.0.1"),
        *("[::1", "127.0.0.1, evil.example", "xn--localhost-ehb"),
    ],
)
def test_a_name_that_is_led_here_by_dns_rebinding_is_refused(guarded: Mock, host: str) -> None:
    answer = status_of(guarded, f"Host: {host}", f"Authorization: Bearer {TOKEN}")
    assert answer in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "shop.localhost", "10.0.0.7"])
def test_an_address_and_localhost_are_no_such_names(guarded: Mock, host: str) -> None:
    assert status_of(guarded, f"Host: {host}:80", f"Authorization: Bearer {TOKEN}") == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.example", "null", "", "http://[", "https://x@{host}", "{host}", "file://"),
        *("http://{host}.evil.example", "http://127.0.0.1", "http://localhost:1", "http://\xff"),
    ],
)
@pytest.mark.parametrize("host", ["{host}", ""])
def test_a_page_of_another_origin_is_refused_even_with_the_token(
    guarded: Mock, origin: str, host: str
) -> None:
    own = guarded.url.removeprefix("http://")
    lines = (f"Host: {host.format(host=own)}", f"Origin: {origin.format(host=own)}")
    assert status_of(guarded, *lines, f"Authorization: Bearer {TOKEN}") == 403


def test_a_page_of_the_server_itself_may_use_it(guarded: Mock) -> None:
    lines = (f"Host: {guarded.url[7:]}", f"Origin: {guarded.url}")
    assert status_of(guarded, *lines, f"Authorization: Bearer {TOKEN}") == 200


@pytest.mark.parametrize("operation", [f"{each.method} {each.path}" for each in OPERATIONS])
@pytest.mark.parametrize(
    "sent",
    [
        *("", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}"),
        *("Bearer \xff\xfe", "Bearer \xc3\xa9", f"bearer {TOKEN}\x80"),
    ],
)
def test_nobody_without_the_token_uses_any_operation(
    guarded: Mock, operation: str, sent: str
) -> None:
    method, _, path = operation.partition(" ")
    if operation in FREE:
        return
    path = re.sub(r"{\w+}", "x", path.replace("{AccountSid}", guarded.sid))
    target = f"{method} /_twilio_mock{path}"
    lines = ["Host: 127.0.0.1", "Content-Length: 0"]
    lines += [f"Authorization: {sent}"] if sent else []
    assert status_of(guarded, *lines, target=target) == 401


@pytest.mark.parametrize("target", ["CONNECT evil.example:443", "GET http://evil.example/"])
def test_a_mock_that_is_no_proxy_passes_nothing_on(
    guarded: Mock, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = no_connections(monkeypatch)
    assert status_of(guarded, "Host: evil.example", target=target) >= 400
    assert asked == []


@pytest.mark.parametrize(
    "target",
    [
        *("CONNECT evil.example:443", "CONNECT 127.0.0.1:22", "CONNECT [::1]:22"),
        *("CONNECT api.twilio.com.evil.example:443", "CONNECT evilapi.twilio.com:443"),
        *("CONNECT api.twilio.com@evil.example:443", "CONNECT evil.example:443@api.twilio.com:1"),
        *("CONNECT passed.example.evil.example:443", "CONNECT :443", "CONNECT 443"),
        *("GET http://evil.example/", "GET http://api.twilio.com@evil.example/"),
        *("GET http://evil.example:{port}x/", "GET http://passed.example.x/", "GET ftp://x/"),
    ],
)
def test_the_proxy_is_no_open_proxy(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with TwilioMock(proxy=True, allow=["passed.example"], redirect=False) as mock:
        asked = no_connections(monkeypatch)
        port = urlsplit(mock.url).port
        assert status_of(mock, "Host: x", target=target.format(port=port)) >= 400
        assert asked == []


def no_connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses that a loop was asked to connect to, from now on."""
    asked: list[Any] = []
    import asyncio

    async def connect(self: Any, make: Any, host: Any = None, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        raise OSError(f"a connection to {host} was begun")

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", connect)
    return asked


def test_the_journal_does_not_tell_what_the_control_api_was_asked(guarded: Mock) -> None:
    status_of(guarded, "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}")
    assert TOKEN not in json.dumps([each.path for each in guarded.unknown_requests])
