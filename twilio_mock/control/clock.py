"""The clock of an account, as a test turns it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from twilio_mock.arguments import check_number
from twilio_mock.state import Account


class ClockHandle:
    """What time it is in one account: `date_created` and `date_updated` follow it.

    It runs with the real time (or freezegun's) until a test stops or advances it.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    @property
    def now(self) -> datetime:
        """What it shows, in UTC."""
        return datetime.fromtimestamp(self._account.clock.now(), UTC)

    @property
    def stopped(self) -> bool:
        """Whether it stands."""
        return self._account.clock.stopped_at is not None

    def set(self, moment: datetime | float | str) -> None:
        """Stop it at a moment: a datetime with a time zone, such as text, or seconds since 1970.

        The text is one of ISO 8601: `"2026-01-31T12:00:00Z"`. Raises `ValueError` for another
        one, for a moment without a time zone, and for one outside of the years 1970 to 9999.
        """
        if isinstance(moment, str):
            moment = moment_of(moment)
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                advice = "datetime(2026, 1, 1, tzinfo=UTC)"
                raise ValueError(f"twilio_mock: a clock needs a time zone, as in {advice}")
            moment = moment.timestamp()
        check_number("the moment of a clock", moment)
        self._move(stop_at=float(moment))

    def advance(self, seconds: float | timedelta) -> None:
        """Put it forward by so many seconds, whether it runs or stands.

        Raises `ValueError` if they are negative, since `set` is what puts it back, and if it
        would leave the years 1970 to 9999.
        """
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        check_number("seconds", seconds)
        if seconds < 0:
            raise ValueError("twilio_mock: a clock is only put forward; to go back, set it")
        self._move(advance_by=float(seconds))

    def run(self) -> None:
        """Let it run with the real time again."""
        with self._account.state.lock:
            self._account.clock.run()

    def _move(self, *, stop_at: float | None = None, advance_by: float = 0.0) -> None:
        with self._account.state.lock:
            clock = self._account.clock.copy()
            if stop_at is not None:
                clock.stop(stop_at)
            clock.advance(advance_by)
            check_moment(clock.now())
            self._account.clock = clock

    def __repr__(self) -> str:
        return f"<clock of {self._account.sid}: {self.now.isoformat()}>"


def moment_of(text: str) -> datetime:
    """The moment that a text says; raises `ValueError`."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        advice = '"2026-01-31T12:00:00Z"'
        raise ValueError(f"twilio_mock: {text!r} is no moment; one is {advice}") from None


def check_moment(seconds: float) -> None:
    """Refuse, with `ValueError`, what a clock cannot show."""
    if not FIRST_SECOND <= seconds < LAST_SECOND:
        raise ValueError("twilio_mock: a clock shows the years 1970 to 9999")


FIRST_SECOND = 0.0
# A month before the end, so that a running clock does not reach it in a test.
LAST_SECOND = datetime(9999, 12, 1, tzinfo=UTC).timestamp()
