"""Faults of a mock that shares the loop of its test: `async with`, and in process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from freezegun import freeze_time

from tests.asking import basic
from twilio_mock import TwilioMock, barrier, create_app, delay, hang, hang_up, reset, trickle
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.handles import FaultHandle

# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

seconds_now = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
DOORS = ["socket", "in process"]
AT_ONCE = 1.0


@pytest.fixture
async def mock() -> AsyncIterator[TwilioMock]:
    async with TwilioMock() as mock:
        yield mock


@pytest.fixture(params=DOORS)
def applications(request: pytest.FixtureRequest, mock: TwilioMock) -> Any:
    """The applications of the SDK's async client."""
    return mock.async_client(in_process=request.param == "in process").applications


async def until_fired(fault: FaultHandle) -> None:
    """Give way to other tasks until a fault has hit a request."""
    async with asyncio.timeout(5):
        while not fault.fired:  # noqa: ASYNC110 (a fault has no event to wait for)
            await asyncio.sleep(0)


async def test_a_hang_lasts_until_its_fault_is_removed(mock: TwilioMock, applications: Any) -> None:
    fault = mock.fault("CreateApplication", hang())
    held = asyncio.create_task(applications.create_async())
    await until_fired(fault)
    assert not held.done()
    fault.remove()
    assert (await held).sid in mock.applications


async def test_a_call_that_is_cancelled_in_a_hang_does_nothing(
    mock: TwilioMock, applications: Any
) -> None:
    with mock.fault("CreateApplication", hang()), pytest.raises(TimeoutError):
        await asyncio.wait_for(applications.create_async(), 0.03)
    assert await applications.list_async() == []


async def test_a_barrier_holds_the_tasks_of_one_loop(mock: TwilioMock, applications: Any) -> None:
    async def create_unless_there() -> None:
        if not await applications.list_async():
            await applications.create_async()

    with mock.fault("ListApplication", barrier(3)):
        await asyncio.gather(*(create_unless_there() for _ in range(3)))
    assert len(mock.applications) == 3


@pytest.mark.parametrize("effect", [delay(0.03), trickle(20_000)])
async def test_effects_take_real_time_under_frozen_time(
    mock: TwilioMock, applications: Any, effect: Effect
) -> None:
    with freeze_time("2026-02-28", real_asyncio=True), mock.fault("CreateApplication", effect):
        start = seconds_now()
        made = await applications.create_async()
        assert seconds_now() - start >= 0.03
    assert made.date_created.year == 2026


@pytest.mark.parametrize("effect", [delay(0.03), delay(0.03, after_write=True), trickle(20_000)])
async def test_a_wait_that_a_frozen_loop_would_not_end_is_refused_with_advice(
    mock: TwilioMock, effect: Effect
) -> None:
    client = mock.async_client(in_process=True)
    with (
        freeze_time("2026-02-28"),
        mock.fault("CreateApplication", effect),
        pytest.raises(RuntimeError, match=r"freeze_time\(\.\.\., real_asyncio=True\)"),
    ):
        await client.applications.create_async()
    assert mock._account.in_flight == 0


@pytest.mark.parametrize("effect", [delay(0.03), trickle(20_000)])
async def test_a_frozen_loop_s_server_says_what_to_write(mock: TwilioMock, effect: Effect) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(mock.url.rpartition(":")[2]))
    credentials = basic(mock.sid, mock.auth_token)
    path = f"/2010-04-01/Accounts/{mock.sid}/Applications.json"
    with freeze_time("2026-02-28"), mock.fault("ListApplication", effect):
        request = f"GET {path} HTTP/1.1\r\nHost: mock\r\nAuthorization: {credentials}\r\n\r\n"
        writer.write(request.encode())
        answer = await reader.readuntil(b"}")
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"freeze_time(..., real_asyncio=True)" in answer
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("effect", [hang(), delay(30)])
async def test_stopping_the_server_ends_what_waits_at_once(effect: Effect) -> None:
    async with TwilioMock() as mock:
        fault = mock.fault("CreateApplication", effect)
        held = asyncio.create_task(mock.async_client().applications.create_async())
        await until_fired(fault)
        start = seconds_now()
    assert seconds_now() - start < AT_ONCE
    with pytest.raises(aiohttp.ClientConnectionError):
        await held
    assert len(mock.applications) == 0


@pytest.mark.parametrize("effect", [hang_up(), reset()])
async def test_a_foreign_runner_ends_connections_too(effect: Effect) -> None:
    mock = TwilioMock()
    path = f"/2010-04-01/Accounts/{mock.sid}/Applications.json"
    headers = {"Authorization": basic(mock.sid, mock.auth_token)}
    async with TestClient(TestServer(create_app(mock))) as client:
        with mock.fault("CreateApplication", effect), pytest.raises(aiohttp.ClientConnectionError):
            await client.post(path, headers=headers)
        answer = await client.post(path, headers=headers)
        assert answer.status == 201
