"""From the bytes of a form to checked values: nothing is changed here, only said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote, unquote_to_bytes

from twilio_mock.errors import InvalidParameter, MockRefusal
from twilio_mock.resources.fields import Field, Value
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.task import Check, Pairs, Task
from twilio_mock.rest.values import PARSERS
from twilio_mock.settings import Settings
from twilio_mock.spelling import near

FORM = "application/x-www-form-urlencoded"
SUGGESTED_AT_MOST = 10

Old = Callable[[str], Value]


def read_pairs(text: str, settings: Settings) -> Pairs:
    """The names and values of a query or a form; raises `MockRefusal` if they cannot be read.

    A test compares it with the standard library's `parse_qsl`, which takes three times as long.
    """
    if not text:
        return ()
    # What URLs are full of goes first, all at once. No escape is part of another one, and none
    # of these makes a new one.
    text = text.replace("+", " ").replace("%3A", ":").replace("%2F", "/")
    parts = text.split("&")
    if len(parts) > settings.parameter_limit:
        message = f"more than {settings.parameter_limit} parameters in one request"
        raise MockRefusal(400, message)
    split = [part.partition("=") for part in parts if part]
    try:
        if not text.isascii():
            # Bytes that were no UTF-8 come out of aiohttp as lone surrogates.
            text.encode()
        if "%" not in text:
            return tuple([(name, value) for name, _, value in split])
        return tuple([(decoded(name), decoded(value)) for name, _, value in split])
    except UnicodeError as problem:
        raise MockRefusal(400, "the parameters are not valid UTF-8") from problem


def decoded(text: str) -> str:
    """A text without its percent-encoding; raises `UnicodeError`."""
    if "%" not in text:
        return text
    return unquote_to_bytes(text).decode() if text.isascii() else unquote(text, errors="strict")


def read_form(body: bytes, content_type: str | None, check: Check) -> Pairs:
    """The parameters of a body; a body that is no form has none, which is a finding."""
    if not body:
        return ()
    if content_type is None or content_type.partition(";")[0].strip().lower() != FORM:
        sent = f"Content-Type {content_type!r}" if content_type else "no Content-Type"
        message = f"a body with {sent} is no form, so no parameter was read from it; send {FORM}"
        check.mistake("body_is_no_form", None, message)
        return ()
    try:
        text = body.decode()
    except UnicodeDecodeError as problem:
        raise MockRefusal(400, "the body is not valid UTF-8") from problem
    return read_pairs(text, check.settings)


def last_values(task: Task, known: Iterable[str]) -> dict[str, str]:
    """The value of each known parameter; the last one counts if it was repeated.

    Twilio ignores names that it does not know (error dictionary, 20001), and so does the mock,
    but it says so.
    """
    known = frozenset(known)
    values: dict[str, str] = {}
    for name, value in task.pairs:
        if name not in known:
            suggestion = did_you_mean(name, known, task.check)
            message = f"{name[:80]!r} is no parameter of {task.operation_id}{suggestion}"
            task.check.mistake("unknown_parameter", name[:80], message)
            continue
        if name in values:
            task.check.mistake("repeated_parameter", name, f"{name} was sent more than once")
        values[name] = value
    return values


def did_you_mean(name: str, known: Iterable[str], check: Check) -> str:
    """The name that was probably meant, as the end of a sentence; empty if none is near."""
    if len(check.findings) >= SUGGESTED_AT_MOST:
        return ""
    found = near(name, known)
    return f": did you mean {found!r}?" if found else ""


def check_values(task: Task, old: Old) -> dict[str, Value]:
    """The values to store, by the name of the field; raises `InvalidParameter`.

    In the order of the declaration, so that of two parameters that set one stored value
    (SmsStatusCallback, MessageStatusCallback) the one that is not deprecated counts.
    """
    fields = task.resource.parameters[task.verb]
    sent = last_values(task, fields)
    values: dict[str, Value] = {}
    for parameter, field in fields.items():
        text = sent.get(parameter)
        if text is None or (text == "" and stays(field, task.check)):
            continue
        if field.deprecated_for:
            message = f"{field.parameter} is deprecated: send {field.deprecated_for}"
            task.check.mistake("deprecated_parameter", field.parameter, message)
        value = PARSERS[field.kind](field, text, task)
        if value is not None:
            values[field.shows or field.name] = value
            if value and field.clears:
                values |= {name: None for name in field.clears if name in values or old(name)}
    if task.verb is Verb.CREATE:
        for field in task.resource.required_fields:
            if field.name not in values:
                message = f"{field.parameter} is required"
                raise InvalidParameter(field.parameter, field.refused_code, message)
    return values


def stays(field: Field, check: Check) -> bool:
    """Whether an empty value is to change nothing, by a suspected rule; reports the doubt."""
    if field.keeps_empty is None:
        return False
    message = f"Twilio may keep the old value when {field.parameter} is sent empty"
    return check.keeps(field.keeps_empty, field.parameter, message)


def check_needs(task: Task, changes: Mapping[str, Value], old: Old) -> None:
    """Check the fields that make no sense without another one, where a request changes either."""
    for field in task.resource.dependent_fields:
        if field.name in changes or field.needs in changes:
            now = [changes.get(name, old(name)) for name in (field.name, field.needs)]
            if now[0] and not now[1]:
                error = InvalidParameter(field.parameter, field.needs_code)
                task.check.suspect("fallback_needs_primary", error)
