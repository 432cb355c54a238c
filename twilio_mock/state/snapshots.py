"""Snapshots: what an account held at one moment, to go back to and to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from twilio_mock.state.accounts import Account, State
from twilio_mock.state.clock import Clock
from twilio_mock.state.records import Record
from twilio_mock.state.tables import Table


@dataclass(frozen=True, slots=True)
class Island:
    """What one account held: its tables, how many SIDs it had minted, and its clock."""

    account: Account
    tables: Mapping[str, Table]
    minted: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an account and its subaccounts held, and what was stored of the account itself.

    It stays as it is, whatever happens to the account, and can be restored any number of times.
    """

    sid: str
    record: Record
    islands: Mapping[str, Island]

    def records(self) -> Iterator[tuple[str, Record]]:
        """All the records, each with the SID of the account that holds it."""
        for sid, island in self.islands.items():
            for table in island.tables.values():
                for record in table.records.values():
                    yield sid, record


def take(account: Account) -> Snapshot:
    """A snapshot of an account and its subaccounts."""
    return Snapshot(
        account.sid,
        account.record,
        {each.sid: island(each) for each in family(account)},
    )


def island(account: Account) -> Island:
    """What one account holds now."""
    tables = {name: table.copy() for name, table in account.tables.items()}
    return Island(account, tables, account.sids.minted, account.clock.copy())


def family(account: Account) -> list[Account]:
    """An account and its subaccounts."""
    state = account.state
    if account.owner is not None:
        return [account]
    return [state.accounts[sid] for sid in account.table(state.account_resource).records]


def restore(account: Account, snapshot: Snapshot) -> None:
    """Make an account and its subaccounts what they were.

    Subaccounts that were opened since are gone, those that were freed are back.
    """
    state = account.state
    for each in family(account):
        close(state, each)
        # Who stays keeps the place in the order of the accounts.
        if each.sid not in snapshot.islands:
            del state.accounts[each.sid]
            if each.faults is not None:
                each.faults.release(give_up=True)
    for sid, was in snapshot.islands.items():
        state.accounts[sid] = was.account
        was.account.tables = {name: table.copy() for name, table in was.tables.items()}
        was.account.sids.minted = was.minted
        was.account.clock = was.clock.copy()
        for key in was.account.table(state.credentials).records:
            state.opened_by[key] = sid
    if account.owner is not None:
        account.table(state.account_resource).replace(account.record, snapshot.record)


def close(state: State, account: Account) -> None:
    """Let the credentials of an account open nothing."""
    for key in account.table(state.credentials).records:
        del state.opened_by[key]
