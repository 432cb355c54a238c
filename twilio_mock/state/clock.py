"""What time it is in an account."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """The time that an account's records are stamped with.

    It asks `datetime.now`, looked up at each call: freezegun replaces that name while a test has
    frozen the time, in every thread, which it does not do for `time.time()`.
    """

    __slots__ = ()

    def now(self) -> float:
        """Seconds since 1970."""
        return datetime.now(UTC).timestamp()
