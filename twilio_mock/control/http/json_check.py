"""Checks a JSON value against the part of JSON Schema that the control API's document uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from twilio_mock.control.http.problems import Problem
from twilio_mock.spelling import not_known

Schema = Mapping[str, Any]

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def check(value: object, schema: Schema, where: str = "the body") -> None:
    """Raise a `Problem` (400) if a value is not as the schema says; `where` is the path to it."""
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else list(wanted or ())
    if names and not any(is_a(value, name) for name in names):
        raise Problem(400, f"{where}: {' or '.join(names)} is expected", where=where)
    if "enum" in schema and value not in schema["enum"]:
        expected = ", ".join(map(repr, schema["enum"]))
        raise Problem(400, f"{where}: {value!r} is none of {expected}", where=where)
    if isinstance(value, str):
        check_text(value, schema, where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        check_number(value, schema, where)
    if isinstance(value, dict):
        check_members(value, schema, where)
    if isinstance(value, list):
        for number, each in enumerate(value):
            check(each, schema.get("items", {}), f"{where}[{number}]")


def is_a(value: object, name: str) -> bool:
    """Whether a value is of one of JSON's types; a boolean is no number."""
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def check_text(value: str, schema: Schema, where: str) -> None:
    """The shortest length and the pattern."""
    if len(value) < schema.get("minLength", 0):
        raise Problem(400, f"{where}: must not be empty", where=where)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        expected = schema.get("description", schema["pattern"])
        message = f"{where}: {value[:80]!r} is not as expected: {expected}"
        raise Problem(400, message, where=where)


def check_number(value: float, schema: Schema, where: str) -> None:
    """The bounds."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        bounds = f"at least {low}" if high is None else f"between {low} and {high}"
        raise Problem(400, f"{where}: {value!r} is out of bounds: {bounds}", where=where)


def check_members(value: dict[str, object], schema: Schema, where: str) -> None:
    """What an object must have, may have and must not have."""
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            raise Problem(400, f"{where}: {name!r} is missing", where=where)
    for name, member in value.items():
        if name in known:
            check(member, known[name], f"{where}.{name}")
        elif isinstance(schema.get("additionalProperties"), Mapping):
            check(member, schema["additionalProperties"], f"{where}.{name}")
        elif schema.get("additionalProperties") is False:
            message = f"{where}: {name[:80]!r} {not_known(name, known)}"
            raise Problem(400, message, where=where)
