"""What a request is looked for by, and why one is not it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import EllipsisType
from typing import cast

from twilio_mock.rest.routing import FORMATS
from twilio_mock.spelling import near
from twilio_mock.state.exchanges import Exchange

Wanted = (
    str
    | int
    | None
    | EllipsisType
    | re.Pattern[str]
    | Sequence[str]
    | Mapping[str, "Wanted"]
    | Callable[[Exchange], object]
)
SHOWN_AT_MOST = 120
COMPARED_AT_MOST = 300
EXTENSIONS = tuple(filter(None, FORMATS))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one criterion makes of an exchange: `reason` says why not, `None` if it is met.

    `share` is how much it counts for at most, and `texts` are what has to be alike for that.
    """

    name: str
    was: str
    reason: str | None = None
    share: float = 1.0
    texts: tuple[str, str] = ("", "")

    @property
    def nearness(self) -> float:
        """1 if it is met, and less the further off it is."""
        return self.share * similar(*self.texts)


def brief(value: object) -> str:
    """A value in a message: not longer than can be read."""
    if value is ...:
        return "..."
    text = f"/{value.pattern}/" if isinstance(value, re.Pattern) else repr(value)
    return text if len(text) <= SHOWN_AT_MOST else f"{text[: SHOWN_AT_MOST - 3]}..."


