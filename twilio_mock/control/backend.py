"""Where an account is kept: who carries out what a test changes in it.

What a test reads is read from `state` in any case: of an account that another process keeps,
there is a mirror in this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TypeVar

from twilio_mock.control.accounts import Accounts, HasSid
from twilio_mock.control.clock import ClockHandle
from twilio_mock.control.faults.fault_list import FaultList
from twilio_mock.control.resetting import reset
from twilio_mock.control.rewinding import rewind, snapshot
from twilio_mock.control.seed_file import Document, seed_into
from twilio_mock.control.seeding import Given, change_account, seed_record
from twilio_mock.resources.schema import Resource
from twilio_mock.state import Account, State
from twilio_mock.state.snapshots import Snapshot

Handle = TypeVar("Handle", bound=HasSid)


class Backend(Protocol):
    """Carries out what a test says of an account; the handles explain each of them."""

    def create(self, account: Account, resource: Resource, fields: Mapping[str, Given]) -> str:
        """Store a record, and give its SID."""

    def update(self, account: Account, fields: Mapping[str, Given]) -> None:
        """Change what is stored of the account itself."""

    def seed(self, account: Account, part: Document) -> None:
        """Store a part of a seed document."""

    def reset(self, account: Account) -> None:
        """Make the account as new."""

    def snapshot(self, account: Account) -> Snapshot:
        """What it holds now, to go back to."""

    def rewind(self, account: Account, to: Snapshot) -> None:
        """Go back."""

    def discard(self, taken: Snapshot) -> None:
        """Nobody will go back to this any more."""

    def faults(self, account: Account) -> FaultList:
        """Its faults."""

    def clock(self, account: Account) -> ClockHandle:
        """Its clock."""

    def accounts(
        self, state: State, handle: Callable[[Account], Handle], parent: Account | None = None
    ) -> Accounts[Handle]:
        """The accounts of a mock, or the subaccounts of `parent`."""


class InThisProcess:
    """The backend of every mock that keeps its accounts itself."""

    def create(self, account: Account, resource: Resource, fields: Mapping[str, Given]) -> str:
        """Store a record, and give its SID."""
        __tracebackhide__ = True
        return seed_record(account, resource, fields).sid

    def update(self, account: Account, fields: Mapping[str, Given]) -> None:
        """Change what is stored of the account itself."""
        change_account(account, fields)

    def seed(self, account: Account, part: Document) -> None:
        """Store a part of a seed document."""
        seed_into(account, part)

    def reset(self, account: Account) -> None:
        """Make the account as new."""
        reset(account)

    def snapshot(self, account: Account) -> Snapshot:
        """What it holds now, to go back to."""
        return snapshot(account)

    def rewind(self, account: Account, to: Snapshot) -> None:
        """Go back."""
        rewind(account, to)

    def discard(self, taken: Snapshot) -> None:
        """A snapshot is nothing but a value here."""

    def faults(self, account: Account) -> FaultList:
        """Its faults."""
        return FaultList(account)

    def clock(self, account: Account) -> ClockHandle:
        """Its clock."""
        return ClockHandle(account)

    def accounts(
        self, state: State, handle: Callable[[Account], Handle], parent: Account | None = None
    ) -> Accounts[Handle]:
        """The accounts of a mock, or the subaccounts of `parent`."""
        return Accounts(state, handle, parent)


HERE = InThisProcess()


@contextmanager
def rolled_back(backend: Backend, account: Account) -> Iterator[Snapshot]:
    """Undo at the end of the block whatever happened in it, also if it raised."""
    before = backend.snapshot(account)
    try:
        yield before
    finally:
        backend.rewind(account, before)
        backend.discard(before)
