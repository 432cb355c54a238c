"""The accounts of a mock, and the subaccounts of an account, as a test sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from twilio_mock.control.seeding import Given, open_account, seed_record
from twilio_mock.state import Account, State


class HasSid(Protocol):
    """Anything that names an account."""

    @property
    def sid(self) -> str:
        """The AccountSid."""


Handle = TypeVar("Handle", bound=HasSid)


class Accounts(Generic[Handle]):
    """The accounts of a mock, or the subaccounts of one account, each as a handle."""

    def __init__(
        self, state: State, handle: Callable[[Account], Handle], parent: Account | None = None
    ) -> None:
        self._state = state
        self._handle = handle
        self._parent = parent

    def create(
        self, *, seed: str | None = None, ttl: float | None = None, **fields: Given
    ) -> Handle:
        """Open an account; what is not given is minted or has its default.

        The same `seed` mints the same SIDs in every run; without one, the mock's own is used,
        as it always is for a subaccount. With a `ttl` (time to live, in seconds of real time) the
        account is freed when it was not asked for anything for so long.

        Its fields are those of Twilio's Account (`sid`, `auth_token`, `friendly_name`, `status`,
        `type`, the dates in seconds since 1970) and `secondary_auth_token`, `test_credentials`
        and `suspended_by_twilio`. Raises `TypeError` for another name and `ValueError` for a
        value that is none; then there is no account.
        """
        if self._parent is None:
            return self._handle(self._open(fields, seed, ttl))
        if seed is not None or ttl is not None:
            own = "seed" if ttl is None else "ttl"
            raise TypeError(f"twilio_mock: a subaccount has no {own} of its own")
        return self[self._open_below(self._parent, fields)]

    def _open(self, fields: Mapping[str, Given], seed: str | None, ttl: float | None) -> Account:
        return open_account(self._state, fields, seed, ttl)

    def _open_below(self, parent: Account, fields: Mapping[str, Given]) -> str:
        return seed_record(parent, self._state.account_resource, fields).sid

    def free(self, account: HasSid | str) -> None:
        """Forget an account, its subaccounts and all that they hold; frees their memory.

        Raises `LookupError` if there is no such account.
        """
        sid = account if isinstance(account, str) else account.sid
        with self._state.lock:
            self._free(self._account(sid))

    def _free(self, account: Account) -> None:
        self._state.free_account(account)

    def __getitem__(self, sid: str) -> Handle:
        return self._handle(self._account(sid))

    def _account(self, sid: str) -> Account:
        account = self._known().get(sid)
        if account is None or not self._holds(account):
            raise LookupError(f"twilio_mock: there is no account {sid} here")
        return account

    def _known(self) -> Mapping[str, Account]:
        if self._parent is not None:
            self._parent.table(self._state.account_resource)  # a mirror looks when it is asked
        return self._state.accounts

    def _holds(self, account: Account) -> bool:
        return self._parent is None or account.owner is self._parent

    def sids(self) -> list[str]:
        """The AccountSids, the oldest first."""
        with self._state.lock:
            parent, resource = self._parent, self._state.account_resource
            known = self._state.accounts if parent is None else parent.table(resource).records
            return [sid for sid in known if self._holds(self._state.accounts[sid])]

    def __contains__(self, account: object) -> bool:
        sid = account if isinstance(account, str) else getattr(account, "sid", "")
        found = self._known().get(sid)
        return found is not None and self._holds(found)

    def __iter__(self) -> Iterator[Handle]:
        return iter([self[sid] for sid in self.sids()])

    def __len__(self) -> int:
        return len(self.sids())

    def __repr__(self) -> str:
        return f"<{len(self)} accounts>"
