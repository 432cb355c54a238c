"""What an operation of the control API is: one row of the table that everything is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.problems import Problem
from twilio_mock.state import Account, State
from twilio_mock.state.leases import seconds_now

NO_BODY: Schema = {}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation: where it acts, and what was sent, already checked."""

    state: State
    account_sid: str | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """The account that the path names, used now; raises a `Problem` (404) if there is none."""
        account = self.state.accounts.get(self.account_sid or "")
        if account is None:
            raise Problem(404, f"there is no account {self.account_sid}")
        self.state.use(account, seconds_now())
        return account


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, its place, what it takes and gives, and what it does.

    `python` is the same thing as a test in Python says it. `path` stands below `/_twilio_mock`
    and names its parameters in braces. `run` is called under the state's lock and gives a JSON
    value, or `None` for an empty answer (204), or steps that wait before they give one. `streams`
    is the content type of a stream that it gives instead to whoever asks for one.
    """

    name: str
    method: str
    path: str
    summary: str
    python: str
    run: Callable[[Call], Any]
    takes: Schema = field(default_factory=dict)
    query: Mapping[str, Schema] = field(default_factory=dict)
    gives: Schema = field(default_factory=lambda: {"type": "object"})
    status: int = 200
    refusals: tuple[int, ...] = ()
    streams: str = ""
