"""A loop in a thread of its own passes on what happens in it, and ends when it is told to."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from twilio_mock.serving import loop_thread
from twilio_mock.serving.loop_thread import LoopThread


async def answer() -> int:
    return 42


async def never() -> None:
    await asyncio.Event().wait()


def test_a_coroutine_runs_in_a_daemon_thread_and_its_result_comes_back(thread: LoopThread) -> None:
    async def where() -> threading.Thread:
        return threading.current_thread()

    found = thread.run(where())
    assert (found.name, found.daemon) == ("twilio_mock", True)
    assert found is not threading.current_thread()
    assert thread.ident == found.ident
    assert not thread._awaited


@pytest.mark.parametrize("problem", [ValueError("no"), TimeoutError("its own")])
def test_what_a_coroutine_raises_is_raised(thread: LoopThread, problem: BaseException) -> None:
    async def fail() -> None:
        raise problem

    with pytest.raises(type(problem), match=str(problem)):
        thread.run(fail())


@pytest.mark.filterwarnings("ignore:Exception in thread twilio_mock")
def test_a_thread_that_was_left_by_system_exit_can_be_started_again(
    thread: LoopThread, others: set[threading.Thread]
) -> None:
    async def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        thread.run(leave())
    for left in {*threading.enumerate()} - others:
        if left.name == "twilio_mock":
            left.join(5)
    with pytest.raises(RuntimeError, match=r"start\(\) it first"):
        thread.run(answer())
    thread.start()
    assert thread.run(answer()) == 42


def test_many_threads_may_wait_at_once(thread: LoopThread) -> None:
    async def twice(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        results = pool.map(lambda number: thread.run(twice(number)), range(200))
        assert list(results) == list(range(0, 400, 2))


def test_a_wait_can_be_limited_and_then_cancels(thread: LoopThread) -> None:
    cancelled = threading.Event()

    async def hang() -> None:
        try:
            await never()
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError, match=r"twilio_mock: the call took more than 0\.01 s"):
        thread.run(hang(), timeout=0.01)
    assert cancelled.wait(5)
    assert thread.run(answer()) == 42


def test_waiting_for_oneself_is_refused(thread: LoopThread) -> None:
    async def call_run() -> int:
        return thread.run(answer())

    async def call_stop() -> None:
        thread.stop()

    with pytest.raises(RuntimeError, match=r"run\(\) was called in the thread .* use `await`"):
        thread.run(call_run())
    with pytest.raises(RuntimeError, match=r"stop\(\) was called in the thread"):
        thread.run(call_stop())


def test_a_thread_runs_between_start_and_stop_and_can_be_started_again() -> None:
    thread = LoopThread()
    thread.stop()
    for _ in range(3):
        with pytest.raises(RuntimeError, match=r"start\(\) it first"):
            thread.run(answer())
        thread.start()
        with pytest.raises(RuntimeError, match="runs already"):
            thread.start()
        assert thread.run(answer()) == 42
        thread.stop()
        thread.stop()


def test_stopping_cancels_what_is_left(thread: LoopThread) -> None:
    ended = []

    async def leave_something() -> asyncio.Task[None]:
        async def hang() -> None:
            try:
                await never()
            finally:
                await asyncio.sleep(0)
                ended.append("task")

        async def count() -> AsyncIterator[int]:
            try:
                yield 1
                yield 2
            finally:
                ended.append("generator")

        counting = count()
        await anext(counting)
        kept.append(counting)
        task = asyncio.create_task(hang())
        await asyncio.sleep(0)
        return task

    kept: list[AsyncIterator[int]] = []
    task = thread.run(leave_something())
    thread.stop()
    assert task.cancelled()
    assert ended == ["task", "generator"]


def test_whoever_waits_while_the_thread_is_stopped_is_told(thread: LoopThread) -> None:
    waiting = threading.Event()

    async def hang() -> None:
        waiting.set()
        await never()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(lambda: thread.run(hang()))
        waiting.wait(5)
        thread.stop()
        with pytest.raises(RuntimeError, match="the thread was stopped while it was waited for"):
            call.result(5)


def test_a_task_that_will_not_be_cancelled_holds_up_neither_the_end_nor_who_waits(
    thread: LoopThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hanging = threading.Event()

    async def hang() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.set_name("stubborn")
        hanging.set()
        while True:
            with suppress(asyncio.CancelledError):
                await never()

    monkeypatch.setattr(loop_thread, "TASK_PATIENCE", 0.01)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(lambda: thread.run(hang()))
        hanging.wait(5)
        thread.stop()
        with pytest.raises(RuntimeError, match="the thread was stopped while it was waited for"):
            call.result(5)
    assert "exception calling callback" not in caplog.text


def test_a_thread_that_is_stuck_is_reported(
    thread: LoopThread, others: set[threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, go_on = threading.Event(), threading.Event()

    async def block() -> None:
        stuck.set()
        go_on.wait(5)

    monkeypatch.setattr(loop_thread, "THREAD_PATIENCE", 0.01)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: thread.run(block()))
        stuck.wait(5)
        with pytest.raises(RuntimeError, match=r"did not end within 0\.01 s"):
            thread.stop()
        go_on.set()
    for left in {*threading.enumerate()} - others:
        if left.name == "twilio_mock":
            left.join(5)


def test_an_interrupted_wait_cancels_what_it_waited_for(
    thread: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    async def hang() -> None:
        try:
            await never()
        finally:
            ended.set()

    def interrupted(self: object, timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(concurrent.futures.Future, "result", interrupted)
        with pytest.raises(KeyboardInterrupt):
            thread.run(hang())
    assert ended.wait(5)


def test_a_thread_that_cannot_be_started_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    thread = LoopThread()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            thread.start()
    gc.collect()  # a loop that was not closed says so when it is forgotten
    thread.start()
    assert thread.run(answer()) == 42
    thread.stop()


def in_a_new_process(script: str) -> str:
    """What a script prints that is run by a Python of its own."""
    command = [sys.executable, "-W", "ignore", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout


FROZEN_BEFORE_IMPORT = """
from freezegun import freeze_time
with freeze_time("2010-08-16"):
    import asyncio
    from twilio_mock.serving.loop_thread import LoopThread
    thread = LoopThread()
    thread.start()
    thread.run(asyncio.sleep(0.02), timeout=5)
    thread.stop()
print("slept")
"""


def test_timers_run_if_the_clock_was_held_before_the_first_import() -> None:
    assert in_a_new_process(FROZEN_BEFORE_IMPORT) == "slept\n"


FORKED = """
import asyncio, os
from twilio_mock.serving.loop_thread import LoopThread
thread = LoopThread()
thread.start()
child = os.fork()
if child == 0:
    for call in (lambda: thread.run(asyncio.sleep(0)), thread.start):
        try:
            call()
        except RuntimeError as problem:
            print(problem, flush=True)
    thread.stop()
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
thread.run(asyncio.sleep(0.01), timeout=5)
thread.stop()
print("the parent goes on")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_is_told_that_it_has_no_such_thread() -> None:
    *problems, status, parent = in_a_new_process(FORKED).splitlines()
    assert len(problems) == 2
    assert all("make a new mock here" in one for one in problems)
    assert (status, parent) == ("7", "the parent goes on")
