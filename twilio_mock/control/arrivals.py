"""Waiting for a request without a thread or a loop: as steps, for whoever can wait."""

from __future__ import annotations

from collections.abc import Generator

from twilio_mock.control.criteria import Wanted
from twilio_mock.control.near_miss import Numbered
from twilio_mock.control.request_log import RequestLog
from twilio_mock.waiting import Latch, Pause, real_clock

_seconds = real_clock()


class Arrivals(RequestLog):
    """The requests in a journal, to wait for."""

    def steps(
        self, operation: str | None, /, *, times: int, timeout: float, **criteria: Wanted
    ) -> Generator[Pause, None, Numbered]:
        """What there is to wait for until the request came, or the `times`-th of them.

        What came before counts too. Every step needs the state's lock. Raises `TimeoutError`,
        which tells what came instead, after `timeout` seconds of real time.
        """
        search = self._search(operation, criteria)
        watchers = self._place.journal.watchers
        deadline = _seconds() + timeout
        while len(found := self._found(search)) < times:
            left = deadline - _seconds()
            if left <= 0:
                raise TimeoutError(self._late(search, times, timeout))
            latch = Latch()
            watchers.append(latch.open)
            try:
                yield Pause("wait for a request", left, latch)
            finally:
                watchers.remove(latch.open)
        return found[times - 1]
