"""From the bytes of a form to checked values: nothing is changed here, only said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl

from twilio_mock.errors import InvalidParameter, MockRefusal
from twilio_mock.resources.schema import Field, Kind, Resource, Value
from twilio_mock.rest.urls import doubtful_host, is_valid_url
from twilio_mock.rules import Finding
from twilio_mock.settings import Settings

FORM = "application/x-www-form-urlencoded"
API_VERSIONS = ("2010-04-01", "2008-08-01")
# Characters that no XML document can hold (XML 1.0, production 2): they are refused where they
# come in, so that every record can be shown in every format.
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SUGGESTED_AT_MOST = 10

Pairs = tuple[tuple[str, str], ...]
Old = Callable[[str], Value]


class Check:
    """The checks of one request: its findings so far, and which suspected rules are enforced."""

    __slots__ = ("findings", "settings")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.findings: list[Finding] = []

    def mistake(self, kind: str, parameter: str | None, message: str) -> None:
        """Report what is surely a mistake, but which Twilio lets pass."""
        self.findings.append(Finding(kind, parameter, message))

    def suspect(self, rule: str, error: InvalidParameter) -> None:
        """Report what Twilio may refuse; raise the refusal if the user wants the rule enforced."""
        if rule in self.settings.enforce:
            raise error
        message = f"Twilio may refuse this with {error.code}: {error.message}"
        self.findings.append(Finding(rule, error.parameter, message))

    def keeps(self, rule: str, parameter: str, message: str) -> bool:
        """Report a value that Twilio may leave as it is; whether the mock is to leave it too."""
        self.findings.append(Finding(rule, parameter, message))
        return rule in self.settings.enforce


def read_pairs(text: str, settings: Settings) -> Pairs:
    """The names and values of a query or a form; raises `MockRefusal` if they cannot be read."""
    try:
        return tuple(
            parse_qsl(
                text,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=settings.parameter_limit,
            )
        )
    except UnicodeDecodeError as problem:
        raise MockRefusal(400, "the parameters are not valid UTF-8") from problem
    except ValueError as problem:
        message = f"more than {settings.parameter_limit} parameters in one request"
        raise MockRefusal(400, message) from problem


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


def last_values(pairs: Pairs, known: Iterable[str], operation: str, check: Check) -> dict[str, str]:
    """The value of each known parameter; the last one counts if it was repeated.

    Twilio ignores names that it does not know (error dictionary, 20001), and so does the mock,
    but it says so.
    """
    known = frozenset(known)
    values: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            suggestion = did_you_mean(name, known, check)
            message = f"{name[:80]!r} is no parameter of {operation}{suggestion}"
            check.mistake("unknown_parameter", name[:80], message)
        elif name in values:
            check.mistake("repeated_parameter", name, f"{name} was sent more than once")
            values[name] = value
        else:
            values[name] = value
    return values


def did_you_mean(name: str, known: Iterable[str], check: Check) -> str:
    """The name that was probably meant, as the end of a sentence; empty if none is near."""
    if len(check.findings) >= SUGGESTED_AT_MOST:
        return ""
    by_lower_case = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name[:80].lower(), by_lower_case, n=1)
    return f": did you mean {by_lower_case[near[0]]!r}?" if near else ""


def check_values(resource: Resource, sent: Mapping[str, str], check: Check) -> dict[str, Value]:
    """The values to store, by the name of the field; raises `InvalidParameter`.

    In the order of the declaration, so that of two parameters that set one stored value
    (SmsStatusCallback, MessageStatusCallback) the one that is not deprecated counts.
    """
    values: dict[str, Value] = {}
    for field in resource.writable.values():
        text = sent.get(field.parameter)
        if text is None:
            continue
        if field.deprecated_for:
            message = f"{field.parameter} is deprecated: send {field.deprecated_for}"
            check.mistake("deprecated_parameter", field.parameter, message)
        if text == "" and field.keeps_empty:
            message = f"Twilio may keep the old value when {field.parameter} is sent empty"
            if check.keeps(field.keeps_empty, field.parameter, message):
                continue
        value = PARSERS[field.kind](field, text, check)
        if value is not None:
            values[field.shows or field.name] = value
    return values


def check_needs(resource: Resource, changes: Mapping[str, Value], old: Old, check: Check) -> None:
    """Check the fields that make no sense without another one, where a request changes either."""
    for field in resource.dependent_fields:
        if field.name in changes or field.needs in changes:
            now = [changes.get(name, old(name)) for name in (field.name, field.needs)]
            if now[0] and not now[1]:
                error = InvalidParameter(field.parameter, field.needs_code)
                check.suspect("fallback_needs_primary", error)


def parse_text(field: Field, text: str, check: Check) -> Value:
    """A text within the field's length."""
    if field.max_length is not None and len(text) > field.max_length:
        raise InvalidParameter(field.parameter, field.too_long_code)
    return showable(field, text)


def showable(field: Field, text: str) -> str:
    """The text itself; raises `InvalidParameter` if an XML document could not hold it."""
    if UNSHOWABLE.search(text):
        message = f"{field.parameter} contains a control character"
        raise InvalidParameter(field.parameter, 20001, message)
    return text


def parse_url(field: Field, text: str, check: Check) -> Value:
    """An absolute http or https URL, or nothing. Message as recorded in 2018."""
    if text == "":
        return text
    error = InvalidParameter(
        field.parameter, 21402, f"{field.parameter} is not a valid URL: {text}"
    )
    if not is_valid_url(text) or UNSHOWABLE.search(text):
        raise error
    if doubtful_host(text):
        check.suspect("public_url_host", error)
    return text


def parse_method(field: Field, text: str, check: Check) -> Value:
    """GET or POST. The message was recorded for Calls, the code is the dictionary's."""
    if text not in ("GET", "POST"):
        message = f"{field.parameter} is not valid: {text}"
        raise InvalidParameter(field.parameter, 21403, message)
    return text


def parse_boolean(field: Field, text: str, check: Check) -> Value:
    """True or false; `None` (no change) for anything else."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    message = f"{field.parameter} is not valid: {text}"
    check.suspect("boolean_value", InvalidParameter(field.parameter, 20001, message))
    return None


def parse_api_version(field: Field, text: str, check: Check) -> Value:
    """One of Twilio's two versions; `None` (no change) for anything else."""
    if text in API_VERSIONS:
        return text
    message = f"{field.parameter} is not valid: {text}"
    check.suspect("api_version_value", InvalidParameter(field.parameter, 20001, message))
    return None


PARSERS: Mapping[Kind, Callable[[Field, str, Check], Value]] = {
    Kind.TEXT: parse_text,
    Kind.URL: parse_url,
    Kind.METHOD: parse_method,
    Kind.BOOLEAN: parse_boolean,
    Kind.API_VERSION: parse_api_version,
}
