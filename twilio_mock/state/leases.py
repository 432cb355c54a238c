"""The accounts that live for a while only: how long, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from twilio_mock.waiting import real_clock

seconds_now = real_clock()


@dataclass(slots=True, eq=False)
class Lease:
    """How many seconds of real time an account lives after its last use, and when it ends."""

    seconds: float
    ends: float


class Leases:
    """The time to live of accounts, by AccountSid; those that are not here live on.

    Every use of an account, or of one of its subaccounts, renews it. No lease ends before
    `earliest`: who sees that moment pass has the state free what has ended. `watcher` is called,
    under the state's lock, when that moment has come nearer; it must not wait.
    """

    __slots__ = ("by_sid", "earliest", "watcher")

    def __init__(self) -> None:
        self.by_sid: dict[str, Lease] = {}
        self.earliest = inf
        self.watcher: Callable[[], None] | None = None

    def begin(self, sid: str, seconds: float) -> None:
        """Let an account live for so many seconds from now, and from each use of it."""
        lease = self.by_sid[sid] = Lease(seconds, seconds_now() + seconds)
        if lease.ends < self.earliest:
            self.earliest = lease.ends
            if self.watcher is not None:
                self.watcher()

    def renew(self, sid: str, now: float) -> None:
        """An account was used: begin its time anew."""
        lease = self.by_sid.get(sid)
        if lease is not None:
            lease.ends = now + lease.seconds

    def end(self, sid: str) -> None:
        """An account is gone."""
        self.by_sid.pop(sid, None)

    def take_ended(self, now: float) -> list[str]:
        """The accounts whose time is over; they are forgotten here."""
        ended = [sid for sid, lease in self.by_sid.items() if lease.ends <= now]
        for sid in ended:
            del self.by_sid[sid]
        self.earliest = min((lease.ends for lease in self.by_sid.values()), default=inf)
        return ended

    def left(self, sid: str) -> float | None:
        """In how many seconds an account ends if nobody uses it; `None` if it lives on."""
        lease = self.by_sid.get(sid)
        return None if lease is None else max(0.0, lease.ends - seconds_now())
