"""The five operations: check everything, then change anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twilio_mock.errors import NotFound, TwilioError
from twilio_mock.resources.schema import Kind, Resource, Value, Verb
from twilio_mock.rest.paging import CONTROLS, Page, find_page
from twilio_mock.rest.parameters import (
    Check,
    Pairs,
    check_needs,
    check_values,
    last_values,
)
from twilio_mock.state import Account
from twilio_mock.state.records import Record


@dataclass(slots=True)
class Outcome:
    """What an operation did: the status of its answer, and the record or the page to show."""

    status: int
    record: Record | None = None
    page: Page | None = None


@dataclass(slots=True)
class Task:
    """One operation to be done, with all that it needs to know."""

    account: Account
    resource: Resource
    verb: Verb
    sid: str | None
    path: str
    pairs: Pairs
    check: Check

    @property
    def operation_id(self) -> str:
        """Twilio's name of it."""
        return self.resource.operation_id(self.verb)


def perform(task: Task) -> Outcome:
    """Do one operation; raises a `TwilioError`, and then nothing has changed."""
    return OPERATIONS[task.verb](task)


def create(task: Task) -> Outcome:
    """Store a new record and show it: 201."""
    return Outcome(201, create_record(task))


def create_record(task: Task) -> Record:
    """Store a new record."""
    table = task.account.tables[task.resource.name]
    sent = last_values(task.pairs, task.resource.writable, task.operation_id, task.check)
    changes = check_values(task.resource, sent, task.check)
    check_needs(task.resource, changes, lambda name: None, task.check)
    limit = task.resource.limit
    if limit and len(table.records) >= getattr(task.check.settings, limit):
        raise TwilioError(task.resource.limit_code)
    now = int(task.account.clock.now())
    sid = task.account.sids.mint(task.resource.sid_prefix, table.records)
    return table.add(sid, now, initial_values(task, changes, sid, now))


def initial_values(
    task: Task, changes: Mapping[str, Value], sid: str, now: int
) -> tuple[Value, ...]:
    """The values of a new record: what was sent, what the mock gives, and the defaults."""
    given: dict[Kind, Value] = {
        Kind.SID: sid,
        Kind.ACCOUNT_SID: task.account.sid,
        Kind.DATE: now,
    }
    return tuple(
        changes.get(field.name, given.get(field.kind, field.default))
        for field in task.resource.stored_fields
    )


def fetch(task: Task) -> Outcome:
    """Show one record: 200."""
    last_values(task.pairs, (), task.operation_id, task.check)
    return Outcome(200, the_record(task))


def update(task: Task) -> Outcome:
    """Change what was sent and nothing else: 200. `date_updated` moves in any case."""
    old = the_record(task)
    sent = last_values(task.pairs, task.resource.writable, task.operation_id, task.check)
    changes = check_values(task.resource, sent, task.check)
    check_needs(task.resource, changes, old.__getitem__, task.check)
    new = old.changed(changes | {"date_updated": int(task.account.clock.now())})
    task.account.tables[task.resource.name].replace(old, new)
    return Outcome(200, new)


def delete(task: Task) -> Outcome:
    """Delete one record: 204 with an empty body."""
    record = the_record(task)
    last_values(task.pairs, (), task.operation_id, task.check)
    task.account.tables[task.resource.name].remove(record)
    return Outcome(204)


def list_page(task: Task) -> Outcome:
    """Show one page of the records: 200."""
    filters = task.resource.filters
    sent = last_values(task.pairs, (*filters, *CONTROLS), task.operation_id, task.check)
    wanted: dict[str, Value] = {}
    for parameter, field_ in filters.items():
        if sent.get(parameter):
            wanted[field_.name] = sent[parameter]
        elif parameter in sent:
            message = f"{parameter} was sent without a value: nothing is filtered by it"
            task.check.mistake("empty_filter", parameter, message)
    table = task.account.tables[task.resource.name]
    return Outcome(200, page=find_page(table, wanted, sent, task.check))


def the_record(task: Task) -> Record:
    """The record that the path names; raises `NotFound`."""
    record = task.account.tables[task.resource.name].records.get(task.sid or "")
    if record is None:
        raise NotFound(task.path)
    return record


OPERATIONS: Mapping[Verb, Callable[[Task], Outcome]] = {
    Verb.CREATE: create,
    Verb.FETCH: fetch,
    Verb.LIST: list_page,
    Verb.UPDATE: update,
    Verb.DELETE: delete,
}
