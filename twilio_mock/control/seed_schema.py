"""The JSON Schema of a seed document, made of the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twilio_mock.control.seed_file import NULLABLE, SUBACCOUNTS
from twilio_mock.control.seeding import settable
from twilio_mock.resources.fields import Field
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DATE = "a date in RFC 2822, as Twilio shows it, or in ISO 8601, or seconds since 1970"


def seed_schema(resources: Iterable[Resource]) -> dict[str, Any]:
    """The schema of what `mock.seed(...)` takes and `mock.export()` gives."""
    resources = tuple(resources)
    account = next(each for each in resources if each.is_account)
    kept = [each for each in resources if not each.is_account]
    return {
        "$schema": DIALECT,
        "title": "What a twilio_mock is seeded with",
        "type": "object",
        "properties": {
            "$schema": {"type": "string"},
            "accounts": {"type": "array", "items": {"$ref": "#/$defs/Account"}},
        },
        "additionalProperties": False,
        "$defs": {
            **{each.name: record_schema(each) for each in kept},
            "Account": account_schema(account, kept, subaccounts=True),
            "Subaccount": account_schema(account, kept, subaccounts=False),
        },
    }


def account_schema(account: Resource, kept: list[Resource], *, subaccounts: bool) -> dict[str, Any]:
    """An account: what is stored of it, and lists of what it holds."""
    schema = record_schema(account)
    for each in kept:
        items = {"$ref": f"#/$defs/{each.name}"}
        schema["properties"][each.key] = {"type": "array", "items": items}
    if subaccounts:
        items = {"$ref": "#/$defs/Subaccount"}
        schema["properties"][SUBACCOUNTS] = {"type": "array", "items": items}
    return schema


def record_schema(resource: Resource) -> dict[str, Any]:
    """One record of a resource."""
    names = settable(resource)
    fields = [field for field in resource.fields if field.name in names]
    return {
        "type": "object",
        "properties": {field.name: field_schema(resource, field) for field in fields},
        "additionalProperties": False,
    }


def field_schema(resource: Resource, field: Field) -> dict[str, Any]:
    """The value of one field."""
    if field.kind is Kind.DATE:
        return {"type": ["string", "integer"], "description": DATE}
    if field.kind is Kind.BOOLEAN:
        return {"type": "boolean"}
    if field.kind is Kind.WHOLE_NUMBER:
        return {"type": "integer"}
    schema: dict[str, Any] = {"type": "string"}
    if field.kind in NULLABLE:
        schema["type"] = ["string", "null"]
    if field.kind is Kind.SID:
        schema["pattern"] = f"^{resource.sid_prefix}[0-9a-fA-F]{{32}}$"
    if field.kind is Kind.METHOD:
        schema["enum"] = ["GET", "POST"]
    if field.choices:
        schema["enum"] = list(field.choices)
    if field.max_length is not None:
        schema["maxLength"] = field.max_length
    return schema
