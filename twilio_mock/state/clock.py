"""What time it is in an account."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """The time that an account's records are stamped with, in seconds since 1970.

    It runs with the real time, ahead of it by `ahead`, or stands at `stopped_at`. It asks
    `datetime.now`, looked up at each call: freezegun replaces that name while a test has frozen
    the time, in every thread, which it does not do for `time.time()`.
    """

    __slots__ = ("ahead", "stopped_at")

    def __init__(self) -> None:
        self.ahead = 0.0
        self.stopped_at: float | None = None

    def now(self) -> float:
        """What it shows."""
        if self.stopped_at is not None:
            return self.stopped_at
        return datetime.now(UTC).timestamp() + self.ahead

    def stop(self, at: float) -> None:
        """Let it stand."""
        self.stopped_at = at

    def advance(self, seconds: float) -> None:
        """Put it forward (or back), whether it runs or stands."""
        if self.stopped_at is not None:
            self.stopped_at += seconds
        else:
            self.ahead += seconds

    def run(self) -> None:
        """Let it run with the real time again."""
        self.ahead, self.stopped_at = 0.0, None

    def copy(self) -> Clock:
        """Another clock that shows the same."""
        twin = Clock()
        twin.ahead, twin.stopped_at = self.ahead, self.stopped_at
        return twin
