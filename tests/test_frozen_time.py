"""Under freezegun: dates are frozen in every answer, and nothing hangs."""

from __future__ import annotations

import asyncio
import socket
import time
from urllib.parse import urlsplit

import aiohttp
import pytest
from freezegun import freeze_time

from tests.asking import FORM, Ask, basic
from tests.conftest import ask_in_process
from twilio_mock import Settings, TwilioMock

MOMENT = "2026-03-01 12:00:00"
SHOWN = "Sun, 01 Mar 2026 12:00:00 +0000"
SHOWN_IN_HEADER = "Sun, 01 Mar 2026 12:00:00 GMT"
LATER = "Sun, 01 Mar 2026 12:01:01 +0000"

# A test that hangs shall say so soon, and by a clock that is not frozen.
pytestmark = pytest.mark.timeout(20)


def half_request(mock: TwilioMock) -> bytes:
    """A create whose body will never end."""
    return (
        f"POST /2010-04-01/Accounts/{mock.account.sid}/Applications.json HTTP/1.1\r\n"
        f"Host: x\r\nAuthorization: {basic(mock.account.sid, mock.account.auth_token)}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: 10\r\n\r\nhalf"
    ).encode()


def test_dates_are_frozen_through_both_doors(ask: Ask) -> None:
    with freeze_time(MOMENT) as clock:
        made = ask.create()
        assert made["date_created"] == made["date_updated"] == SHOWN
        clock.tick(61)
        assert ask.update(made["sid"])["date_updated"] == LATER
        assert ask.fetch(made["sid"])["date_created"] == SHOWN


def test_the_date_header_is_frozen_and_the_duration_stays_a_number(ask: Ask) -> None:
    with freeze_time(MOMENT):
        for answer in (ask("GET", "Applications.json"), ask("GET", "/", credentials=None)):
            assert answer.headers["Date"] == SHOWN_IN_HEADER
            assert 0 <= float(answer.headers["Twilio-Request-Duration"]) < 5


def test_time_runs_again_when_it_is_set_free(ask: Ask) -> None:
    with freeze_time(MOMENT):
        frozen = ask.create()
    free = ask.create()
    assert frozen["date_created"] == SHOWN
    assert free["date_created"] != SHOWN
    assert 0 <= float(ask("GET", "/").headers["Twilio-Request-Duration"]) < 5


def test_a_mock_can_start_and_stop_while_time_stands_still() -> None:
    with freeze_time(MOMENT):
        for _ in range(2):
            with TwilioMock() as mock:
                client = mock.account.client()
                made = client.applications.create()
                assert str(made.date_created) == "2026-03-01 12:00:00+00:00"
                assert len(client.applications.list()) == 1


def test_a_mock_that_runs_can_be_frozen_and_stopped() -> None:
    mock = TwilioMock()
    mock.__enter__()
    with freeze_time(MOMENT):
        mock.account.client().applications.create()
        mock.__exit__(None, None, None)
    assert not mock.running


def test_deadlines_of_the_blocking_face_run_on_while_time_stands_still() -> None:
    with freeze_time(MOMENT), TwilioMock(settings=Settings(body_timeout=0.05)) as mock:
        address = urlsplit(mock.url)
        with socket.create_connection((address.hostname, address.port or 0), 10) as connection:
            connection.sendall(half_request(mock))
            answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"status": 408}' in answer
    assert SHOWN_IN_HEADER.encode() in answer


def test_the_clock_of_the_test_stays_frozen(ask: Ask) -> None:
    with freeze_time(MOMENT):
        before = time.time(), time.monotonic()
        ask.create()
        assert (time.time(), time.monotonic()) == before


def test_seeding_stamps_frozen_dates() -> None:
    ask = ask_in_process()
    with freeze_time(MOMENT):
        sid = ask.account.applications.create().sid
    assert ask.fetch(sid)["date_created"] == SHOWN


async def test_the_async_face_works_with_real_asyncio() -> None:
    with freeze_time(MOMENT, real_asyncio=True) as frozen:
        async with TwilioMock() as mock, aiohttp.ClientSession() as session:
            path = f"{mock.url}/2010-04-01/Accounts/{mock.account.sid}/Applications"
            headers = {"Authorization": basic(mock.account.sid, mock.account.auth_token)}
            async with session.post(f"{path}.json", headers=headers) as answer:
                made = await answer.json()
            assert made["date_created"] == SHOWN
            frozen.tick(61)
            async with session.post(f"{path}/{made['sid']}.json", headers=headers) as answer:
                assert (await answer.json())["date_updated"] == LATER


async def connected(mock: TwilioMock) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to a running mock that has sent half a request."""
    address = urlsplit(mock.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(half_request(mock))
    return reader, writer


async def test_the_async_face_s_deadlines_run_on_with_real_asyncio() -> None:
    settings = Settings(body_timeout=0.05)
    with freeze_time(MOMENT, real_asyncio=True):
        async with TwilioMock(settings=settings) as mock:
            reader, writer = await connected(mock)
            assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
            writer.close()


@pytest.mark.timeout(5)
async def test_the_async_face_under_a_stopped_loop_clock_ends_or_says_why_not() -> None:
    mock = TwilioMock()
    with freeze_time(MOMENT):
        await mock.__aenter__()
        _, writer = await connected(mock)
        for _ in range(20):
            await asyncio.sleep(0)
        problem = None
        try:
            await mock.__aexit__(None, None, None)
        except RuntimeError as raised:
            problem = raised
        writer.close()
    assert problem is None or "real_asyncio=True" in str(problem)
    assert not mock.running


async def test_the_async_client_in_process_needs_no_real_asyncio() -> None:
    mock = TwilioMock()
    with freeze_time(MOMENT):
        made = await mock.account.async_client(in_process=True).applications.create_async()
    assert str(made.date_created) == "2026-03-01 12:00:00+00:00"
