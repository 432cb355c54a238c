"""The records of an account as a test sees them: containers that read and seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from twilio_mock.control.seeding import Given
from twilio_mock.resources.fields import Shown, Value
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.representations import shown
from twilio_mock.spelling import meant
from twilio_mock.state import Account
from twilio_mock.state.records import Record
from twilio_mock.state.tables import Table

SHOWN_AT_MOST = 5
Store = Callable[[Account, Resource, Mapping[str, Given]], str]
H = TypeVar("H", bound="RecordHandle")


def property_meant(name: str, known: Mapping[str, int]) -> str:
    """The property that was meant, perhaps by the name of its parameter: `FriendlyName`."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return f"did you mean {snake}?" if snake in known else meant(snake, known)


class RecordHandle:
    """One stored record, always as it is now; each property of the resource is an attribute.

    Dates are whole seconds since 1970. Reading from a record that was deleted raises
    `LookupError`, reading what the resource does not have `AttributeError`.
    """

    __slots__ = ("_collection", "sid")

    def __init__(self, collection: Collection[Any], sid: str) -> None:
        self._collection = collection
        self.sid = sid

    def __getattr__(self, name: str) -> Shown:
        __tracebackhide__ = True
        record = self._collection.record(self.sid)
        if name in record.resource.position:
            return record[name]
        field = record.resource.field.get(name)
        if field is None:
            raise AttributeError(f"{record.resource.name} has no property {name!r}")
        root = record.resource.root(self._collection.account.sid)
        return shown(record, field, root, ".json")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordHandle) and other.sid == self.sid

    def __hash__(self) -> int:
        return hash(self.sid)

    def __repr__(self) -> str:
        return f"<{self._collection.resource.name} {self.sid}>"


class Collection(Generic[H]):
    """The records of one resource in one account, in the order in which Twilio lists them.

    `handle` makes what the test gets in its hand of a record's SID, and `store` is what stores
    a new record.
    """

    def __init__(
        self,
        account: Account,
        resource: Resource,
        handle: Callable[[Collection[H], str], H],
        store: Store,
    ) -> None:
        self.account = account
        self.resource = resource
        self.handle = handle
        self.store = store

    @property
    def table(self) -> Table:
        """Where the records are stored."""
        with self.account.state.lock:  # which a fork of the process does not get
            return self.account.table(self.resource)

    def create(self, **fields: Given) -> H:
        """Store a record, checked as a request would be; `None` leaves a field out.

        Besides what a request can send, `sid`, `date_created` and `date_updated` (seconds since
        1970) can be given. Raises `TypeError` for a field that cannot be set and `ValueError`
        for a value that Twilio would refuse; then nothing is stored.
        """
        __tracebackhide__ = True
        return self.handle(self, self.store(self.account, self.resource, fields))

    def one(self, **fields: Value) -> H:
        """The only record with these values; raises `LookupError` if there is none or several."""
        __tracebackhide__ = True
        for name in sorted(fields.keys() - self.resource.position.keys()):
            advice = property_meant(name, self.resource.position)
            message = f"{self.resource.name} has no property {name!r}; {advice}"
            raise TypeError(f"twilio_mock: {message}")
        records = self.records()
        found = [r for r in records if all(r[name] == value for name, value in fields.items())]
        if len(found) == 1:
            return self.handle(self, found[0].sid)
        wanted = ", ".join(f"{name}={value!r}" for name, value in fields.items()) or "anything"
        count = "none" if not found else str(len(found))
        there = f"{len(records)}: {self.brief(found or records)}" if records else "none at all"
        raise LookupError(
            f"twilio_mock: wanted one {self.resource.name} with {wanted}, found {count}; "
            f"the account has {there} (docs/control.md, Records)"
        )

    def brief(self, records: list[Record]) -> str:
        """The first few records in a line."""
        has_name = "friendly_name" in self.resource.position
        named = [
            f"{record.sid} {record['friendly_name']!r}" if has_name else record.sid
            for record in records[:SHOWN_AT_MOST]
        ]
        return ", ".join(named) + (", ..." if len(records) > SHOWN_AT_MOST else "")

    def records(self) -> list[Record]:
        """The records themselves."""
        with self.account.state.lock:
            return list(self.table)

    def record(self, sid: str) -> Record:
        """The record with this SID; raises `LookupError`."""
        __tracebackhide__ = True
        try:
            return self.table.records[sid]
        except KeyError:
            message = f"twilio_mock: account {self.account.sid} has no {self.resource.name} {sid}"
            raise LookupError(message) from None

    def __len__(self) -> int:
        return len(self.table.records)

    def __contains__(self, sid: object) -> bool:
        sid = sid.sid if isinstance(sid, RecordHandle) else sid
        return sid in self.table.records

    def __getitem__(self, sid: str) -> H:
        __tracebackhide__ = True
        return self.handle(self, self.record(sid).sid)

    def __iter__(self) -> Iterator[H]:
        return iter([self.handle(self, record.sid) for record in self.records()])

    def __repr__(self) -> str:
        return f"<{len(self)} {self.resource.plural} of {self.account.sid}>"
