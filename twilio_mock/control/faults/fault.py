"""A fault as a value: which requests it is for, how often it hits, and what it does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypedDict

from twilio_mock.arguments import check_number
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.matching import Match, Predicate


class FaultOptions(TypedDict, total=False):
    """Which requests a fault hits, and how often.

    `sid`, `caller` and `when`: see `Match`. Of the requests that match, the first `after` pass;
    of the others those are hit whose number, from 1, is in `nth`, at most `times` of them, each
    with that `probability` (0 to 1). `name` is how the fault is listed. With `may_not_fire` it
    is fine that nothing was hit.
    """

    sid: str | None
    caller: str | None
    when: Predicate | None
    times: int | None
    after: int
    nth: int | Collection[int]
    probability: float
    name: str | None
    may_not_fire: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, for which requests and how often: a value; see `FaultOptions`.

    Raises `ValueError` for a fault that could never hit, and for two effects of which both would
    take the place of the answer; `TypeError` for a value of the wrong kind.
    """

    match: Match
    effects: tuple[Effect, ...]
    times: int | None = None
    after: int = 0
    nth: frozenset[int] = frozenset()
    probability: float = 1.0

    def __post_init__(self) -> None:
        if not self.effects:
            raise ValueError("twilio_mock: say what goes wrong, error(20503) for example")
        for effect in self.effects:
            if not isinstance(effect, Effect):
                raise TypeError(f"twilio_mock: {effect!r} is no effect; error(20503) would be one")
        answers = [effect.name for effect in self.effects if effect.takes_over()]
        if len(answers) > 1:
            raise ValueError(f"twilio_mock: {' and '.join(answers)} cannot both be the answer")
        if self.times is not None:
            check_number("times", self.times, whole=True)
        for number in (self.after, *self.nth):
            check_number("after and nth: each", number, whole=True)
        check_number("probability", self.probability)
        if self.times is not None and self.times < 1:
            raise ValueError(f"twilio_mock: times is 1 or more, not {self.times}")
        if self.after < 0 or any(number < 1 for number in self.nth):
            raise ValueError("twilio_mock: after counts from 0 and nth from 1")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"twilio_mock: a probability is 0 to 1, not {self.probability}")

    def __str__(self) -> str:
        return f"{' + '.join(effect.name for effect in self.effects)} on {self.match}"
