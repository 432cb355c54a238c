"""A thread with an event loop of its own, for the blocking face."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, TypeVar

from twilio_mock.serving.exhaustion import Exhaustion
from twilio_mock.waiting import real_clock

T = TypeVar("T")

# Seconds that cancelled tasks get to come to their end, and the thread to come to its own.
TASK_PATIENCE = 1.0
THREAD_PATIENCE = 5.0


class RealTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers run on while the test's clock stands still."""

    _clock = staticmethod(real_clock())

    def time(self) -> float:
        """Monotonic seconds."""
        return self._clock()


class LoopThread:
    """An event loop that runs in a daemon thread of its own from `start()` to `stop()`."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._awaited: set[Future[Any]] = set()

    @property
    def ident(self) -> int | None:
        """The identifier of the thread; `None` while it does not run."""
        return self._thread.ident if self._thread else None

    def start(self) -> None:
        """Start the thread. Raises `RuntimeError` if it runs already."""
        self._check_process()
        with self._gate:
            if self._loop is not None:
                raise RuntimeError("twilio_mock: this thread runs already; stop() it first")
            loop = RealTimeLoop()
            loop.set_exception_handler(Exhaustion())
            thread = threading.Thread(
                target=self._serve, args=(loop,), name="twilio_mock", daemon=True
            )
            try:
                thread.start()
            except BaseException:
                loop.close()
                raise
            self._loop, self._thread = loop, thread

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine in the loop, wait for it, and return what it returns.

        Raises what it raises; `TimeoutError` if it has not ended after `timeout` seconds, and
        then it is cancelled; `RuntimeError` if the thread does not run, if it is stopped
        meanwhile, or if this is called where it would wait for itself.
        """
        try:
            future = self._schedule(coroutine)
        except BaseException:
            coroutine.close()
            raise
        try:
            return future.result(timeout)
        except CancelledError:
            raise RuntimeError(
                "twilio_mock: the thread was stopped while it was waited for"
            ) from None
        except TimeoutError:
            if future.done():
                raise
            raise TimeoutError(f"twilio_mock: the call took more than {timeout:g} s") from None
        finally:
            future.cancel()  # no effect if it has ended
            self._awaited.discard(future)

    def stop(self) -> None:
        """Cancel what runs in the loop, and end loop and thread; nothing if they do not run.

        Raises `RuntimeError` when called in the thread itself, or if something keeps it busy.
        In a process forked from the one that started it there is no thread, and nothing is done.
        """
        if self._process != os.getpid():
            return
        self._check_thread("stop")
        with self._gate:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        with suppress(RuntimeError):  # it has closed meanwhile
            loop.call_soon_threadsafe(loop.stop)
        thread.join(THREAD_PATIENCE)
        if thread.is_alive():
            raise RuntimeError(
                f"twilio_mock: the thread did not end within {THREAD_PATIENCE:g} s; "
                "something that it called does not return"
            )

    def _schedule(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        self._check_process()
        self._check_thread("run")
        with self._gate:
            if self._loop is None:
                raise RuntimeError("twilio_mock: the thread does not run; start() it first")
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
            self._awaited.add(future)
            return future

    def _check_process(self) -> None:
        if self._process != os.getpid():
            raise RuntimeError(
                f"twilio_mock: this mock belongs to process {self._process}, of which this one is "
                "a fork, and threads are not forked; make a new mock here"
            )

    def _check_thread(self, call: str) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError(
                f"twilio_mock: {call}() was called in the thread whose loop it would wait for; "
                "use `await` there, or call it in another thread"
            )

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """What the thread does."""
        try:
            loop.run_forever()
        finally:
            try:
                wind_up(loop)
            finally:
                with self._gate:
                    for future in self._awaited.copy():  # of tasks that would not be cancelled
                        future.cancel()
                    loop.close()
                    if self._loop is loop:  # not stopped: something in it raised SystemExit
                        self._loop = self._thread = None


def wind_up(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel the tasks that are left and let them end."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=TASK_PATIENCE))
    loop.run_until_complete(loop.shutdown_asyncgens())
