"""The requests of an account as a test holds them: to read, to assert on and to wait for."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

from twilio_mock.arguments import check_number
from twilio_mock.control.criteria import Wanted
from twilio_mock.control.request_log import RequestLog
from twilio_mock.control.search import Search
from twilio_mock.state import Account, State
from twilio_mock.state.exchanges import Exchange

ADVICE = (
    "twilio_mock: an event loop runs in this thread, and to block it would hold up whoever is "
    "waited for: write `await ....requests.wait_for(...)` here"
)
FACES = ", and take the async face: `async with TwilioMock()`, or the fixture async_twilio_mock"


class Arrival(Exchange):
    """An exchange that was waited for. Inside a running event loop it has to be awaited."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Exchange]:
        """The exchange itself."""
        return self
        yield  # never reached: this makes it a generator


class Awaited:
    """Stands in for an exchange until it is awaited; refuses to be taken for one."""

    def __init__(self, wait: Callable[[], Generator[Any, None, Exchange]]) -> None:
        self._wait = wait
        self._begun = False

    def __await__(self) -> Generator[Any, None, Exchange]:
        __tracebackhide__ = True
        self._begun = True
        return (yield from self._wait())

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(ADVICE)

    def __del__(self) -> None:
        if not self._begun:
            warnings.warn(ADVICE, RuntimeWarning, stacklevel=2)


class Requests(RequestLog):
    """The requests in a journal, oldest first, to read, to assert on and to wait for.

    The criteria by which requests are found are described at `RequestLog`.
    """

    def __init__(self, place: Account | State, *, blocking: bool = False) -> None:
        super().__init__(place)
        self._blocking = blocking

    def wait_for(
        self,
        operation: str | None = None,
        /,
        *,
        times: int = 1,
        timeout: float = 5.0,
        **criteria: Wanted,
    ) -> Arrival:
        """The request that meets the criteria, or the `times`-th of them: waits until it came.

        In the async face, await it inside a running event loop; there the blocking face raises
        `RuntimeError`. What came before counts too. Raises `TimeoutError`, which tells what came
        instead, after `timeout` seconds of real time.
        """
        from twilio_mock.serving.deliver import loop_is_running
        from twilio_mock.serving.waiting import wait_blocking, wait_in_loop

        __tracebackhide__ = True
        check_wait(times, timeout)
        search = self._search(operation, criteria)
        interval = self._place.journal.interval

        def look() -> Exchange | None:
            found = self._found(search)
            return found[times - 1][1] if len(found) >= times else None

        if not loop_is_running():
            found = wait_blocking(look, self._listening, timeout, interval)
            return Arrival._make(self._in_time(found, search, times, timeout))

        if self._blocking:
            raise RuntimeError(ADVICE + FACES)

        async def arrival() -> Exchange:
            __tracebackhide__ = True
            found = await wait_in_loop(look, self._listening, timeout, interval)
            return self._in_time(found, search, times, timeout)

        return cast(Arrival, Awaited(lambda: arrival().__await__()))

    def _in_time(
        self, found: Exchange | None, search: Search, times: int, timeout: float
    ) -> Exchange:
        """What was found; raises `TimeoutError` if nothing was."""
        __tracebackhide__ = True
        if found is not None:
            return found
        raise TimeoutError(self._late(search, times, timeout))

    @contextmanager
    def _listening(self, listener: Callable[[], None]) -> Iterator[None]:
        """Have a function called whenever a request was noted."""
        watchers = self._place.journal.watchers
        with self._state.lock:
            watchers.append(listener)
        try:
            yield
        finally:
            with self._state.lock:
                watchers.remove(listener)


def check_wait(times: int, timeout: float) -> None:
    """Refuse, with `TypeError` or `ValueError`, what nobody can wait for."""
    check_number("times", times, whole=True)
    check_number("timeout", timeout)
    if times < 1:
        raise ValueError(f"twilio_mock: times is 1 or more, not {times}")
