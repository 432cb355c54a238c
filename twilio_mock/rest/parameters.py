"""From the bytes of a form to checked values: nothing is changed here, only said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache

from twilio_mock.errors import InvalidParameter, MockRefusal
from twilio_mock.pairs import Pairs, pairs_of
from twilio_mock.resources.fields import Field, Value
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.task import Check, Task
from twilio_mock.rest.values import PARSERS, Parser
from twilio_mock.settings import Settings
from twilio_mock.spelling import near

FORM = "application/x-www-form-urlencoded"
SUGGESTED_AT_MOST = 10

Old = Callable[[str], Value]


def read_pairs(text: str, settings: Settings) -> Pairs:
    """The names and values of a query or a form; raises `MockRefusal` if they cannot be read."""
    if text.count("&") >= settings.parameter_limit:
        message = f"more than {settings.parameter_limit} parameters in one request"
        raise MockRefusal(400, message)
    try:
        return pairs_of(text)
    except UnicodeError as problem:
        raise MockRefusal(400, "the parameters are not valid UTF-8") from problem


def read_form(body: bytes, content_type: str | None, check: Check) -> str:
    """The text of a form; a body that is none has no parameters, which is a finding."""
    if not body:
        return ""
    if content_type != FORM and not is_form(content_type):
        sent = f"Content-Type {content_type!r}" if content_type else "no Content-Type"
        message = f"a body with {sent} is no form, so no parameter was read from it; send {FORM}"
        check.mistake("body_is_no_form", None, message)
        return ""
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise MockRefusal(400, "the body is not valid UTF-8") from problem


def is_form(content_type: str | None) -> bool:
    """Whether a Content-Type says so, perhaps with a charset behind it."""
    return content_type is not None and content_type.partition(";")[0].strip().lower() == FORM


def last_values(task: Task, known: Collection[str]) -> dict[str, str]:
    """The value of each known parameter; the last one counts if it was repeated.

    Twilio ignores names that it does not know (error dictionary, 20001), and so does the mock,
    but it says so.
    """
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


@lru_cache(maxsize=64)  # the same few, and looked up field by field they cost half of the checks
def in_turn(resource: Resource, verb: Verb) -> tuple[tuple[str, Parser, Field, str, bool], ...]:
    """The parameters of an operation in the order of the declaration.

    With each: how it is parsed, its field, the name of the value that it sets, and whether there
    is nothing more to be done about it.
    """
    return tuple(
        (
            parameter,
            PARSERS[field.kind],
            field,
            field.shows or field.name,
            not (field.deprecated_for or field.clears),
        )
        for parameter, field in resource.parameters[verb].items()
    )


def check_values(task: Task, old: Old) -> dict[str, Value]:
    """The values to store, by the name of the field; raises `InvalidParameter`.

    In the order of the declaration, so that of two parameters that set one stored value
    (SmsStatusCallback, MessageStatusCallback) the one that is not deprecated counts.
    """
    sent = last_values(task, task.resource.parameters[task.verb])
    values: dict[str, Value] = {}
    for parameter, parse, field, name, plain in in_turn(task.resource, task.verb):
        text = sent.get(parameter)
        if text is None or (text == "" and stays(field, task.check)):
            continue
        if not plain and field.deprecated_for:
            message = f"{field.parameter} is deprecated: send {field.deprecated_for}"
            task.check.mistake("deprecated_parameter", field.parameter, message)
        value = parse(field, text, task)
        if value is not None:
            values[name] = value
            if value and not plain:
                values |= {other: None for other in field.clears if other in values or old(other)}
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
        if changes.get(field.needs):
            continue
        if field.name in changes or field.needs in changes:
            now = [changes.get(name, old(name)) for name in (field.name, field.needs)]
            if now[0] and not now[1]:
                error = InvalidParameter(field.parameter, field.needs_code)
                task.check.suspect("fallback_needs_primary", error)
