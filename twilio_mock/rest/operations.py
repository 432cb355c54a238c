"""The five operations: check everything, then change anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from types import MappingProxyType

from twilio_mock.errors import NotFound, TwilioError
from twilio_mock.resources.fields import Field, Value
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Change
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.authentication import refusal_of_inactive
from twilio_mock.rest.paging import CONTROLS, Page, find_page
from twilio_mock.rest.parameters import Old, check_needs, check_values, last_values
from twilio_mock.rest.task import Task
from twilio_mock.state.records import Record
from twilio_mock.state.redaction import hidden
from twilio_mock.state.tables import Table, Wanted

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class Outcome:
    """What an operation did: the status of its answer, and the record or the page to show.

    `created` tells whether the record is shown as new, with what is never shown again;
    `updated` and `deleted` are the SIDs of the records that it changed and removed.
    """

    status: int
    record: Record | None = None
    page: Page | None = None
    created: bool = False
    updated: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def masked(outcome: Outcome) -> Outcome:
    """What an operation did, for the journal: its records without their secrets."""
    record, page = outcome.record, outcome.page
    if page is not None:
        page = with_changes(page, records=[hidden(each) for each in page.records])
    return with_changes(outcome, record=record and hidden(record), page=page)


def perform(task: Task) -> Outcome:
    """Do one operation; raises a `TwilioError`, and then nothing has changed."""
    return OPERATIONS[task.verb](task)


def create(task: Task) -> Outcome:
    """Store a new record and show it: 201.

    With test credentials nothing is kept: https://www.twilio.com/docs/iam/test-credentials
    """
    record = create_record(task)
    if task.testing:
        task.table.remove(record)
    return Outcome(201, record, created=True)


def nothing_yet(name: str) -> Value:
    """The stored value of any field before there is a record."""
    return None


def create_record(task: Task, given: Mapping[str, Value] = NOTHING) -> Record:
    """Store a new record; `given` are values that no request could send, from a seed."""
    changes = check_values(task, nothing_yet)
    changes.update(given)
    check_change(task, changes, nothing_yet)
    table, limit = task.table, task.resource.limit
    # The table of accounts holds the parent itself too.
    kept = len(table.records) - task.resource.is_account
    if limit and kept >= getattr(task.check.settings, limit):
        raise TwilioError(task.resource.limit_code)
    if task.resource.is_account:
        task.account.state.check_room()
    if not changes.get("sid"):
        changes["sid"] = task.account.sids.mint(task.resource.sid_prefix, table.records)
    record = add_record(task, changes)
    if task.resource.is_account:
        task.account.state.open_account(record.sid, task.account)
    return record


def add_record(task: Task, values: dict[str, Value]) -> Record:
    """Put a new record into its table, the values that were not given filled in."""
    now = int(task.account.clock.now())
    values = {**task.resource.constants, **values}
    for field in task.resource.made_fields:
        if field.name not in values:
            values[field.name] = made_value(task, field, values, now)
    ordered = task.resource.in_order(values)
    return task.table.add(str(values["sid"]), int(values["date_created"] or now), ordered)


MAKERS: Mapping[Kind, Callable[[Task, Mapping[str, Value], int], Value]] = {
    Kind.ACCOUNT_SID: lambda task, values, now: task.account.sid,
    Kind.OWNER_SID: lambda task, values, now: task.account.sid,
    Kind.DATE: lambda task, values, now: values.get("date_created", now),
    Kind.SECRET: lambda task, values, now: task.account.sids.mint(""),
}


def made_value(task: Task, field: Field, values: Mapping[str, Value], now: int) -> Value:
    """The value of a field that nobody sent, where it is not the same for all records."""
    maker = MAKERS.get(field.kind)
    if maker is not None:
        return maker(task, values, now)
    return field.default_from(values, now) if field.default_from else None


def fetch(task: Task) -> Outcome:
    """Show one record: 200."""
    last_values(task, ())
    return Outcome(200, the_record(task))


def update(task: Task) -> Outcome:
    """Change what was sent and nothing else: 200. `date_updated` moves in any case."""
    old = the_record(task)
    changes = check_values(task, old.__getitem__)
    check_change(task, changes, old.__getitem__)
    return Outcome(200, replace(task.table, old, changes, task), updated=(old.sid,))


def replace(table: Table, old: Record, changes: dict[str, Value], task: Task) -> Record:
    """Put the changed record in the old one's place."""
    new = old.changed({"date_updated": int(task.account.clock.now()), **changes})
    table.replace(old, new)
    return new


def check_change(task: Task, changes: Mapping[str, Value], old: Old) -> None:
    """Check what concerns several fields, and what the declaration's own rules say."""
    check_needs(task, changes, old)
    if task.resource.rules:
        change = Change(
            verb=task.verb,
            old=old,
            changes=changes,
            by_parent=task.caller is not task.account,
            refused=None if task.caller.active else refusal_of_inactive(task.check.settings),
            by_subaccount=task.caller.owner is not None,
        )
        for rule in task.resource.rules:
            rule(change)


def delete(task: Task) -> Outcome:
    """Delete one record: 204 with an empty body.

    Its SID is taken off every record that refers to it, in the same step. For an Application
    that is documented: https://www.twilio.com/docs/usage/api/applications
    """
    record = the_record(task)
    last_values(task, ())
    task.table.remove(record)
    updated = []
    for resource, field in task.account.state.references[task.resource.name]:
        table = task.account.table(resource)
        for referring in table.having(field.name, record.sid):
            updated.append(replace(table, referring, {field.name: None}, task).sid)
    return Outcome(204, updated=tuple(updated), deleted=(record.sid,))


def list_page(task: Task) -> Outcome:
    """Show one page of the records: 200."""
    filters, idle = task.resource.filters, task.resource.idle_filters
    sent = last_values(task, (*filters, *idle, *CONTROLS))
    table = task.table
    if task.resource.is_account and task.account.owner is not None:
        table = table.only(task.account.sid)
    wanted: Wanted = {
        field.name: wanted_value(table, field, sent[parameter])
        for parameter, field in filters.items()
        if sent.get(parameter)
    }
    for parameter in filters.keys() & sent.keys():
        if not sent[parameter]:
            message = f"{parameter} was sent without a value: nothing is filtered by it"
            task.check.mistake("empty_filter", parameter, message)
    return Outcome(200, page=find_page(table, wanted, sent, task.check))


def wanted_value(table: Table, field: Field, text: str) -> str | re.Pattern[str]:
    """What a filter asks for: the value itself, or for phone numbers also a part of it.

    In a phone number `*` stands for any digit: the documentation of IncomingPhoneNumber.
    """
    if field.kind is not Kind.PHONE_NUMBER or text in table.indexes[field.name]:
        return text
    return re.compile(re.escape(text).replace(r"\*", "[0-9]"))


def the_record(task: Task) -> Record:
    """The record that the path names; raises `NotFound`."""
    record = task.table.records.get(task.sid or "")
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
