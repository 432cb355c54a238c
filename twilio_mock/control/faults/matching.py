"""Which requests a fault is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from twilio_mock.arguments import METHODS
from twilio_mock.control.faults.encounter import Asked
from twilio_mock.spelling import meant

Predicate = Callable[[Asked], object]
METHOD = re.compile(r"[A-Z*]+")
ADVICE = (
    'a fault is set on an operation ("CreateApplication", "*Application", "*") or on a method '
    'and a path ("POST Messages", "GET /v1/*")'
)


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests of an account are meant; all that is given must fit.

    `where` is the id of an operation, or a method, a blank and a path; in both `*` stands for
    anything. A path that does not start with a slash belongs to the account. It may leave the
    extension away; percent-encoding and query do not count. `sid` is the SID of one record,
    `caller` what says which credentials were used: `auth_token`, `secondary_auth_token`, the SID
    of an API key or of the account that they belong to. `when` is a predicate.
    """

    where: str = "*"
    sid: str | None = None
    caller: str | None = None
    when: Predicate | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        method, blank, path = self.where.partition(" ")
        readable = METHOD.fullmatch(method) and path.strip() == path != "" if blank else method
        if not readable or (not blank and "/" in method):
            raise ValueError(f"twilio_mock: {self.where!r} says no requests: {ADVICE}")
        if blank and not any(fnmatchcase(each, method) for each in METHODS):
            advice = meant(method, METHODS)
            raise ValueError(f"twilio_mock: HTTP has no method {method!r}; {advice}")

    def fits(self, asked: Asked) -> bool:
        """Whether this request is meant."""
        return self.difference(asked) is None

    def difference(self, asked: Asked) -> str | None:
        """Why this request is not meant, in words; `None` if it is."""
        if not self.is_there(asked):
            return f"it is no {self.where}"
        if self.sid is not None and self.sid not in asked.sids:
            return f"it is not about {self.sid}"
        if self.caller not in (None, asked.caller, asked.who.owner.sid):
            return f"it was sent with {asked.caller}, not with {self.caller}"
        if self.when is not None and not self.when(asked):
            return "the predicate says no"
        return None

    def is_there(self, asked: Asked) -> bool:
        """Whether `where` fits."""
        method, blank, pattern = self.where.partition(" ")
        if not blank:
            # What has no operation id is met only by what asks for anything.
            return fnmatchcase(asked.operation or "", escaped(self.where))
        if not fnmatchcase(asked.method, method):
            return False
        if not pattern.startswith("/"):
            pattern = f"/2010-04-01/Accounts/{asked.who.account.sid}/{pattern}"
        path = "/".join(asked.where.segments)
        pattern = escaped(pattern)
        return fnmatchcase(path, pattern) or fnmatchcase(path + asked.where.extension, pattern)

    def __str__(self) -> str:
        more = {"sid": self.sid, "caller": self.caller, "when": self.when and "..."}
        said = [f"{name}={value}" for name, value in more.items() if value]
        return " ".join([self.where, *said])


def escaped(pattern: str) -> str:
    """A pattern in which `*` alone means more than itself."""
    return re.sub(r"([?\[])", r"[\1]", pattern)
