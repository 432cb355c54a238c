"""From the text of one parameter to the value that is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from twilio_mock.errors import InvalidParameter, MockRefusal
from twilio_mock.resources.fields import Field, Value
from twilio_mock.resources.kinds import Kind
from twilio_mock.rest.routing import well_formed
from twilio_mock.rest.task import Task
from twilio_mock.rest.urls import ORDINARY, doubtful_host, is_valid_url

# Each record that holds one holds the same object.
METHODS = {"GET": "GET", "POST": "POST"}
BOOLEANS = {"true": True, "false": False}
API_VERSIONS = ("2010-04-01", "2008-08-01")
# Characters that no XML document can hold (XML 1.0, production 2): they are refused where they
# come in, so that every record can be shown in every format.
UNSHOWABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
LARGEST_NUMBER = 2**31 - 1
E_164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)
# What test credentials are answered so: https://www.twilio.com/docs/iam/test-credentials
INVALID, UNAVAILABLE, SOLD_OUT = "+15005550001", "+15005550000", "533"
# Draws of a free number before the area counts as sold out.
ATTEMPTS = 100
AREA_CODE = re.compile(r"[2-9][0-9]{2}", re.ASCII)


def parse_text(field: Field, text: str, task: Task) -> Value:
    """A text within the field's length."""
    if field.max_length is not None and len(text) > field.max_length:
        raise InvalidParameter(field.parameter, field.refused_code)
    return showable(field, text)


def showable(field: Field, text: str) -> str:
    """The text itself; raises `InvalidParameter` if an XML document could not hold it."""
    if not text.isprintable() and re.search(UNSHOWABLE, text):
        message = f"{field.parameter} contains a control character"
        raise InvalidParameter(field.parameter, 20001, message)
    return text


def parse_url(field: Field, text: str, task: Task) -> Value:
    """An absolute http or https URL, or nothing. Message as recorded in 2018."""
    if text == "" or ORDINARY.fullmatch(text):
        return text
    error = InvalidParameter(
        field.parameter, 21402, f"{field.parameter} is not a valid URL: {text}"
    )
    if not is_valid_url(text) or re.search(UNSHOWABLE, text):
        raise error
    if doubtful_host(text):
        task.check.suspect("public_url_host", error)
    return text


def parse_method(field: Field, text: str, task: Task) -> Value:
    """GET or POST. The message was recorded for Calls, the code is the dictionary's."""
    method = METHODS.get(text)
    if method is None:
        message = f"{field.parameter} is not valid: {text}"
        raise InvalidParameter(field.parameter, 21403, message)
    return method


def parse_boolean(field: Field, text: str, task: Task) -> Value:
    """True or false; `None` (no change) for anything else."""
    value = BOOLEANS.get(text.lower())
    if value is not None:
        return value
    message = f"{field.parameter} is not valid: {text}"
    task.check.suspect("boolean_value", InvalidParameter(field.parameter, 20001, message))
    return None


def parse_whole_number(field: Field, text: str, task: Task) -> Value:
    """A number in plain digits within the field's bounds, both of them included."""
    lowest, highest = field.bounds or (0, LARGEST_NUMBER)
    if WHOLE_NUMBER.fullmatch(text) and lowest <= int(text) <= highest:
        return int(text)
    message = None if field.refused_code != 20001 else f"{field.parameter} is not valid: {text}"
    raise InvalidParameter(field.parameter, field.refused_code, message)


def parse_api_version(field: Field, text: str, task: Task) -> Value:
    """One of Twilio's two versions; `None` (no change) for anything else."""
    if text in API_VERSIONS:
        return text
    message = f"{field.parameter} is not valid: {text}"
    task.check.suspect("api_version_value", InvalidParameter(field.parameter, 20001, message))
    return None


def parse_choice(field: Field, text: str, task: Task) -> Value:
    """One of the words that the declaration lists."""
    if text not in field.choices:
        message = None if field.refused_code != 20001 else f"{field.parameter} is not valid: {text}"
        raise InvalidParameter(field.parameter, field.refused_code, message)
    return text


def parse_account_sid(field: Field, text: str, task: Task) -> Value:
    """The account itself, which changes nothing; Twilio hands a number over to another one.

    Some clients repeat the AccountSid of the path among the parameters.
    """
    if text and not well_formed(text, "AC"):
        raise InvalidParameter(field.parameter, field.refused_code)
    if text not in ("", task.account.sid):
        raise MockRefusal(
            501,
            f"Twilio hands {task.resource.plural} over to the account in {field.parameter}, but "
            "this mock does not model it; delete it here and create it in the other account",
        )
    return None


def parse_foreign_sid(field: Field, text: str, task: Task) -> Value:
    """A well-formed SID of the right kind, or nothing; what it names is not looked at."""
    if text and not well_formed(text, field.sid_prefix):
        message = f"{field.parameter} is not valid: {text}"
        raise InvalidParameter(field.parameter, field.refused_code, message)
    return text


def parse_reference(field: Field, text: str, task: Task) -> Value:
    """The SID of a record of the same account, or nothing."""
    if (
        text
        and text not in task.account.table(task.account.state.resource[field.refers_to]).records
    ):
        raise InvalidParameter(field.parameter, field.refused_code)
    return text


def parse_phone_number(field: Field, text: str, task: Task) -> Value:
    """A number in E.164 that the account does not have yet; both messages were recorded."""
    if not E_164.fullmatch(text) or (task.testing and text == INVALID):
        raise InvalidParameter(field.parameter, field.refused_code, f"{text} is not a valid number")
    if taken(task, text) or (task.testing and text == UNAVAILABLE):
        raise InvalidParameter(field.parameter, 21422, f"{text} is not available")
    return text


def taken(task: Task, number: str) -> bool:
    """Whether the account has this number already."""
    return bool(task.table.having("phone_number", number))


def parse_area_code(field: Field, text: str, task: Task) -> Value:
    """A free number of an area in North America."""
    if not AREA_CODE.fullmatch(text):
        raise InvalidParameter(field.parameter, field.refused_code)
    for _ in range(0 if task.testing and text == SOLD_OUT else ATTEMPTS):
        drawn = int(task.account.sids.mint("")[:8], 16)
        number = f"+1{text}{2_000_000 + drawn % 8_000_000}"
        if not taken(task, number):
            return number
    raise InvalidParameter(field.parameter, 21452, "No phone numbers found")


Parser = Callable[[Field, str, Task], Value]
PARSERS: Mapping[Kind, Parser] = {
    Kind.ACCOUNT_SID: parse_account_sid,
    Kind.TEXT: parse_text,
    Kind.URL: parse_url,
    Kind.METHOD: parse_method,
    Kind.BOOLEAN: parse_boolean,
    Kind.WHOLE_NUMBER: parse_whole_number,
    Kind.API_VERSION: parse_api_version,
    Kind.CHOICE: parse_choice,
    Kind.FOREIGN_SID: parse_foreign_sid,
    Kind.REFERENCE: parse_reference,
    Kind.PHONE_NUMBER: parse_phone_number,
    Kind.AREA_CODE: parse_area_code,
}
