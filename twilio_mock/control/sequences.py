"""Requests that have to come one after another, and what an assertion on them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twilio_mock.control.criteria import Wanted
from twilio_mock.control.near_miss import HELP, Numbered, closest, last, line
from twilio_mock.control.search import Search
from twilio_mock.state import State
from twilio_mock.state.exchanges import Exchange

Step = str | tuple[str, Mapping[str, Wanted]]


def step_parts(step: Step) -> tuple[str, dict[str, Wanted]]:
    """The operation and the criteria of a step."""
    return (step, {}) if isinstance(step, str) else (step[0], dict(step[1]))


def follow(
    state: State,
    account_sid: str | None,
    exchanges: Sequence[Numbered],
    searches: Sequence[Search],
    exact: bool,
) -> tuple[list[Exchange], str | None]:
    """The requests that meet the searches in turn, and what is wrong, `None` if nothing is."""
    met: list[Numbered] = []
    left = list(exchanges)
    for search in searches:
        place = next((i for i, (_, each) in enumerate(left) if search.finds(each)), None)
        if place is None or (exact and place):
            break
        met.append(left[place])
        del left[: place + 1]
    if len(met) == len(searches) and not (exact and left):
        return [exchange for _, exchange in met], None
    where = f"account {account_sid}" if account_sid else "no known account"
    how = "exactly these requests" if exact else "these requests in this order"
    lines = [f"twilio_mock: wanted {how} to {where}:"]
    lines += [f"  ok  {step}: {line(*each)}" for step, each in zip(searches, met, strict=False)]
    lines += [f"  NOT {search}" for search in searches[len(met) :]]
    return [], "\n".join([*lines, "", *rest(state, left, searches, met), "", HELP])


def rest(
    state: State, left: list[Numbered], searches: Sequence[Search], met: list[Numbered]
) -> list[str]:
    """What came instead of the first step that is missing, or besides all of them."""
    behind = f" after #{met[-1][0]}" if met else ""
    if not left:
        return [f"There was no request{behind}."]
    if len(met) == len(searches):
        return [f"Besides them there came{behind}:", *(f"  {line(*each)}" for each in left[:5])]
    near = closest(state, left, searches[len(met)])
    return [near, "", last(left, f"All that came{behind}:")]
