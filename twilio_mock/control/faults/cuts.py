"""Effects on the connection: it is closed, reset, cut short or slow."""

from __future__ import annotations

from dataclasses import dataclass

from twilio_mock.control.faults.encounter import SILENCE, Effect, Encounter


@dataclass(frozen=True, slots=True)
class End(Effect):
    """See `hang_up`, `reset` and `lose_response`."""

    name: str
    reset: bool
    after_write: bool

    def takes_over(self) -> bool:
        """Whether nothing is done."""
        return not self.after_write

    def strike(self, encounter: Encounter) -> bool:
        """End the connection without an answer."""
        encounter.sending = encounter.sending._replace(length=-1, reset=self.reset)
        if not self.after_write:
            encounter.instead = SILENCE
        return True


@dataclass(frozen=True, slots=True)
class Truncate(Effect):
    """See `truncate`."""

    length: int | None
    name: str = "truncate"

    def strike(self, encounter: Encounter) -> bool:
        """Cut the answer short."""
        encounter.cut = self.cut
        return True

    def cut(self, length: int) -> int | None:
        """How much of a body is sent: -1 for not even its head, `None` for all of it."""
        if length == 0:
            return -1
        kept = length // 2 if self.length is None else self.length
        return kept if kept < length else None


@dataclass(frozen=True, slots=True)
class Trickle(Effect):
    """See `trickle`."""

    bytes_per_second: float
    name: str = "trickle"

    def strike(self, encounter: Encounter) -> bool:
        """Slow the answer down."""
        encounter.sending = encounter.sending._replace(bytes_per_second=self.bytes_per_second)
        return True


def hang_up(*, after_write: bool = False) -> Effect:
    """Close the connection without an answer; nothing was done, unless `after_write`."""
    return End("hang_up", False, after_write)


def reset(*, after_write: bool = False) -> Effect:
    """Reset the connection (TCP RST) without an answer; nothing was done, unless `after_write`."""
    return End("reset", True, after_write)


def lose_response() -> Effect:
    """Do what was asked, and close the connection without an answer."""
    return End("lose_response", False, True)


def truncate(length: int | None = None) -> Effect:
    """Do what was asked, and close the connection after so many bytes of the answer's body.

    Without `length` half of them are sent. An answer without a body is lost as a whole, and one
    that is no longer than `length` arrives whole.
    """
    if length is not None and length < 0:
        raise ValueError(f"twilio_mock: {length} is no number of bytes")
    return Truncate(length)


def trickle(bytes_per_second: float) -> Effect:
    """Send the body of the answer at this speed. Raises `ValueError` for a speed of 0 or less."""
    if not 0 < bytes_per_second < float("inf"):
        raise ValueError(f"twilio_mock: {bytes_per_second} bytes a second is no speed")
    return Trickle(bytes_per_second)
