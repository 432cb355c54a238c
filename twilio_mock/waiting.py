"""Real time, and what a request can wait for: values that know neither threads nor loops."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, NamedTuple


def real_clock(clocks: Any = time) -> Callable[[], float]:
    """Monotonic seconds that freezegun and time-machine leave alone.

    freezegun replaces time.monotonic in `time` and wherever a module refers to it, perhaps
    before this module is imported, but not clock_gettime. Where that is missing (Windows), the
    function is held where freezegun does not look; then this module has to be imported first.
    """
    if hasattr(clocks, "clock_gettime"):
        return functools.partial(clocks.clock_gettime, clocks.CLOCK_MONOTONIC)
    return functools.partial(clocks.monotonic)


def real_date(clocks: Any = time) -> float:
    """Seconds since 1970, by the real clock too."""
    if hasattr(clocks, "clock_gettime"):
        return float(clocks.clock_gettime(clocks.CLOCK_REALTIME))
    return float(clocks.time())


class Latch:
    """Holds whoever waits for it until it is opened, once and for all.

    Every call of its methods needs the state's lock. `given_up` tells whoever was held that its
    request is not to go on.
    """

    __slots__ = ("_listeners", "given_up", "opened")

    def __init__(self) -> None:
        self.opened = False
        self.given_up = False
        self._listeners: list[Callable[[], None]] = []

    def open(self, *, give_up: bool = False) -> None:
        """Let go whoever waits; no effect if it is open."""
        if self.opened:
            return
        self.opened, self.given_up = True, give_up
        for listener in self._listeners:
            listener()
        self._listeners.clear()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call a function, which must not wait, when this opens: at once if it is open."""
        if self.opened:
            listener()
        else:
            self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Do not call this function any more."""
        if listener in self._listeners:
            self._listeners.remove(listener)


class Pause(NamedTuple):
    """Something to wait for: so many seconds of real time, or until a latch is opened.

    `why` says it in words, for the error when a wait would never end.
    """

    why: str
    seconds: float | None = None
    latch: Latch | None = None
