"""What is different between two snapshots, said in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twilio_mock.resources.fields import Value
from twilio_mock.resources.kinds import Kind
from twilio_mock.state.records import Record
from twilio_mock.state.snapshots import Snapshot

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property that was changed: its name, and its value before and after."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that was created, updated or deleted, and its properties that changed."""

    account_sid: str
    resource: str
    sid: str
    friendly_name: Value
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """What was created, updated and deleted; it is true if anything was, and prints as a text.

    `date_updated` alone counts as no update: it moves with every update that is sent.
    """

    created: tuple[RecordChange, ...]
    updated: tuple[RecordChange, ...]
    deleted: tuple[RecordChange, ...]

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)

    def __str__(self) -> str:
        if not self:
            return "nothing changed"
        lines = [
            f"{verb} {change.resource} {change.sid} {change.friendly_name!r}{fields(change)}"
            for verb in ("created", "updated", "deleted")
            for change in getattr(self, verb)
        ]
        counts = ", ".join(
            f"{verb} {len(getattr(self, verb))}"
            for verb in ("created", "updated", "deleted")
            if getattr(self, verb)
        )
        more = [f"... and {len(lines) - SHOWN_AT_MOST} more"] if len(lines) > SHOWN_AT_MOST else []
        return "\n  ".join([counts, *lines[:SHOWN_AT_MOST], *more])


def fields(change: RecordChange) -> str:
    """The changed properties of a record: `: voice_url 'a' -> 'b'`."""
    changed = ", ".join(f"{f.name} {f.before!r} -> {f.after!r}" for f in change.fields)
    return f": {changed}" if changed else ""


def compare(before: Snapshot, after: Snapshot) -> Diff:
    """What is different in `after`."""
    old = {(sid, record.sid): record for sid, record in before.records()}
    new = {(sid, record.sid): record for sid, record in after.records()}
    created = [describe(key[0], record) for key, record in new.items() if key not in old]
    deleted = [describe(key[0], record) for key, record in old.items() if key not in new]
    pairs = [(key[0], old[key], record) for key, record in new.items() if key in old]
    if before.record is not after.record and (before.sid, before.sid) not in new:
        pairs.append((before.sid, before.record, after.record))
    updated = [
        describe(sid, now, changes)
        for sid, was, now in pairs
        if was is not now and (changes := tuple(changed_fields(was, now)))
    ]
    return Diff(tuple(created), tuple(updated), tuple(deleted))


def describe(
    account_sid: str, record: Record, changes: tuple[FieldChange, ...] = ()
) -> RecordChange:
    """One change of a record."""
    name = record["friendly_name"] if "friendly_name" in record.resource.position else None
    return RecordChange(account_sid, record.resource.name, record.sid, name, changes)


def changed_fields(was: Record, now: Record) -> Iterable[FieldChange]:
    """The properties whose values differ; secrets are not told."""
    for field, before, after in zip(
        was.resource.stored_fields, was.values, now.values, strict=True
    ):
        if before == after or field.name == "date_updated":
            continue
        if field.kind is Kind.SECRET or field.name.endswith("auth_token"):
            yield FieldChange(field.name, "[secret]", "[another secret]")
        else:
            yield FieldChange(field.name, before, after)
