"""Faults that take time: delays, hangs, barriers and trickles, in threads and in loops."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests
from freezegun import freeze_time
from twilio.base.exceptions import TwilioRestException

from tests.sdk_doors import SDK_DOORS, Sdk
from twilio_mock import TwilioMock, barrier, concurrency_limit, delay, error, hang, trickle
from twilio_mock.control.faults.handles import FaultHandle

# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PATIENCE = 5.0
# Seconds, on a machine that does much else; alone it takes 0.1.
AT_ONCE = 1.0
# Seconds that run on under freezegun, which knows the functions of `time` wherever they are held.
seconds_now = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
TIMED_OUT = (requests.exceptions.ReadTimeout, TimeoutError)


@pytest.fixture(params=SDK_DOORS)
def sdk(request: pytest.FixtureRequest, running_mock: TwilioMock) -> Iterator[Sdk]:
    """The SDK with a fresh account."""
    account = running_mock.accounts.create()
    yield Sdk(account, request.param)
    running_mock.accounts.free(account)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that ask beside the test."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


def eventually(true: Callable[[], object]) -> None:
    """Give way to other threads until something is true."""
    given_up = seconds_now() + PATIENCE
    while not true() and seconds_now() < given_up:
        threading.Event().wait(0.001)
    assert true()


def until_fired(fault: FaultHandle, times: int = 1) -> None:
    """Give way to other threads until a fault has hit so many requests."""
    eventually(lambda: fault.fired >= times)


class Stopwatch:
    """How long a block took, in real seconds."""

    def __enter__(self) -> Stopwatch:
        self.start = seconds_now()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = seconds_now() - self.start


def test_a_range_is_drawn_from(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", delay((0.02, 0.04))), Stopwatch() as watch:
        sdk.create()
    assert watch.seconds >= 0.02


def test_a_delayed_write_happens_after_the_delay_unless_said(
    sdk: Sdk, pool: ThreadPoolExecutor
) -> None:
    with sdk.account.fault("CreateApplication", delay(0.05)) as fault:
        late = pool.submit(sdk.create)
        until_fired(fault)
        assert len(sdk.account.applications) == 0
        late.result(PATIENCE)
    with sdk.account.fault("CreateApplication", delay(0.05, after_write=True)) as fault:
        early = pool.submit(sdk.create)
        until_fired(fault)
        assert len(sdk.account.applications) == 2
        early.result(PATIENCE)


def test_delays_of_several_faults_add_up(sdk: Sdk) -> None:
    sdk.account.fault("*", delay(0.02))
    with sdk.account.fault("CreateApplication", delay(0.02)), Stopwatch() as watch:
        sdk.create()
    assert watch.seconds >= 0.04


def test_a_delay_waits_also_when_sleep_was_replaced(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_sleep(*_: object) -> None: ...

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("asyncio.sleep", no_sleep)
    with sdk.account.fault("CreateApplication", delay(0.03)), Stopwatch() as watch:
        sdk.create()
    assert watch.seconds >= 0.03


def test_a_delay_outlasts_a_client_but_the_write_is_done(
    sdk: Sdk, pool: ThreadPoolExecutor
) -> None:
    sdk.timeout = 0.2
    with (
        sdk.account.fault("CreateApplication", delay(0.3)),
        pytest.raises(TIMED_OUT),
    ):
        sdk.create()
    if not sdk.in_process:  # there, who gives up takes the request along
        eventually(lambda: len(sdk.account.applications) == 1)


@pytest.mark.parametrize("done", [False, True])
def test_a_hang_lasts_until_its_fault_is_removed(
    sdk: Sdk, pool: ThreadPoolExecutor, done: bool
) -> None:
    fault = sdk.account.fault("CreateApplication", hang(after_write=done))
    held = pool.submit(sdk.create)
    until_fired(fault)
    assert len(sdk.account.applications) == done
    assert not held.done()
    fault.remove()
    assert held.result(PATIENCE).sid in sdk.account.applications


@pytest.mark.parametrize("done", [False, True])
def test_a_client_that_gives_up_a_hang_leaves_what_was_done(sdk: Sdk, done: bool) -> None:
    sdk.timeout = 0.2
    fault = sdk.account.fault("CreateApplication", hang(after_write=done))
    with fault, pytest.raises(TIMED_OUT):
        sdk.create()
    # Whoever asks next comes after what was held.
    sdk.timeout = None
    assert len(sdk.names()) == done
    eventually(lambda: sdk.account._account.in_flight == 0)


def test_a_hang_ends_with_its_account(sdk: Sdk, pool: ThreadPoolExecutor) -> None:
    fault = sdk.account.fault("CreateApplication", hang())
    held = pool.submit(sdk.create)
    until_fired(fault)
    sdk.account.reset()
    with pytest.raises(Exception, match=r"Remote end closed|Server disconnected"):
        held.result(PATIENCE)
    assert len(sdk.account.applications) == 0
    assert len(sdk.account.faults) == 0


def test_all_see_the_same_before_a_barrier_lets_them_go_on(
    sdk: Sdk, pool: ThreadPoolExecutor
) -> None:
    def create_unless_there() -> None:
        if "Phone Me" not in sdk.names():
            sdk.create(friendly_name="Phone Me")

    with sdk.account.fault("ListApplication", barrier(3)):
        racing = [pool.submit(create_unless_there) for _ in range(3)]
        for each in racing:
            each.result(PATIENCE)
        assert len(sdk.account.applications) == 3
        create_unless_there()  # the barrier stands open
    assert len(sdk.account.applications) == 3


def test_above_the_concurrency_limit_is_20429(sdk: Sdk, pool: ThreadPoolExecutor) -> None:
    limit = sdk.account.fault("CreateApplication", concurrency_limit(1))
    with sdk.account.fault("CreateApplication", hang(), times=1) as holding, limit:
        first = pool.submit(sdk.create)
        until_fired(holding)
        with pytest.raises(TwilioRestException) as refused:
            sdk.create()
        assert (refused.value.status, refused.value.code) == (429, 20429)
        holding.remove()
        first.result(PATIENCE)
        sdk.create()
    assert len(sdk.account.applications) == 2


def test_a_trickle_is_as_slow_as_it_was_told(sdk: Sdk) -> None:
    sid = sdk.account.applications.create(friendly_name="x").sid
    with sdk.account.fault("FetchApplication", trickle(20_000)), Stopwatch() as watch:
        assert sdk.fetch(sid).friendly_name == "x"
    # The JSON of an application takes some 750 bytes.
    assert watch.seconds >= 0.035


def test_a_client_loses_patience_with_a_trickle(sdk: Sdk) -> None:
    sid = sdk.account.applications.create().sid
    sdk.timeout = 0.2
    with (
        sdk.account.fault("FetchApplication", trickle(2)),
        pytest.raises((requests.exceptions.ConnectionError, TimeoutError)) as failure,
    ):
        sdk.fetch(sid)
    assert sdk.is_async or "Read timed out" in str(failure.value)


def test_the_effects_take_their_time_under_frozen_time(sdk: Sdk, pool: ThreadPoolExecutor) -> None:
    sid = sdk.account.applications.create().sid
    # An async client of the socket needs timers of its own.
    with freeze_time("2026-02-28", real_asyncio=True):
        with sdk.account.fault("FetchApplication", delay(0.03)), Stopwatch() as watch:
            sdk.fetch(sid)
        assert watch.seconds >= 0.03
        with sdk.account.fault("FetchApplication", trickle(20_000)), Stopwatch() as watch:
            sdk.fetch(sid)
        assert watch.seconds >= 0.03
        with sdk.account.fault("ListApplication", barrier(2)), Stopwatch() as watch:
            racing = [pool.submit(sdk.names) for _ in range(2)]
            assert [each.result(PATIENCE) for each in racing] == [[None], [None]]
        with sdk.account.fault("FetchApplication", hang()) as fault:
            held = pool.submit(sdk.fetch, sid)
            until_fired(fault)
            fault.remove()
            assert held.result(PATIENCE).sid == sid
        sdk.timeout = 0.2
        with sdk.account.fault("FetchApplication", hang()), pytest.raises(TIMED_OUT):
            sdk.fetch(sid)


def test_the_blocking_face_needs_no_real_asyncio_under_frozen_time(
    running_mock: TwilioMock,
) -> None:
    account = running_mock.accounts.create()
    with freeze_time("2026-02-28"), account.fault("*", delay(0.03), error(20503)):
        for in_process in (False, True):
            with Stopwatch() as watch, pytest.raises(TwilioRestException):
                account.client(in_process=in_process).applications.create()
            assert watch.seconds >= 0.03
    running_mock.accounts.free(account)


@pytest.mark.parametrize("in_process", [False, True])
def test_stopping_the_server_ends_a_hang_at_once(
    pool: ThreadPoolExecutor, in_process: bool
) -> None:
    with TwilioMock() as mock:
        fault = mock.fault("CreateApplication", hang())
        held = pool.submit(mock.client(in_process=in_process).applications.create)
        until_fired(fault)
        watch = Stopwatch().__enter__()
    watch.__exit__()
    assert watch.seconds < AT_ONCE
    with pytest.raises(requests.exceptions.ConnectionError):
        held.result(PATIENCE)
    assert len(mock.applications) == 0


def test_stopping_the_server_does_not_wait_for_a_delay(pool: ThreadPoolExecutor) -> None:
    with TwilioMock() as mock:
        fault = mock.fault("CreateApplication", delay(30))
        held = pool.submit(mock.client().applications.create)
        until_fired(fault)
        watch = Stopwatch().__enter__()
    watch.__exit__()
    assert watch.seconds < AT_ONCE
    with pytest.raises(requests.exceptions.ConnectionError):
        held.result(PATIENCE)


ALONE = """
from twilio_mock import TwilioMock, hang
mock = TwilioMock()
mock.fault("*", hang())
try:
    mock.client().applications.create()
except RuntimeError as problem:
    print(problem)
assert mock._account.in_flight == 0
"""


def test_a_hang_in_the_only_thread_is_refused_with_advice() -> None:
    # In a process of its own: pytest and its plugins may run threads.
    ended = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=30, check=True
    )
    assert "this hang would never end" in ended.stdout
    assert "account.client(timeout=0.1)" in ended.stdout
