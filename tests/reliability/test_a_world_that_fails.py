"""A world that fails: ports, loops, endpoints and clients that are not what they should be."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import socket
import threading
from collections.abc import Iterator
from time import monotonic
from urllib.parse import urlsplit

import pytest

from tests.asking import basic
from tests.reliability.both_sides import PATIENCE, all_of
from tests.reliability.conftest import Tell
from tests.reliability.effort import effort
from tests.reliability.leftovers import held
from tests.webhooks.misbehaving import listening, never_answer
from twilio_mock import TwilioMock


def address_of(mock: TwilioMock) -> tuple[str, int]:
    """Where a mock listens."""
    address = urlsplit(mock.url)
    return address.hostname or "", address.port or 0


def test_a_taken_port_is_told_at_once_and_nothing_is_left_of_the_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        before = held()
        for _ in range(20):
            mock = TwilioMock(port=port)
            with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
                mock.__enter__()
            with pytest.raises(OSError, match="port 0 takes any free one"):
                asyncio.run(mock.__aenter__())
        del mock
        assert held()[:3] == before[:3]
    with TwilioMock(port=port) as mock:
        assert mock.account.client().applications.list() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # asyncio's own
def test_a_mock_whose_loop_was_closed_in_the_middle_gives_its_port_and_connections_back() -> None:
    loop, mock = asyncio.new_event_loop(), TwilioMock()
    loop.run_until_complete(mock.__aenter__())
    host, port = address_of(mock)
    idle = socket.create_connection((host, port), PATIENCE)
    asking = socket.create_connection((host, port), PATIENCE)
    with idle, asking:
        asking.sendall(b"GET /2010-04-01/Accounts.json HTTP/1.1\r\nHost: x")
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
        assert mock.applications.create(friendly_name="still here") in mock.applications
        asyncio.run(mock.__aexit__(None, None, None))
        assert (all_of(idle), all_of(asking)) == (b"", b"")
    assert not mock.running
    with TwilioMock(port=port, redirect=False):
        pass
    asyncio.run(enter_and_ask(mock))
    del loop
    gc.collect()


async def enter_and_ask(mock: TwilioMock) -> None:
    """Use a mock once more."""
    async with mock:
        names = [each.friendly_name for each in mock.account.client().applications.list()]
        assert names == ["still here"]


def test_a_mock_that_is_ended_in_another_loop_than_its_own_ends() -> None:
    mock = TwilioMock()
    with asyncio.Runner() as own, asyncio.Runner() as other:
        own.run(mock.__aenter__())
        with socket.create_connection(address_of(mock), PATIENCE) as idle:
            own.run(asyncio.sleep(0.01))
            other.run(mock.__aexit__(None, None, None))
            own.run(asyncio.sleep(0.01))
            assert all_of(idle) == b""


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of an endpoint that never answers."""
    with listening(never_answer) as address:
        yield address


def test_a_call_to_an_endpoint_that_never_answers_ends_with_the_server(silent: str) -> None:
    told: list[str] = []
    with TwilioMock() as mock:
        application = mock.applications.create(voice_url=f"http://{silent}/voice")

        def call() -> None:
            with pytest.raises(RuntimeError) as failure:
                application.incoming_call()
            told.append(str(failure.value))

        thread = threading.Thread(target=call)
        thread.start()
        wait_until_under_way(mock)
        began = monotonic()
    thread.join(PATIENCE)
    assert monotonic() - began < PATIENCE
    assert told == ["twilio_mock: the thread was stopped while it was waited for"]


def test_a_call_over_http_to_an_endpoint_that_never_answers_is_cut_with_the_server(
    silent: str,
) -> None:
    with TwilioMock() as mock:
        application = mock.applications.create(voice_url=f"http://{silent}/voice")
        body = json.dumps({"application_sid": application.sid}).encode()
        head = (
            f"POST /_twilio_mock/accounts/{mock.sid}/incoming_call HTTP/1.1\r\nHost: localhost\r\n"
        )
        wire = socket.create_connection(address_of(mock), PATIENCE)
        wire.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        wait_until_under_way(mock)
        began = monotonic()
    assert monotonic() - began < PATIENCE
    with wire:
        assert cut_or_ended(wire)
    assert mock.state.accounts[mock.sid].webhooks.under_way == set()


async def test_a_call_in_the_users_own_loop_outlives_no_cancellation(silent: str) -> None:
    async with TwilioMock() as mock:
        application = mock.applications.create(voice_url=f"http://{silent}/voice")
        call = asyncio.ensure_future(awaited(application))
        await asyncio.to_thread(wait_until_under_way, mock)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert mock.state.accounts[mock.sid].webhooks.under_way == set()


async def awaited(application: object) -> object:
    """A call, as a coroutine."""
    return await application.incoming_call()  # type: ignore[attr-defined]


def wait_until_under_way(mock: TwilioMock) -> None:
    """Wait until the endpoint is being asked."""
    turn, end = threading.Event(), monotonic() + PATIENCE
    while not mock.state.accounts[mock.sid].webhooks.under_way:
        assert monotonic() < end, "it was never asked"
        turn.wait(0.001)


def cut_or_ended(wire: socket.socket) -> bool:
    """Whether the other side has ended a connection without an answer."""
    try:
        return all_of(wire) == b""
    except ConnectionError:
        return True


def test_a_client_that_vanishes_at_any_byte_leaves_all_or_nothing(
    caplog: pytest.LogCaptureFixture, tell: Tell
) -> None:
    step = effort(7, 1)
    with TwilioMock(redirect=False) as mock:
        form = b"FriendlyName=vanished&VoiceUrl=https%3A%2F%2Fme.example%2F"
        sent = (
            f"POST /2010-04-01/Accounts/{mock.sid}/Applications.json HTTP/1.1\r\nHost: mock\r\n"
            f"Authorization: {basic(mock.sid, mock.auth_token)}\r\n"
            f"Content-Length: {len(form)}\r\n\r\n"
        ).encode() + form
        sent = sent.replace(b"Host", b"Content-Type: application/x-www-form-urlencoded\r\nHost")
        before = held()
        with caplog.at_level(logging.WARNING, "twilio_mock"):
            for place in range(0, len(sent) + 1, step):
                for reset in (False, True):
                    vanish(address_of(mock), sent[:place], reset=reset)
            whole = 2 if (len(sent) % step) == 0 else 0
            client = mock.account.client()
            assert len(client.applications.list()) == len(mock.applications) <= whole
        assert held()[:2] == before[:2]
    kept = mock.state.accounts[mock.sid]
    assert (kept.in_flight, kept.crashes, mock.state.crashes) == (0, (), ())
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    tell("places at which a client vanished", 2 * len(range(0, len(sent) + 1, step)))


def vanish(address: tuple[str, int], sent: bytes, *, reset: bool) -> None:
    """Send so much, and be gone."""
    wire = socket.create_connection(address, PATIENCE)
    wire.sendall(sent)
    if reset:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    wire.close()
