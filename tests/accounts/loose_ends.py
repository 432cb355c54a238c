"""What must be true of all that a mock remembers, whatever has happened to it."""

from __future__ import annotations

from twilio_mock.resources.fields import Value
from twilio_mock.state import Account, State
from twilio_mock.state.tables import Table


def assert_no_loose_ends(state: State) -> None:
    """No reference, no index and no credential leads to something that is gone, or misses one."""
    with state.lock:
        for account in state.accounts.values():
            assert account.record.sid == account.sid
            for table in account.tables.values():
                assert_indexed(table)
            assert_referred(account)
        keys = {
            sid: account.sid
            for account in state.accounts.values()
            for sid in account.table(state.credentials).records
        }
        assert state.opened_by == keys


def assert_indexed(table: Table) -> None:
    """The order and the indexes of a table hold its records and nothing else."""
    records = table.records
    positions = sorted(record.position for record in records.values())
    assert [*table.order.above()] == positions
    assert all(record.sid == sid for sid, record in records.items())
    for name, index in table.indexes.items():
        expected: dict[Value, list[str]] = {}
        for place in positions:
            if value := records[place.sid][name]:
                expected.setdefault(value, []).append(place.sid)
        assert index.places.keys() == expected.keys()
        for value, sids in expected.items():
            assert [place.sid for place in index.having(value).above()] == sids


def assert_referred(account: Account) -> None:
    """Each reference of a record names a record that is there."""
    for table in [*account.tables.values()]:
        for field in table.resource.references:
            known = account.table(account.state.resource[field.refers_to]).records
            for record in table.records.values():
                assert not record[field.name] or record[field.name] in known, field.name
