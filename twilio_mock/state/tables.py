"""A table: the records of one resource in one account, in their order, with their indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import itemgetter

from twilio_mock.resources.fields import Value
from twilio_mock.resources.schema import Resource
from twilio_mock.state.indexes import Index
from twilio_mock.state.ordering import Ordering
from twilio_mock.state.records import Position, Record

# What a list is filtered by: a value, which is found by its index, or a pattern, which is not.
Wanted = Mapping[str, str | re.Pattern[str]]
SID_OF = itemgetter(Position._fields.index("sid"))


def fits(value: Value, wanted: str | re.Pattern[str]) -> bool:
    """Whether a stored value passes a filter."""
    if isinstance(wanted, str):
        return value == wanted
    return wanted.search(str(value)) is not None


class Table:
    """Records by SID, in the order of the list, and by the value of each field that is indexed.

    The place of a deleted record stays known (up to `remembered` of them), so that a walk over
    the pages goes on where the record stood. `opened`, for records that are credentials, is the
    dict in which the SID of the account that they open is written down.
    """

    __slots__ = (
        "account_sid",
        "deleted",
        "indexes",
        "opened",
        "order",
        "records",
        "remembered",
        "resource",
        "serial",
    )

    def __init__(
        self,
        resource: Resource,
        remembered: int,
        account_sid: str,
        opened: dict[str, str] | None = None,
    ) -> None:
        self.resource = resource
        self.remembered = remembered
        self.account_sid = account_sid
        self.opened = opened
        self.serial = 0
        self.records: dict[str, Record] = {}
        self.order = Ordering()
        self.indexes = {name: Index() for name in resource.indexed_fields}
        self.deleted: dict[str, Position] = {}

    def add(self, sid: str, date_created: int, values: tuple[Value, ...]) -> Record:
        """Store a new record under a SID that is free, and give it."""
        self.serial += 1
        record = Record(self.resource, Position(date_created, self.serial, sid), values)
        self.records[sid] = record
        self.order.add(record.position)
        for name, index in self.indexes.items():
            index.add(record[name], record.position)
        if self.opened is not None:
            self.opened[sid] = self.account_sid
        return record

    def replace(self, old: Record, new: Record) -> None:
        """Put `new`, made of `old`, in its place."""
        self.records[old.sid] = new
        for name, index in self.indexes.items():
            if old[name] != new[name]:
                index.remove(old[name], old.position)
                index.add(new[name], new.position)

    def remove(self, record: Record) -> None:
        """Delete a record; its place stays known for the pages."""
        del self.records[record.sid]
        self.order.remove(record.position)
        for name, index in self.indexes.items():
            index.remove(record[name], record.position)
        if self.opened is not None:
            del self.opened[record.sid]
        self.deleted[record.sid] = record.position
        if len(self.deleted) > self.remembered:
            del self.deleted[next(iter(self.deleted))]

    def place_of(self, sid: str) -> Position | None:
        """Where a record stands, or stood before it was deleted; `None` if it was never here."""
        record = self.records.get(sid)
        return record.position if record else self.deleted.get(sid)

    def after(self, place: Position | None, wanted: Wanted) -> Iterator[Record]:
        """The records that follow `place` (from the start if `None`), in the order of the list."""
        order = self.matching(wanted)
        found = order.below(place) if self.resource.newest_first else order.above(place)
        return self.chosen(found, wanted)

    def before(self, place: Position, wanted: Wanted) -> Iterator[Record]:
        """The records that precede `place`, the nearest first."""
        order = self.matching(wanted)
        found = order.above(place) if self.resource.newest_first else order.below(place)
        return self.chosen(found, wanted)

    def having(self, name: str, value: Value) -> list[Record]:
        """All records whose indexed field has this value."""
        return [self.records[place.sid] for place in self.indexes[name].having(value).above()]

    def matching(self, wanted: Wanted) -> Ordering:
        """An ordering that holds all the records wanted: of one indexed value, or of all."""
        for name, value in wanted.items():
            if isinstance(value, str) and name in self.indexes:
                return self.indexes[name].having(value)
        return self.order

    def chosen(self, found: Iterator[Position], wanted: Wanted) -> Iterator[Record]:
        """The records at these positions that pass all the filters."""
        records = map(self.records.__getitem__, map(SID_OF, found))
        if not wanted:
            return records
        return (r for r in records if all(fits(r[name], value) for name, value in wanted.items()))

    def in_order_of_creation(self) -> list[Record]:
        """All records, those that were stored first first."""
        return sorted(self.records.values(), key=lambda record: record.position.serial)

    def copy(self) -> Table:
        """Another table with the same records; whoever changes one leaves the other as it is."""
        twin = Table(self.resource, self.remembered, self.account_sid, self.opened)
        twin.serial = self.serial
        twin.records = self.records.copy()
        twin.order = self.order.copy()
        twin.indexes = {name: index.copy() for name, index in self.indexes.items()}
        twin.deleted = self.deleted.copy()
        return twin

    def only(self, sid: str) -> Table:
        """A table to read in, with a single one of these records."""
        record = self.records[sid]
        table = Table(self.resource, self.remembered, self.account_sid)
        table.add(sid, record.position.date_created, record.values)
        return table

    def __iter__(self) -> Iterator[Record]:
        """All records in the order of the list."""
        return self.after(None, {})
