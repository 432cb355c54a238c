"""Waiting for what other threads or tasks bring about: blocking, and in a running loop.

Whoever brings it about calls the listeners, which only wake up whoever waits: nothing waits
under a lock.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TypeVar

from twilio_mock.waiting import real_clock

T = TypeVar("T")
Listen = Callable[[Callable[[], None]], AbstractContextManager[None]]
_seconds = real_clock(time)


def wait_blocking(
    look: Callable[[], T | None], listen: Listen, timeout: float, interval: float | None = None
) -> T | None:
    """What `look` finds, or `None` if that is nothing for `timeout` seconds of real time.

    `listen` gives a block in which a function is called each time when there may be more; with an
    `interval` it is looked again after so many seconds in any case.
    """
    woken = threading.Event()
    deadline = _seconds() + timeout
    with listen(woken.set):
        while True:
            woken.clear()
            found = look()
            left = deadline - _seconds()
            if found is not None or left <= 0:
                return found
            woken.wait(left if interval is None else min(left, interval))


async def wait_in_loop(
    look: Callable[[], T | None],
    listen: Listen,
    timeout: float,  # noqa: ASYNC109 (what is found is returned, no exception raised)
    interval: float | None = None,
) -> T | None:
    """The same in the running loop, whose clock counts the seconds."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        # A loop that was closed meanwhile waits for nothing.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(woken.set)

    deadline = loop.time() + timeout
    with listen(wake):
        while True:
            woken.clear()
            found = look()
            left = deadline - loop.time()
            if found is not None or left <= 0:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    woken.wait(), left if interval is None else min(left, interval)
                )
