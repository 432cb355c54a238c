"""Webhooks go to this machine and nowhere else, however an address is spelled or resolved."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.webhooks.endpoints import XML, Answer, Endpoint, serving
from twilio_mock import TwilioMock
from twilio_mock.simulation_handles import ApplicationHandle
from twilio_mock.webhooks.routes import check_host, leads_somewhere

NOBODY = frozenset[str]()
ELSEWHERE = [
    *("0.0.0.0", "[::]", "8.8.8.8", "169.254.169.254", "10.0.0.1", "192.168.0.1"),
    *("2130706433", "0x7f000001", "017700000001", "127.1", "0177.0.0.1", "0x7f.0.0.1"),
    *("[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[fe80::1%25lo]", "[2001:db8::1]"),
    *("127.0.0.1.evil.example", "localhost.evil.example", "localhost.", "127.0.0.1."),
    *("127.0.0.1@evil.example", "127.0.0.1:80@evil.example", "localhost\\@evil.example"),
    *("evil.example#@127.0.0.1", "evil.example?@127.0.0.1", "evil.example\\.localhost"),
    *("\u24dbocalhost", "\uff11\uff12\uff17.0.0.1", "127\u30020.0.1", "local\u00adhost"),
    *("xn--localhost-ehb", "localhost%00.evil.example", "localhost%2eevil.example"),
]
HERE = [*("127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "LOCALHOST", "[::1]")]


@pytest.mark.parametrize("host", ELSEWHERE)
def test_what_is_not_surely_this_machine_is_not_asked(host: str) -> None:
    url = f"http://{host}/voice"
    if leads_somewhere(url):
        with pytest.raises(ValueError, match="which is not on this machine"):
            check_host(url, NOBODY)


@pytest.mark.parametrize("host", HERE)
def test_what_is_this_machine_may_be_asked(host: str) -> None:
    check_host(f"http://{host}:8000/voice", NOBODY)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses that sockets were connected to, or were to be: nothing is really sent."""
    asked: list[Any] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        asked.append(address)
        if not str(address[0]).startswith("127."):
            raise OSError(f"a connection to {address} was begun")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return asked


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_stored_url_that_leads_elsewhere_is_refused_before_anything_is_sent(
    host: str, connections: list[Any]
) -> None:
    with TwilioMock(redirect=False) as mock:
        try:
            application = mock.applications.create(voice_url=f"http://{host}/voice")
        except ValueError:
            return  # Twilio would not store it
        begun = len(connections)
        with pytest.raises(ValueError, match=r"which is not on this machine|no voice_url"):
            application.incoming_call()
        assert connections[begun:] == []


@pytest.mark.parametrize("location", [f"http://{host}/" for host in ELSEWHERE] + ["//8.8.8.8/"])
def test_a_redirect_cannot_lead_elsewhere(
    location: str, endpoint: Endpoint, connections: list[Any]
) -> None:
    sent = location.encode().decode("latin-1")
    url = endpoint.at("/", Answer(b"", 302, {**XML, "Location": sent}))
    with TwilioMock(redirect=False) as mock:
        application = mock.applications.create(voice_url=url)
        told = verdict_of(application)
    assert told in ("11216", "11100") or "which is not on this machine" in told
    assert {address[0] for address in connections} == {"127.0.0.1"}


def verdict_of(application: ApplicationHandle) -> str:
    """The error code of a call, or why it was not made."""
    try:
        return str(application.incoming_call().error_code)
    except ValueError as refusal:
        return str(refusal)


def test_a_name_of_this_machine_that_is_led_elsewhere_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, connections: list[Any]
) -> None:
    real = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        return real("192.0.2.1" if host == "localhost" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with TwilioMock(redirect=False) as mock:
        application = mock.applications.create(voice_url="http://localhost:9/voice")
        delivery = application.incoming_call()
    assert delivery.error_code == 11205
    assert "192.0.2.1 is not on this machine" in delivery.attempts[0].reason
    assert connections == []


def test_a_proxy_of_the_environment_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:1")
    with TwilioMock(redirect=False) as mock:
        application = mock.applications.create(voice_url=endpoint.at("/voice"))
        assert application.incoming_call().error_code is None


@pytest.fixture
def endpoint() -> Any:
    """A server of the user's."""
    with serving() as served:
        yield served
