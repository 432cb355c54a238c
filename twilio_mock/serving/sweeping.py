"""Frees the accounts whose time to live is over, also while nobody asks the server anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from math import inf

from twilio_mock.state import State
from twilio_mock.state.leases import seconds_now


class Sweeper:
    """A timer in the loop that runs the server, set to the moment when the next account may end.

    While no account has a time to live there is no timer.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        self._loop = asyncio.get_running_loop()
        with self._state.lock:
            self._state.leases.watcher = self._wake
        self._set_timer()

    def stop(self) -> None:
        """End, in the same loop; nothing is left behind. No effect if it never began."""
        if self._loop is None:
            return
        with self._state.lock:
            self._state.leases.watcher = None
        self._loop = None
        self._cancel()

    async def while_running(self) -> AsyncIterator[None]:
        """From the start to the clean-up of an `aiohttp.web.Application`."""
        self.start()
        yield
        self.stop()

    def _wake(self) -> None:
        """Called in any thread, when the next end has come nearer."""
        loop = self._loop
        with suppress(RuntimeError):  # the loop was closed meanwhile
            if loop is not None:
                loop.call_soon_threadsafe(self._set_timer)

    def _set_timer(self) -> None:
        self._cancel()
        if self._loop is None:
            return
        with self._state.lock:
            earliest = self._state.leases.earliest
        if earliest < inf:
            wait = max(0.0, earliest - seconds_now())
            self._timer = self._loop.call_later(wait, self._sweep)

    def _sweep(self) -> None:
        with self._state.lock:
            self._state.sweep(seconds_now())
        self._set_timer()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
