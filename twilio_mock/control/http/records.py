"""The control API's operations on one record, on what is stored of an account, and on crashes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.seed_file import kept
from twilio_mock.control.seeding import change_account, seed_record

FIELDS = {"type": "object", "description": "properties, by their names in Twilio's JSON"}


def fields_in(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body, if each of its values can be one of a record; raises a `Problem`."""
    for name, value in body.items():
        if not isinstance(value, str | int | float | None):
            where = f"the body.{name[:80]}"
            raise Problem(400, f"{type(value).__name__} is no value of a field", where=where)
    return body


def create_record(call: Call) -> Any:
    resources = {each.key: each for each in kept(call.state)}
    resource = resources.get(call.path["records"])
    if resource is None:
        known = ", ".join(resources)
        raise Problem(404, f"there are no {call.path['records'][:80]}; there are: {known}")
    return {"sid": seed_record(call.account, resource, fields_in(call.body)).sid}


def update_account(call: Call) -> Any:
    change_account(call.account, fields_in(call.body))


def list_crashes(call: Call) -> Any:
    return {"crashes": [each._asdict() for each in call.account.crashes]}


RECORD_OPERATIONS = (
    Operation(
        "create_record",
        "POST",
        "/accounts/{AccountSid}/records/{records}",
        "Store one record, of `applications` for example, and tell its SID.",
        "account.applications.create",
        create_record,
        takes=FIELDS,
        gives={"type": "object", "properties": {"sid": {"type": "string"}}, "required": ["sid"]},
        status=201,
    ),
    Operation(
        "update_account",
        "PATCH",
        "/accounts/{AccountSid}",
        "Change what is stored of the account itself, also what no request can change.",
        "account.update",
        update_account,
        takes=FIELDS,
        status=204,
    ),
    Operation(
        "list_crashes",
        "GET",
        "/accounts/{AccountSid}/crashes",
        "The unexpected exceptions inside the mock: bugs of its own.",
        "account.assert_no_loose_ends",
        list_crashes,
        gives={
            "type": "object",
            "properties": {"crashes": {"type": "array", "items": {"type": "object"}}},
            "required": ["crashes"],
        },
    ),
)
