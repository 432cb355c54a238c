"""The backend that carries out what a test changes by calls of a control API."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from twilio_mock.control.accounts import Accounts, HasSid
from twilio_mock.control.clock import ClockHandle, check_moment
from twilio_mock.control.faults.fault_list import FaultList
from twilio_mock.control.rewinding import check_own
from twilio_mock.control.seed_file import Document
from twilio_mock.control.seeding import Given
from twilio_mock.remote.faults import FarFaults, MirroredFaults
from twilio_mock.remote.mirror import Mirror
from twilio_mock.resources.schema import Resource
from twilio_mock.serving.control_caller import ControlCaller
from twilio_mock.state import Account, State
from twilio_mock.state.snapshots import Snapshot, take

Handle = TypeVar("Handle", bound=HasSid)
# Seconds without any use after which the server frees what a killed test run has left behind.
TIME_TO_LIVE = 3600.0


@dataclass(frozen=True, slots=True)
class FarSnapshot(Snapshot):
    """What an account held, and the name under which the server keeps it."""

    name: str = ""


def place_of(account: Account) -> str:
    """Where an account is in the control API."""
    return f"/accounts/{account.sid}"


class ThatProcess:
    """The backend of a mock in another process."""

    def __init__(self, ask: ControlCaller) -> None:
        self.ask = ask

    def create(self, account: Account, resource: Resource, fields: Mapping[str, Given]) -> str:
        """Store a record, and give its SID."""
        __tracebackhide__ = True
        place = f"{place_of(account)}/records/{resource.key}"
        return str(self.ask("POST", place, dict(fields))["sid"])

    def update(self, account: Account, fields: Mapping[str, Given]) -> None:
        """Change what is stored of the account itself."""
        __tracebackhide__ = True
        self.ask("PATCH", place_of(account), dict(fields))

    def seed(self, account: Account, part: Document) -> None:
        """Store a part of a seed document."""
        __tracebackhide__ = True
        self.ask("POST", f"{place_of(account)}/seed", part)

    def reset(self, account: Account) -> None:
        """Make the account as new."""
        self.ask("POST", f"{place_of(account)}/reset")
        account.webhooks_in_use, account.escapes = None, ()

    def snapshot(self, account: Account) -> Snapshot:
        """What it holds now; the server keeps it under a name, to go back to."""
        name = self.ask("POST", f"{place_of(account)}/snapshots", {})["name"]
        with account.state.lock:
            taken = take(account)
        return FarSnapshot(taken.sid, taken.record, taken.islands, name)

    def rewind(self, account: Account, to: Snapshot) -> None:
        """Go back; raises `ValueError` for what is no snapshot of this account."""
        check_own(account, to)
        if not isinstance(to, FarSnapshot):
            raise ValueError(f"twilio_mock: the mock at {self.ask.url} knows of no such snapshot")
        self.ask("POST", f"{place_of(account)}/snapshots/{to.name}/restore")

    def discard(self, taken: Snapshot) -> None:
        """Nobody will go back to this any more."""
        if isinstance(taken, FarSnapshot):
            self.ask("DELETE", f"/accounts/{taken.sid}/snapshots/{taken.name}")

    def faults(self, account: Account) -> FaultList:
        """Its faults."""
        there = account.faults
        assert isinstance(there, MirroredFaults)  # noqa: S101  # for the checker
        return FarFaults(account, there)

    def clock(self, account: Account) -> ClockHandle:
        """Its clock."""
        return FarClock(account, self.ask)

    def accounts(
        self, state: State, handle: Callable[[Account], Handle], parent: Account | None = None
    ) -> Accounts[Handle]:
        """The accounts that were opened from here, or the subaccounts of `parent`."""
        return FarAccounts(self.ask, state, handle, parent)


class FarClock(ClockHandle):
    """The clock of an account there."""

    def __init__(self, account: Account, ask: ControlCaller) -> None:
        super().__init__(account)
        self._ask = ask
        self._place = f"{place_of(account)}/clock"

    def run(self) -> None:
        """Let it run with the real time again."""
        self._ask("DELETE", self._place)

    def _move(self, *, stop_at: float | None = None, advance_by: float = 0.0) -> None:
        if stop_at is not None:
            check_moment(stop_at)
            self._ask("PUT", self._place, {"now": stop_at})
        else:
            self._ask("POST", f"{self._place}/advance", {"seconds": advance_by})


class FarAccounts(Accounts[Handle]):
    """Accounts there: those that were opened from here."""

    def __init__(self, ask: ControlCaller, *where: Any) -> None:
        super().__init__(*where)
        self._ask = ask

    def _open(self, fields: Mapping[str, Given], seed: str | None, ttl: float | None) -> Account:
        if seed is not None:
            raise ValueError(
                f"twilio_mock: the mock at {self._ask.url} has a seed of its own "
                "(twilio-mock serve --random-seed)"
            )
        sid = fields.get("sid") or f"AC{secrets.token_hex(16)}"
        told = {**fields, "ttl": TIME_TO_LIVE if ttl is None else ttl}
        self._ask("PUT", f"/accounts/{sid}", {n: v for n, v in told.items() if v is not None})
        assert isinstance(self._state, Mirror)  # noqa: S101  # for the checker
        return self._state.add(str(sid), None)

    def _open_below(self, parent: Account, fields: Mapping[str, Given]) -> str:
        return str(self._ask("POST", "/accounts", {**fields, "parent": parent.sid})["sid"])

    def _free(self, account: Account) -> None:
        self._ask("DELETE", place_of(account))
        for sid, each in list(self._state.accounts.items()):
            if each is account or each.owner is account:
                del self._state.accounts[sid]
