"""Waiting in real time, whatever a test has done to its clock, in a thread or in a loop."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from twilio_mock.state import State
from twilio_mock.waiting import Pause, real_clock

# Seconds that a blocking call without a time limit waits for what another thread has to do.
LONGEST = 30.0
# Two looks at a loop's clock this many seconds apart tell whether it stands still.
GLANCE = 20e-6
# A clock that agrees with the real one to so many seconds is the real one.
AGREEMENT = 1.0
ADVICE = (
    "remove the fault in another thread, or give the client a time limit: "
    "account.client(timeout=0.1)"
)

now = real_clock()


class FrozenLoop(RuntimeError):
    """The clock of the event loop is frozen, so that no timer would ever go off."""

    def __init__(self, why: str) -> None:
        self.reason = (
            f"this {why} would never end, because the clock of its event loop is frozen; "
            "write freeze_time(..., real_asyncio=True)"
        )
        super().__init__(f"twilio_mock: {self.reason}")


def is_frozen(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether the clock of a loop stands still, so that no timer of it would ever go off."""
    first, start = loop.time(), now()
    if abs(first - start) < AGREEMENT:
        return False
    while now() - start < GLANCE:
        pass
    return loop.time() == first


def check_clock(loop: asyncio.AbstractEventLoop, why: str) -> None:
    """Raise `FrozenLoop` if a timer of this loop would never go off."""
    if is_frozen(loop):
        raise FrozenLoop(why)


async def pause_task(state: State, pause: Pause) -> None:
    """Wait in the running loop. Raises `FrozenLoop`."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not over.done():
            over.set_result(None)

    def wake_from_a_thread() -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(wake)

    timer = None
    if pause.seconds is not None:
        check_clock(loop, pause.why)
        timer = loop.call_later(pause.seconds, wake)
    if pause.latch is not None:
        with state.lock:
            pause.latch.listen(wake_from_a_thread)
    try:
        await over
    finally:
        if timer is not None:
            timer.cancel()
        if pause.latch is not None:
            with state.lock:
                pause.latch.forget(wake_from_a_thread)


def pause_thread(state: State, pause: Pause, left: float | None) -> bool:
    """Wait in this thread, at most for `left` seconds; whether that was enough.

    Raises `RuntimeError` for a wait without a limit that no other thread would end.
    """
    woken = threading.Event()
    if pause.latch is None:
        seconds = pause.seconds or 0.0
        woken.wait(seconds if left is None else min(seconds, left))
        return left is None or seconds <= left
    with state.lock:
        pause.latch.listen(woken.set)
    try:
        if left is None and pause.seconds is None and not woken.is_set() and is_alone():
            raise RuntimeError(
                f"twilio_mock: this {pause.why} would never end, because no other thread runs "
                f"that could end it; {ADVICE}"
            )
        limits = [each for each in (pause.seconds, left) if each is not None]
        enough = woken.wait(min(limits, default=LONGEST))
    finally:
        with state.lock:
            pause.latch.forget(woken.set)
    if pause.seconds is not None and pause.seconds == min(limits):
        return True
    if not enough and left is None:
        raise RuntimeError(f"twilio_mock: this {pause.why} took more than {LONGEST:g} s; {ADVICE}")
    return enough


def is_alone() -> bool:
    """Whether there is no other thread, the server's own apart."""
    here = threading.current_thread()
    return all(each is here or each.name == "twilio_mock" for each in threading.enumerate())
