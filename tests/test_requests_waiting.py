"""Waiting for a request: in a thread, in a loop, under frozen time, and in vain."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import pytest
from freezegun import freeze_time

from tests.asking import Ask
from tests.conftest import ask_in_process
from twilio_mock import TwilioMock
from twilio_mock.waiting import real_clock

# More than any test may take: who waits longer fails by the time limit of the test.
LONG = 1000.0
_seconds = real_clock(time)


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do something in another thread; the block ends when it is done."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def when_watched(ask: Ask, work: Callable[[], object]) -> Callable[[], None]:
    """Do the work as soon as somebody waits for a request of the account."""
    journal = ask.state.accounts[ask.account.sid].journal

    def wait_and_work() -> None:
        while not journal.watchers:
            threading.Event().wait(0.001)
        work()

    return wait_and_work


def test_a_request_that_came_before_is_there_at_once(ask: Ask) -> None:
    ask.create(FriendlyName="a")
    requests = ask.account.requests
    assert requests.wait_for("CreateApplication", FriendlyName="a", timeout=LONG) == requests[0]


def test_a_request_that_comes_ends_the_wait() -> None:
    ask = ask_in_process()

    def asked() -> None:
        ask.page()
        ask.create(FriendlyName="b")
        ask.create(FriendlyName="a")

    with meanwhile(when_watched(ask, asked)):
        came = ask.account.requests.wait_for(FriendlyName="a", timeout=LONG)
    assert came.status == 201
    assert len(ask.account.requests) == 3


def test_so_many_requests_are_waited_for_as_were_asked_for() -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="first")
    with meanwhile(when_watched(ask, lambda: (ask.create(FriendlyName="second"), ask.create()))):
        came = ask.account.requests.wait_for("CreateApplication", times=2, timeout=LONG)
    assert came.parameter("FriendlyName") == "second"


def test_a_wait_in_vain_tells_what_came_instead() -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="Phone You")
    started = _seconds()
    with pytest.raises(TimeoutError) as failed:
        ask.account.requests.wait_for(FriendlyName="Phone Me", timeout=0.05)
    assert 0.05 <= _seconds() - started < 5
    text = str(failed.value)
    assert text.startswith("twilio_mock: waited 0.05 s for one request to account AC0")
    assert "  NOT FriendlyName  'Phone You'\n" in text
    assert text.endswith("(docs/control.md, Journal)")


def test_time_is_real_where_the_test_s_clock_stands() -> None:
    ask = ask_in_process()
    with freeze_time("2026-01-31") as frozen:
        with pytest.raises(TimeoutError):
            ask.account.requests.wait_for("DeleteApplication", timeout=0.05)
        with meanwhile(when_watched(ask, lambda: (frozen.tick(10_000), ask.create()))):
            ask.account.requests.wait_for("CreateApplication", timeout=LONG)


def test_nobody_is_told_any_more_when_the_wait_is_over() -> None:
    ask = ask_in_process()
    journal = ask.state.accounts[ask.account.sid].journal
    with pytest.raises(TimeoutError):
        ask.account.requests.wait_for("DeleteApplication", timeout=0)
    ask.create()
    ask.account.requests.wait_for("CreateApplication")
    assert journal.watchers == []


def test_the_mock_answers_while_somebody_waits(ask: Ask) -> None:
    with meanwhile(when_watched(ask, lambda: (ask.page(), ask.create()))):
        ask.account.requests.wait_for("CreateApplication", timeout=LONG)
    assert ask.account.requests.count("ListApplication") == 1


async def test_inside_a_loop_it_is_awaited_and_holds_nobody_up() -> None:
    async with TwilioMock() as mock:
        client = mock.async_client(in_process=True)
        waiting = asyncio.ensure_future(wait_in_task(mock))
        await asyncio.sleep(0)
        await client.applications.create_async(friendly_name="Phone Me")
        assert await waiting == mock.requests[0]


async def wait_in_task(mock: TwilioMock) -> object:
    return await mock.requests.wait_for("CreateApplication", timeout=LONG)


async def test_a_request_in_another_thread_ends_the_wait_in_a_loop() -> None:
    ask = ask_in_process()
    with meanwhile(when_watched(ask, ask.page)):
        came = await ask.account.requests.wait_for("ListApplication", timeout=LONG)
    assert came.status == 200


async def test_the_blocking_face_refuses_to_block_a_loop() -> None:
    with TwilioMock() as mock:
        for requests in (mock.requests, mock.accounts.create().requests, mock.unknown_requests):
            with pytest.raises(RuntimeError, match="the async face: `async with TwilioMock"):
                requests.wait_for(status=200)


async def test_the_async_face_waits_for_what_comes_over_the_socket() -> None:
    async with TwilioMock() as mock, aiohttp.ClientSession() as session:
        url = f"{mock.url}/2010-04-01/Accounts/{mock.sid}/Applications.json"
        sent = {"Authorization": mock.authorization}
        asking = asyncio.ensure_future(session.get(url, headers=sent))
        came = await mock.requests.wait_for("ListApplication", timeout=LONG)
        assert came.status == (await asking).status == 200


async def test_a_wait_in_vain_in_a_loop_tells_what_came_instead() -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="Phone You")
    with pytest.raises(TimeoutError, match=r"waited 0\.05 s for one request(.|\n)*'Phone You'"):
        await ask.account.requests.wait_for(FriendlyName="Phone Me", timeout=0.05)


async def test_a_wait_in_a_loop_is_given_up_without_a_trace() -> None:
    ask = ask_in_process()
    waiting = asyncio.ensure_future(wait_in_task(ask.mock))
    await asyncio.sleep(0)
    journal = ask.state.accounts[ask.account.sid].journal
    assert len(journal.watchers) == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert journal.watchers == []


async def test_inside_a_loop_nothing_is_had_without_awaiting() -> None:
    ask = ask_in_process()
    ask.create()
    waiting = ask.account.requests.wait_for("CreateApplication")
    with pytest.raises(RuntimeError, match=r"^twilio_mock: an event loop runs .*write `await "):
        _ = waiting.status
    assert (await waiting).status == 201


async def test_a_wait_that_nobody_awaits_is_warned_of() -> None:
    ask = ask_in_process()
    with pytest.warns(RuntimeWarning, match="write `await "):
        ask.account.requests.wait_for("CreateApplication")


async def test_frozen_time_ends_no_wait_in_a_loop_that_keeps_real_time() -> None:
    ask = ask_in_process()
    with freeze_time("2026-01-31", real_asyncio=True):
        with pytest.raises(TimeoutError):
            await ask.account.requests.wait_for("DeleteApplication", timeout=0.05)
        ask.create()
        assert (await ask.account.requests.wait_for("CreateApplication")).status == 201


def test_what_was_waited_for_can_be_awaited_again() -> None:
    ask = ask_in_process()
    ask.create()
    came = ask.account.requests.wait_for("CreateApplication")

    async def awaited() -> object:
        return await came

    assert asyncio.run(awaited()) == came
