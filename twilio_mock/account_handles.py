"""An account as a test sees it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from twilio_mock import delivery_handles
from twilio_mock.control.accounts import Accounts
from twilio_mock.control.clock import ClockHandle
from twilio_mock.control.collections import Collection, RecordHandle
from twilio_mock.control.differences import Diff
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.fault import FaultOptions
from twilio_mock.control.faults.handles import FaultHandle, FaultList
from twilio_mock.control.resetting import reset
from twilio_mock.control.rewinding import assert_idempotent, diff, rewind, rollback, snapshot
from twilio_mock.control.seed_file import Document, export_account, seed_into
from twilio_mock.control.seeding import Given, change_account
from twilio_mock.request_handles import Requests
from twilio_mock.resources import APPLICATION, INCOMING_PHONE_NUMBER, KEY
from twilio_mock.resources.schema import Resource
from twilio_mock.simulation_handles import ApplicationHandle, NumberHandle, Simulations
from twilio_mock.state import Account, State
from twilio_mock.state.snapshots import Snapshot

# twilio takes a second to import: it is imported where a client is made.
if TYPE_CHECKING:
    from twilio.rest import Client


class Running(delivery_handles.Running, Protocol):
    """What an account has to know of the mock that it belongs to."""

    state: State

    @property
    def url(self) -> str:
        """Where the server listens."""

    @property
    def running(self) -> bool:
        """Whether a server is listening."""

    @property
    def in_thread(self) -> bool:
        """Whether the server has a thread of its own."""


def check_sdk() -> None:
    """Say what to install where the SDK is missing, with `ModuleNotFoundError`."""
    if find_spec("twilio") is None:
        advice = "pip install 'twilio-mock[twilio]'"
        raise ModuleNotFoundError(f"twilio_mock: a client needs Twilio's SDK: {advice}")


class AccountHandle(Simulations):
    """One account of a mock, as a test sees it.

    After `mock.accounts.free(...)` its methods raise `LookupError`.
    """

    _mock: Running

    def __init__(self, mock: Running, account: Account) -> None:
        self._mock = mock
        self._account = account

    @property
    def sid(self) -> str:
        """The AccountSid."""
        return self._account.sid

    @property
    def auth_token(self) -> str:
        """The auth token that opens the account."""
        return str(self._account.record["auth_token"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables in which Twilio's SDKs look for credentials."""
        return {"TWILIO_ACCOUNT_SID": self.sid, "TWILIO_AUTH_TOKEN": self.auth_token}

    @property
    def url(self) -> str:
        """Where the server listens; raises `RuntimeError` while none does."""
        return self._mock.url

    @property
    def authorization(self) -> str:
        """The value of the header `Authorization` that opens the account: `Basic ...`."""
        return "Basic " + b64encode(f"{self.sid}:{self.auth_token}".encode()).decode()

    @property
    def status(self) -> str:
        """`active`, `suspended` or `closed`."""
        return str(self._account.record["status"])

    @property
    def applications(self) -> Collection[ApplicationHandle]:
        """The account's Applications: read them, and create more to seed it."""
        return Collection(
            self._account, APPLICATION, lambda all_, sid: ApplicationHandle(all_, sid, self._mock)
        )

    @property
    def incoming_phone_numbers(self) -> Collection[NumberHandle]:
        """The account's phone numbers."""
        return Collection(
            self._account,
            INCOMING_PHONE_NUMBER,
            lambda all_, sid: NumberHandle(all_, sid, self._mock),
        )

    @property
    def keys(self) -> Collection[RecordHandle]:
        """The account's API keys; `keys.create(main=True)` makes what only the Console can."""
        return self.collection(KEY)

    @property
    def subaccounts(self) -> Accounts[AccountHandle]:
        """The account's subaccounts."""
        mock = self._mock
        return Accounts(mock.state, lambda each: AccountHandle(mock, each), self._account)

    @property
    def requests(self) -> Requests:
        """The account's journal: what it was asked and what it answered, to assert on."""
        return Requests(self._account)

    @property
    def clock(self) -> ClockHandle:
        """The account's clock, to stop and to advance."""
        return ClockHandle(self._account)

    def collection(self, resource: Resource) -> Collection[RecordHandle]:
        """The account's records of any resource that the mock was made with."""
        return Collection(self._account, resource, RecordHandle)

    def update(self, **fields: Given) -> None:
        """Change what is stored of the account, also what no request can change.

        That is, besides `friendly_name`: `status`, `suspended_by_twilio`, `test_credentials`,
        `auth_token`, `secondary_auth_token` and `type`. Raises `TypeError` for another name
        and `ValueError` for a value that is none; then nothing has changed.
        """
        change_account(self._account, fields)

    def seed(self, part: Document) -> None:
        """Store what a seed document says of one account: `{"applications": [...], ...}`.

        Raises `ValueError`, which names the path to the value; then nothing is stored.
        """
        seed_into(self._account, part)

    def export(self) -> dict[str, Any]:
        """All that the account holds, with its secrets, as a part of a seed document."""
        with self._mock.state.lock:
            return export_account(self._account)

    def reset(self) -> None:
        """Forget the account's records, journal, faults and subaccounts; let its clock run."""
        reset(self._account)

    def snapshot(self) -> Snapshot:
        """What the account and its subaccounts hold now, to restore or to compare with."""
        return snapshot(self._account)

    def restore(self, to: Snapshot) -> None:
        """Make the account what it was, its clock and the sequence of its SIDs included.

        The journal stays. Raises `ValueError` for the snapshot of another account.
        """
        rewind(self._account, to)

    def rollback(self) -> AbstractContextManager[Snapshot]:
        """Undo at the end of the `with` block whatever happened in it."""
        return rollback(self._account)

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
        `FaultOptions`. Raises `ValueError` for what says no requests or could never happen.
        """
        return self.faults.set(where, *effects, **options)

    @property
    def faults(self) -> FaultList:
        """The faults that are set, by their names."""
        return FaultList(self._account)

    def client(self, *, in_process: bool | None = None, timeout: float | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for blocking calls.

        It asks over the socket where a server runs in a thread of its own, else in process:
        a blocking call in the thread whose loop runs the server would wait for ever.
        `timeout` is in seconds, as the SDK's own: without it a call waits as long as it takes.
        Needs the extra `twilio`. Raises `RuntimeError` if a socket is wanted and none is open.
        """
        check_sdk()
        from twilio_mock.serving.sdk import wired_client

        if in_process is None:
            in_process = not self._mock.in_thread
        url = None if in_process else self._mock.url
        return wired_client(self.sid, self.auth_token, self._mock.state, url, timeout)

    def async_client(self, *, in_process: bool | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for its `_async` methods.

        It asks over the socket where a server runs, else in process. Needs the extra `twilio`.
        """
        check_sdk()
        from twilio_mock.serving.sdk import wired_async_client

        if in_process is None:
            in_process = not self._mock.running
        url = None if in_process else self._mock.url
        return wired_async_client(self.sid, self.auth_token, self._mock.state, url)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccountHandle) and other._account is self._account

    def __hash__(self) -> int:
        return hash(self.sid)

    def __repr__(self) -> str:
        return f"<account {self.sid}>"