def similar(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1."""
    cut = slice(COMPARED_AT_MOST)
    return difflib.SequenceMatcher(None, one[cut], other[cut], autojunk=False).ratio()


def text_of(value: Wanted) -> Wanted:
    """A value as it is sent: `True` is `true`, a number its digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


def fits(value: str, wanted: Wanted) -> bool:
    """Whether a text is the wanted one; a pattern has to be found in it."""
    if isinstance(wanted, re.Pattern):
        return wanted.search(value) is not None
    return wanted is ... or value == text_of(wanted)


def compare_text(name: str, wanted: Wanted, was: str | None) -> Comparison:
    """One text with the wanted one; of two texts that differ it tells where."""
    if was == wanted or (was is not None and fits(was, wanted)):
        return Comparison(name, brief(was))
    text = text_of(wanted)
    reason = f"wanted {brief(text)}"
    if not isinstance(text, str) or was is None:
        return Comparison(name, brief(was), reason, 0.0)
    if text.strip() == was.strip():
        reason += " (white space differs)"
    elif text.lower() == was.lower():
        reason += " (upper and lower case differ)"
    else:
        same = next((i for i, (a, b) in enumerate(zip(text, was, strict=False)) if a != b), None)
        same = min(len(text), len(was)) if same is None else same
        if same > 2:
            reason += f" (the same up to {brief(text[max(0, same - 15) : same])})"
    return Comparison(name, brief(was), reason, 0.8, (text, was))


def compare_pattern(name: str, wanted: Wanted, was: str | None) -> Comparison:
    """One text with the wanted one, in which `*` stands for anything."""
    if isinstance(wanted, str) and "*" in wanted and was is not None and fnmatchcase(was, wanted):
        return Comparison(name, brief(was))
    return compare_text(name, wanted, was)


def compare_path(name: str, wanted: Wanted, exchange: Exchange) -> Comparison:
    """The path, or the end of it: `Applications.json`, `Applications/*`; without its format too.

    The path of a fault leaves the format away as well.
    """
    path = exchange.path
    if isinstance(wanted, str) and not wanted.startswith("/"):
        path = path.partition("/Accounts/")[2].partition("/")[2] or path
    compared = compare_pattern(name, wanted, path)
    if compared.reason is None or not path.endswith(EXTENSIONS):
        return compared
    bare = compare_pattern(name, wanted, path.rpartition(".")[0])
    return bare if bare.reason is None else compared


def compare_status(name: str, wanted: Wanted, exchange: Exchange) -> Comparison:
    """The status: a number, or a class of them such as `4xx`."""
    was = str(exchange.status)
    if isinstance(wanted, str) and fnmatchcase(was, wanted.lower().replace("x", "?")):
        return Comparison(name, was)
    compared = compare_text(name, wanted, was)
    because = f" (code {exchange.error_code})" if exchange.error_code else ""
    return Comparison(name, was + because, compared.reason, compared.share, compared.texts)


def compare_any(name: str, wanted: Wanted, found: Iterable[str]) -> Comparison:
    """Several texts, of which one has to be the wanted one."""
    compared = [compare_pattern(name, wanted, each) for each in found]
    best = max(compared, key=lambda each: each.nearness, default=None)
    if best is not None and best.reason is None:
        return best
    was = ", ".join(each.was for each in compared) or "none"
    return Comparison(name, was, f"wanted {brief(wanted)}", best.nearness if best else 0.0)


def compare_where(name: str, wanted: Wanted, exchange: Exchange) -> Comparison:
    """What a function of the test says."""
    function = cast(Callable[[Exchange], object], wanted)
    called = getattr(function, "__name__", repr(function))
    if function(exchange):
        return Comparison(name, f"{called} says yes")
    return Comparison(name, f"{called} says no", "wanted a yes", 0.0)


def sids_of(exchange: Exchange) -> tuple[str, ...]:
    """The SIDs that an exchange is about: in its path, and of what it changed."""
    in_path = re.findall(r"[A-Z]{2}[0-9a-fA-F]{32}", exchange.path)
    return tuple(
        dict.fromkeys((*in_path[::-1], *exchange.created, *exchange.updated, *exchange.deleted))
    )


def compare_parameter(name: str, wanted: Wanted, exchange: Exchange) -> Comparison:
    """One parameter, by Twilio's name; of a repeated one the last value, as Twilio takes it."""
    sent = [value for each, value in exchange.parameters if each == name]
    if isinstance(wanted, list | tuple):
        if sent == list(wanted):
            return Comparison(name, brief(sent))
        return Comparison(name, brief(sent), f"wanted {brief(list(wanted))}", 0.3)
    if wanted is None:
        unwanted = "wanted it not to be sent" if sent else None
        return Comparison(name, brief(sent[-1]) if sent else "not sent", unwanted, 0.3)
    if sent:
        return compare_text(name, wanted, sent[-1])
    return missing_parameter(name, wanted, exchange)


def missing_parameter(name: str, wanted: Wanted, exchange: Exchange) -> Comparison:
    """A parameter that was not sent; perhaps it was, under a misspelt name."""
    reason = f"wanted {brief(text_of(wanted))}"
    names = {each.lower().replace("_", ""): each for each, _ in exchange.parameters}
    found = near(name, names, cutoff=0.8)
    if found is None:
        return Comparison(name, "not sent", reason, 0.0)
    misspelt = names[found]
    value = brief(exchange.parameter(misspelt))
    was = f"not sent, but {misspelt}={value} was: misspelt in the code under test or in the test?"
    return Comparison(name, was, reason, 0.6)


# What can be asked of an exchange besides its parameters.
CRITERIA: Mapping[str, Callable[[str, Wanted, Exchange], Comparison]] = {
    "operation": lambda name, wanted, e: compare_pattern(name, wanted, e.operation),
    "method": lambda name, wanted, e: compare_text(name, wanted, e.method.upper()),
    "path": compare_path,
    "status": compare_status,
    "error_code": lambda name, wanted, e: compare_text(
        name, wanted, None if e.error_code is None else str(e.error_code)
    ),
    "caller": lambda name, wanted, e: compare_text(name, wanted, e.caller),
    "sid": lambda name, wanted, e: compare_any(name, wanted, sids_of(e)),
    "fault": lambda name, wanted, e: compare_any(name, wanted, e.faults),
    "finding": lambda name, wanted, e: compare_any(name, wanted, [f.rule for f in e.findings]),
    "request_id": lambda name, wanted, e: compare_text(name, wanted, e.request_id),
    "where": compare_where,
}
