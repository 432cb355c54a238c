"""A record: what is stored of one thing, a value that never changes."""

from __future__ import annotations

from typing import NamedTuple

from twilio_mock.resources.fields import Value
from twilio_mock.resources.schema import Resource


class Position(NamedTuple):
    """Where a record stands in the list of its table; it never changes while the record lives."""

    date_created: int
    serial: int
    sid: str


class Record:
    """One stored thing: its values in the order of `resource.stored_fields`.

    An update makes a new record in the old one's place, so whoever holds a record (a snapshot,
    the journal, a page being walked) holds what was true then. `rendered` is its JSON, written
    when it is shown, and kept for a while by `state/renderings.py`.
    """

    __slots__ = ("position", "rendered", "resource", "values")

    def __init__(self, resource: Resource, position: Position, values: tuple[Value, ...]) -> None:
        self.resource = resource
        self.position = position
        self.values = values
        self.rendered: bytes | None = None

    def __getitem__(self, name: str) -> Value:
        """The stored value of a field; `KeyError` if the resource has no such field."""
        return self.values[self.resource.position[name]]

    @property
    def sid(self) -> str:
        """The record's SID."""
        return self.position.sid

    def changed(self, changes: dict[str, Value]) -> Record:
        """The record that takes this one's place when `changes` are made."""
        values = list(self.values)
        for name, value in changes.items():
            values[self.resource.position[name]] = value
        return Record(self.resource, self.position, tuple(values))
