"""An account as a test sees it, and the accounts of a mock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from twilio_mock.control.collections import Collection
from twilio_mock.control.seeding import open_account, seed_change, seed_record
from twilio_mock.resources import ACCOUNT, APPLICATION, INCOMING_PHONE_NUMBER, KEY
from twilio_mock.resources.schema import Resource, Value
from twilio_mock.state import Account, State

# twilio takes a second to import: it is imported where a client is made.
if TYPE_CHECKING:
    from twilio.rest import Client


class Running(Protocol):
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


class AccountHandle:
    """One account of a mock, as a test sees it.

    After `mock.accounts.free(...)` its methods raise `LookupError`.
    """

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
    def status(self) -> str:
        """`active`, `suspended` or `closed`."""
        return str(self._account.record["status"])

    @property
    def applications(self) -> Collection:
        """The account's Applications: read them, and create more to seed it."""
        return self.collection(APPLICATION)

    @property
    def incoming_phone_numbers(self) -> Collection:
        """The account's phone numbers."""
        return self.collection(INCOMING_PHONE_NUMBER)

    @property
    def keys(self) -> Collection:
        """The account's API keys; `keys.create(main=True)` makes what only the Console can."""
        return self.collection(KEY)

    @property
    def subaccounts(self) -> Accounts:
        """The account's subaccounts."""
        return Accounts(self._mock, self._account)

    def collection(self, resource: Resource) -> Collection:
        """The account's records of any resource that the mock was made with."""
        return Collection(self._account, resource)

    def update(self, **fields: Value) -> None:
        """Change what is stored of the account, also what no request can change.

        That is, besides `friendly_name`: `status`, `suspended_by_twilio`, `test_credentials`,
        `auth_token`, `secondary_auth_token` and `type`. Raises `TypeError` for another name
        and `ValueError` for a value that is none; then nothing has changed.
        """
        seed_change(self._account, fields)

    def client(self, *, in_process: bool | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for blocking calls.

        It asks over the socket where a server runs in a thread of its own, else in process:
        a blocking call in the thread whose loop runs the server would wait for ever.
        Needs the extra `twilio`. Raises `RuntimeError` if a socket is wanted and none is open.
        """
        from twilio_mock.serving.sdk import wired_client

        if in_process is None:
            in_process = not self._mock.in_thread
        url = None if in_process else self._mock.url
        return wired_client(self.sid, self.auth_token, self._mock.state, url)

    def async_client(self, *, in_process: bool | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for its `_async` methods.

        It asks over the socket where a server runs, else in process. Needs the extra `twilio`.
        """
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


class Accounts:
    """The accounts of a mock, or the subaccounts of one account."""

    def __init__(self, mock: Running, parent: Account | None = None) -> None:
        self._mock = mock
        self._parent = parent

    def create(self, **fields: Value) -> AccountHandle:
        """Open an account; what is not given is minted or has its default.

        Its fields are those of Twilio's Account (`sid`, `auth_token`, `friendly_name`, `status`,
        `type`, the dates in seconds since 1970) and `secondary_auth_token`, `test_credentials`
        and `suspended_by_twilio`. Raises `TypeError` for another name and `ValueError` for a
        value that is none; then there is no account.
        """
        state = self._mock.state
        if self._parent is None:
            return AccountHandle(self._mock, open_account(state, fields))
        record = seed_record(self._parent, state.account_resource, fields)
        return self[record.sid]

    def free(self, account: AccountHandle | str) -> None:
        """Forget an account, its subaccounts and all that they hold; frees their memory.

        Raises `LookupError` if there is no such account.
        """
        sid = account if isinstance(account, str) else account.sid
        state = self._mock.state
        with state.lock:
            state.free_account(self[sid]._account)

    def __getitem__(self, sid: str) -> AccountHandle:
        account = self._mock.state.accounts.get(sid)
        if account is None or not self._holds(account):
            raise LookupError(f"twilio_mock: there is no account {sid} here")
        return AccountHandle(self._mock, account)

    def _holds(self, account: Account) -> bool:
        return self._parent is None or account.owner is self._parent

    def sids(self) -> list[str]:
        """The AccountSids, the oldest first."""
        state = self._mock.state
        with state.lock:
            known = state.accounts if self._parent is None else self._parent.table(ACCOUNT).records
            return [sid for sid in known if self._holds(state.accounts[sid])]

    def __contains__(self, account: object) -> bool:
        sid = account.sid if isinstance(account, AccountHandle) else account
        found = self._mock.state.accounts.get(sid) if isinstance(sid, str) else None
        return found is not None and self._holds(found)

    def __iter__(self) -> Iterator[AccountHandle]:
        return iter([self[sid] for sid in self.sids()])

    def __len__(self) -> int:
        return len(self.sids())

    def __repr__(self) -> str:
        return f"<{len(self)} accounts>"
