"""What a test is told: the story of its account when it fails, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from twilio_mock.account_handles import AccountHandle
from twilio_mock.complaints import TwilioMockWarning
from twilio_mock.control.loose_ends import (
    LooseEnd,
    complaint,
    crashes,
    escapes,
    findings,
    loose_ends,
)
from twilio_mock.control.near_miss import line
from twilio_mock.control.strangers import strangers
from twilio_mock.state import Account, State
from twilio_mock.state.snapshots import family

SHOWN_AT_MOST = 20


class Diagnosis:
    """Watches the accounts of one test, the first of which is its own."""

    def __init__(
        self,
        handles: Sequence[AccountHandle],
        state: State,
        options: Mapping[str, Any],
        ended: Mapping[str, str],
    ) -> None:
        self._handle = handles[0]
        self._accounts = [state.accounts[handle.sid] for handle in handles]
        self._state = state
        self._options = options
        self._ended = ended
        self._crashes = state.crashes
        state.escapes = ()
        self._since = state.journal.last
        self._story = ""

    def conclude(self, item: pytest.Item, failed: bool) -> str:
        """What the test has to be failed for at its end, or nothing; warns of mistakes."""
        ends = [each for each in self._loose_ends() if each not in self._handle.told]
        if failed:
            return ""
        if ends:
            self._story = self.story()
            return complaint(ends)
        if self._options["strict"] == "warn":
            for finding in self._findings(suspected=False):
                item.warn(TwilioMockWarning(f"twilio_mock: {finding}"))
        return ""

    def story(self) -> str:
        """The requests of the accounts, and those that nobody's credentials came with."""
        if self._story:  # told at the end, when the accounts were still there
            return self._story
        with self._state.lock:
            parts = [requests_of(account) for account in self._with_subaccounts()]
        own = [account.sid for account in self._accounts]
        strange = strangers(self._state, self._since, own, self._ended)
        return "\n".join([*parts, strange] if strange else parts)

    def tell(self, report: pytest.TestReport) -> None:
        """Add the story to the report of a failed test."""
        try:
            ends = [] if report.when == "teardown" else self._loose_ends()
            text = "\n".join([self.story(), *([complaint(ends)] if ends else [])])
        except (LookupError, RuntimeError) as problem:  # a shared server that is gone
            text = f"It cannot be told: {problem}"
        report.sections.append((f"twilio_mock: requests of {self._handle.sid}", text))

    def _loose_ends(self) -> list[LooseEnd]:
        with self._state.lock:
            excused = self._handle.excused
            ends = [e for each in self._with_subaccounts() for e in loose_ends(each, excused)]
            ends += crashes(self._state, self._crashes)
            ends += escapes(self._state, excused)
        if self._options["strict"] == "error":
            ends += self._findings(suspected=True)
        return ends

    def _findings(self, *, suspected: bool) -> list[LooseEnd]:
        allowed = self._options["allow"]
        with self._state.lock:
            return [
                finding
                for account in self._with_subaccounts()
                for finding in findings(account, suspected=suspected, allowed=allowed)
            ]

    def _with_subaccounts(self) -> list[Account]:
        there = self._state.accounts
        return [
            each
            for account in self._accounts
            for each in (family(account) if account.sid in there else [account])
        ]


def requests_of(account: Account) -> str:
    """The last requests of an account, one in a line."""
    journal = account.journal
    first = journal.dropped + 1
    lines = [line(first + place, each) for place, each in enumerate(journal.entries)]
    if len(lines) > SHOWN_AT_MOST:
        left_out = len(lines) - SHOWN_AT_MOST
        lines = [f"({left_out} earlier requests)", *lines[-SHOWN_AT_MOST:]]
    return "\n".join(lines or [f"No request came to {account.sid}."])
