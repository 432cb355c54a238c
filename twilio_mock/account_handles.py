"""An account as a test sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from collections.abc import Collection as Several
from contextlib import AbstractContextManager
from typing import Any, Unpack

from twilio_mock.arguments import check_names, several
from twilio_mock.client_handles import Clients, Running
from twilio_mock.complaints import EscapedRequest
from twilio_mock.control.accounts import Accounts
from twilio_mock.control.backend import Backend, rolled_back
from twilio_mock.control.clock import ClockHandle
from twilio_mock.control.collections import Collection, RecordHandle
from twilio_mock.control.differences import Diff
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.fault import FaultOptions
from twilio_mock.control.faults.fault_list import FaultList
from twilio_mock.control.faults.handles import FaultHandle
from twilio_mock.control.loose_ends import Excuse, LooseEnd, assert_none, escapes
from twilio_mock.control.rewinding import assert_idempotent, diff
from twilio_mock.control.seed_file import Document, export_account
from twilio_mock.control.seeding import Given
from twilio_mock.request_handles import Requests
from twilio_mock.resources import APPLICATION, INCOMING_PHONE_NUMBER, KEY
from twilio_mock.resources.schema import Resource
from twilio_mock.simulation_handles import ApplicationHandle, NumberHandle, Simulations
from twilio_mock.state import Account
from twilio_mock.state.snapshots import Snapshot


class AccountHandle(Clients, Simulations):
    """One account of a mock, as a test sees it.

    After `mock.accounts.free(...)` its methods raise `LookupError`.
    """

    _mock: Running

    def __init__(self, mock: Running, account: Account) -> None:
        self._mock = mock
        self._account = account
        self.told: set[LooseEnd] = set()
        self.excused: Excuse = lambda escape: False

    @property
    def _backend(self) -> Backend:
        return self._mock.backend

    @property
    def status(self) -> str:
        """`active`, `suspended` or `closed`."""
        return str(self._account.record["status"])

    @property
    def applications(self) -> Collection[ApplicationHandle]:
        """The account's Applications: read them, and create more to seed it."""
        return Collection(
            self._account,
            APPLICATION,
            lambda all_, sid: ApplicationHandle(all_, sid, self._mock),
            self._backend.create,
        )

    @property
    def incoming_phone_numbers(self) -> Collection[NumberHandle]:
        """The account's phone numbers."""
        return Collection(
            self._account,
            INCOMING_PHONE_NUMBER,
            lambda all_, sid: NumberHandle(all_, sid, self._mock),
            self._backend.create,
        )

    @property
    def keys(self) -> Collection[RecordHandle]:
        """The account's API keys; `keys.create(main=True)` makes what only the Console can."""
        return self.collection(KEY)

    @property
    def subaccounts(self) -> Accounts[AccountHandle]:
        """The account's subaccounts."""
        mock = self._mock
        make = self._backend.accounts
        return make(mock.state, lambda each: AccountHandle(mock, each), self._account)

    @property
    def requests(self) -> Requests:
        """The account's journal: what it was asked and what it answered, to assert on."""
        return Requests(self._account, blocking=self._mock.blocking)

    @property
    def clock(self) -> ClockHandle:
        """The account's clock, to stop and to advance."""
        return self._backend.clock(self._account)

    def collection(self, resource: Resource) -> Collection[RecordHandle]:
        """The account's records of any resource that the mock was made with."""
        return Collection(self._account, resource, RecordHandle, self._backend.create)

    def update(self, **fields: Given) -> None:
        """Change what is stored of the account, also what no request can change.

        That is, besides `friendly_name`: `status`, `suspended_by_twilio`, `test_credentials`,
        `auth_token`, `secondary_auth_token` and `type`. Raises `TypeError` for another name
        and `ValueError` for a value that is none; then nothing has changed.
        """
        __tracebackhide__ = True
        self._backend.update(self._account, fields)

    def seed(self, part: Document) -> None:
        """Store what a seed document says of one account: `{"applications": [...], ...}`.

        Raises `ValueError`, which names the path to the value; then nothing is stored.
        """
        __tracebackhide__ = True
        self._backend.seed(self._account, part)

    def export(self) -> dict[str, Any]:
        """All that the account holds, with its secrets, as a part of a seed document."""
        with self._mock.state.lock:
            return export_account(self._account)

    def reset(self) -> None:
        """Forget the account's records, journal, faults and subaccounts; let its clock run."""
        self._backend.reset(self._account)

    def snapshot(self) -> Snapshot:
        """What the account and its subaccounts hold now, to restore or to compare with."""
        return self._backend.snapshot(self._account)

    def restore(self, to: Snapshot) -> None:
        """Make the account what it was, its clock and the sequence of its SIDs included.

        The journal stays. Raises `ValueError` for the snapshot of another account.
        """
        self._backend.rewind(self._account, to)

    def rollback(self) -> AbstractContextManager[Snapshot]:
        """Undo at the end of the `with` block whatever happened in it."""
        return rolled_back(self._backend, self._account)

    def diff(self, before: Snapshot) -> Diff:
        """What was created, updated and deleted since the snapshot; prints as a text.

        Raises `ValueError` for the snapshot of another account.
        """
        return diff(self._account, before)

    def assert_idempotent(self, function: Callable[[], object]) -> Awaitable[None] | None:
        """Run a function twice; fails with what the second run changed.

        Of an async function the result has to be awaited.
        """
        __tracebackhide__ = True
        return assert_idempotent(self._account, function)

    def fault(self, where: str, *effects: Effect, **options: Unpack[FaultOptions]) -> FaultHandle:
        """Have something go wrong: `account.fault("CreateApplication", error(20503), times=1)`.

        `where` is an operation id with `*` for anything, or a method and a path ("POST Messages").
        The fault is set at once, and until it is removed: as a context manager it is at the end
        of the block, which raises `AssertionError` if no request was hit. The options are those of
        `FaultOptions`. Raises `ValueError` for what says no requests or could never happen, and
        `TypeError` for an option that there is not.
        """
        check_names("fault", options, tuple(FaultOptions.__annotations__))
        return self.faults.set(where, *effects, **options)

    @property
    def faults(self) -> FaultList:
        """The faults that are set, by their names."""
        return self._backend.faults(self._account)

    def assert_no_loose_ends(self, *, strict: bool = False, allow: Several[str] = ()) -> None:
        """Fail, with `AssertionError`, for what fails a test at the end of its fixture.

        That is an unexpected exception inside the mock, a request to the real Twilio that was
        stopped and not noticed, a fault that never fired, and a webhook that failed and whose
        outcome nobody has read; if `strict`, also the findings, but for those that `allow` names.
        What was told once is not told again, by the fixture neither.
        """
        __tracebackhide__ = True
        allowed = several("allow", allow)
        assert_none(self._account, self.told, self.excused, strict=strict, allowed=allowed)

    @property
    def escaped_requests(self) -> list[EscapedRequest]:
        """The requests of this account to other hosts of Twilio's, which were stopped.

        Who has read them is not failed for them at the end.
        """
        with self._mock.state.lock:
            self.told.update(escapes(self._account, self.excused))
            return list(self._account.escapes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccountHandle) and other._account is self._account

    def __hash__(self) -> int:
        return hash(self.sid)

    def __repr__(self) -> str:
        return f"<account {self.sid}>"
