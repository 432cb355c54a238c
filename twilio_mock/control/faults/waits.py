"""Effects that take time: a delay, a hang, a barrier; and too many requests at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from twilio_mock.control.faults.encounter import Effect, Encounter
from twilio_mock.errors import TwilioError
from twilio_mock.waiting import Latch, Pause


@dataclass(frozen=True, slots=True)
class Delay(Effect):
    """See `delay`."""

    low: float
    high: float
    after_write: bool
    name: str = "delay"

    def strike(self, encounter: Encounter) -> bool:
        """Make it wait."""
        seconds = self.low
        if self.high > self.low:
            seconds += encounter.draw() * (self.high - self.low)
        pauses = encounter.after if self.after_write else encounter.before
        pauses.append(Pause("delay", seconds))
        return True


@dataclass(frozen=True, slots=True)
class Hang(Effect):
    """See `hang`."""

    after_write: bool
    name: str = "hang"
    held: list[Latch] = field(default_factory=list, compare=False, repr=False)

    def arm(self) -> Effect:
        """One that holds requests of its own."""
        return Hang(self.after_write)

    def strike(self, encounter: Encounter) -> bool:
        """Hold it."""
        latch = Latch()
        self.held.append(latch)
        pauses = encounter.after if self.after_write else encounter.before
        pauses.append(Pause("hang", latch=latch))
        encounter.on_end.append(lambda: self.held.remove(latch))
        return True

    def release(self, *, give_up: bool) -> None:
        """Let all go."""
        for latch in self.held:
            latch.open(give_up=give_up)


@dataclass(frozen=True, slots=True)
class Barrier(Effect):
    """See `barrier`."""

    n: int
    name: str = "barrier"
    arrived: list[Latch] = field(default_factory=list, compare=False, repr=False)

    def arm(self) -> Effect:
        """One at which nobody has arrived."""
        return Barrier(self.n)

    def strike(self, encounter: Encounter) -> bool:
        """Hold it, or let all go if it is the last."""
        if len(self.arrived) >= self.n:
            return False
        latch = Latch()
        self.arrived.append(latch)
        if len(self.arrived) == self.n:
            self.release(give_up=False)
        encounter.after.append(Pause("barrier", latch=latch))
        return True

    def release(self, *, give_up: bool) -> None:
        """Let all go."""
        for latch in self.arrived:
            latch.open(give_up=give_up)


@dataclass(slots=True)
class InFlight:
    """How many requests have come and are not answered."""

    count: int = 0

    def leave(self) -> None:
        """One is answered."""
        self.count -= 1


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit(Effect):
    """See `concurrency_limit`."""

    n: int
    name: str = "concurrency_limit"
    in_flight: InFlight = field(default_factory=InFlight, compare=False, repr=False)

    def arm(self) -> Effect:
        """One that has counted nothing."""
        return ConcurrencyLimit(self.n)

    def strike(self, encounter: Encounter) -> bool:
        """Refuse it if there are too many already; count it."""
        self.in_flight.count += 1
        encounter.on_end.append(self.in_flight.leave)
        if self.in_flight.count <= self.n:
            return False
        encounter.instead = TwilioError(20429)
        return True


def delay(seconds: float | tuple[float, float], *, after_write: bool = False) -> Effect:
    """Answer later, by so many seconds of real time, or by as many as are drawn from a range.

    The operation takes place after the delay, unless `after_write` says before it: then others
    see what was written while its answer is under way. It takes place also for a client that has
    given up. Raises `ValueError` for a time below 0.
    """
    low, high = seconds if isinstance(seconds, tuple) else (seconds, seconds)
    if not 0 <= low <= high < float("inf"):
        raise ValueError(f"twilio_mock: delay takes seconds from 0, or (low, high); not {seconds}")
    return Delay(low, high, after_write)


def hang(*, after_write: bool = False) -> Effect:
    """Do not answer before the fault is removed.

    Then the operation takes place and is answered, unless the client has given up: then nothing
    is done. With `after_write` it has taken place already. Leaving the `with` block of the fault
    removes it, stopping the server ends the connection.
    """
    return Hang(after_write)


def barrier(n: int) -> Effect:
    """Hold the answers of the first `n - 1` requests until the `n`th is there; then stand open.

    Each operation takes place when its request comes. So `n` clients which look before they write
    all see the same, before any of them can go on. Raises `ValueError` for `n` below 2.
    """
    if n < 2:
        raise ValueError(f"twilio_mock: a barrier is for 2 requests or more, not {n}")
    return Barrier(n)


def concurrency_limit(n: int) -> Effect:
    """Refuse with 429 and 20429 while `n` of the requests that match are not yet answered.

    Raises `ValueError` for `n` below 0.
    """
    if n < 0:
        raise ValueError(f"twilio_mock: {n} is no number of requests")
    return ConcurrencyLimit(n)
