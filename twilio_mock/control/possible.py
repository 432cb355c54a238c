"""Which values the criteria of a search can have: what cannot be would make `assert_none` pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from twilio_mock.arguments import METHODS
from twilio_mock.control.criteria import Wanted, brief
from twilio_mock.rest.routing import SID
from twilio_mock.rules import MISTAKES, RULES
from twilio_mock.spelling import meant

# 0 is that of a request that was given no answer.
STATUSES = ("0", *map(str, range(100, 600)))
# What may be wanted not to be there.
MAY_BE_NONE = ("caller", "error_code")
NUMBERS = ("status", "error_code")


def possible(name: str, wanted: Wanted) -> Wanted:
    """The value of a criterion, as it can be found.

    Raises `ValueError` for one that no request can have, and `TypeError` for one of a wrong kind.
    """
    if name == "where":
        if not callable(wanted):
            raise TypeError(f"twilio_mock: where is a function of a request, not {brief(wanted)}")
        return wanted
    if wanted is ... or isinstance(wanted, re.Pattern) or (wanted is None and name in MAY_BE_NONE):
        return wanted
    is_number = isinstance(wanted, int) and not isinstance(wanted, bool) and name in NUMBERS
    if not (is_number or isinstance(wanted, str)):
        what = "a number or a text" if name in NUMBERS else "a text"
        raise TypeError(
            f"twilio_mock: {name} is {what}, a compiled pattern, or ..., not {brief(wanted)}"
        )
    text = str(wanted)
    if advice := CHECKS[name](text) if name in CHECKS else None:
        raise ValueError(f"twilio_mock: no request has the {name} {brief(wanted)}: {advice}")
    return text.upper() if name == "method" else wanted


def parameter(name: str, wanted: Wanted) -> Wanted:
    """The same for the value of a parameter, which may be any text."""
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    for each in values:
        if not (each is None or each is ... or isinstance(each, str | int | re.Pattern)):
            advice = "a text, a whole number, True, False, None, ..., a list or a compiled pattern"
            raise TypeError(f"twilio_mock: the parameter {name} is {advice}, not {brief(each)}")
    return wanted


def status_advice(text: str) -> str | None:
    """What a status can be; `None` if it can be this one."""
    pattern = text.lower().replace("x", "?")
    if any(fnmatchcase(each, pattern) for each in STATUSES):
        return None
    return 'it is a number such as 404, or a class such as "4xx"'


def method_advice(text: str) -> str | None:
    """What a method can be."""
    return None if text.upper() in METHODS else meant(text, METHODS)


def finding_advice(text: str) -> str | None:
    """What a finding can be named."""
    known = {**MISTAKES, **RULES}
    if any(fnmatchcase(each, text) for each in known):
        return None
    return meant(text, known)


def error_code_advice(text: str) -> str | None:
    """What an error code can be."""
    return None if text.isdecimal() else "it is a number such as 20404"


def sid_advice(text: str) -> str | None:
    """What a SID can be."""
    if "*" in text or SID.fullmatch(text):
        return None
    return 'it is two capital letters and 32 hex digits, or a pattern such as "AP*"'


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "status": status_advice,
    "method": method_advice,
    "finding": finding_advice,
    "error_code": error_code_advice,
    "sid": sid_advice,
}
