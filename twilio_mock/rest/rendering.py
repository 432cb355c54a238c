"""What an operation did, or why it was refused, in the format that the path asks for."""

from __future__ import annotations

from twilio_mock.errors import TwilioError
from twilio_mock.rest.operations import Outcome
from twilio_mock.rest.paging import Page
from twilio_mock.rest.representations import (
    CONTENT_TYPES,
    ERROR_CONTENT_TYPES,
    error_body,
    fields_json,
    page_csv,
    page_json,
    page_xml,
    record_json,
    record_xml,
    xml_document,
)
from twilio_mock.rest.routing import Route, format_of
from twilio_mock.rest.task import Task
from twilio_mock.state.records import Record

# Status, content type and body.
Parts = tuple[int, str | None, bytes]


def represent(task: Task, route: Route, outcome: Outcome) -> Parts:
    """What an operation did, in the wanted format."""
    root = task.resource.root(task.account.sid)
    if outcome.record is not None:
        body = represent_record(task, route.format, outcome.record, root, outcome.created)
    elif outcome.page is not None:
        body = represent_page(task, route.format, outcome.page, root)
    else:
        return outcome.status, None, b""
    return outcome.status, CONTENT_TYPES[route.format], body


def represent_record(task: Task, wanted: str, record: Record, root: str, created: bool) -> bytes:
    """One record; a new one with what is never shown again."""
    fields = record.resource.created_fields if created else record.resource.shown_fields
    if wanted != "json":
        return xml_document(record_xml(record, fields, root))
    if created and fields != record.resource.shown_fields:
        return fields_json(record, fields, root)
    return record_json(record, root, task.account.state.renderings)


def represent_page(task: Task, wanted: str, page: Page, root: str) -> bytes:
    """One page of a list."""
    if wanted == "json":
        return page_json(task.resource, page, root, task.account.state.renderings)
    if wanted == "csv":
        return page_csv(task.resource, page.records, root)
    return xml_document(page_xml(task.resource, page, root))


def refusal_parts(error: TwilioError, path: str) -> Parts:
    """A refusal in the format that the path asks for."""
    wanted = format_of(path)
    return error.status, ERROR_CONTENT_TYPES[wanted], error_body(error, wanted)
