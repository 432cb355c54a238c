"""The control API's operations on the mock itself: is it well, what is it, what does it model."""

from __future__ import annotations

from typing import Any

from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.seed_schema import seed_schema
from twilio_mock.rules import RULES
from twilio_mock.version import __version__


def health(call: Call) -> Any:
    return {"status": "ok"}


def version(call: Call) -> Any:
    return {"version": __version__}


def coverage(call: Call) -> Any:
    return {
        "operations": {
            resource.operation_id[verb]: resource.documentation
            for resource in call.state.resources
            for verb in sorted(resource.verbs, key=lambda each: each.value)
        },
        "suspected_rules": {
            name: {
                "question": rule.question,
                "default": rule.default,
                "enforced": rule.enforced,
                "source": rule.source,
                "is_enforced": name in call.state.settings.enforce,
            }
            for name, rule in RULES.items()
        },
    }


def schema(call: Call) -> Any:
    return seed_schema(call.state.resources)


def words(**properties: str) -> dict[str, Any]:
    """The schema of an object of texts."""
    return {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": list(properties),
    }


ABOUT_OPERATIONS = (
    Operation(
        "health", "GET", "/health", "Whether it answers.", "-", health, gives=words(status="string")
    ),
    Operation(
        "version",
        "GET",
        "/version",
        "Which version this is.",
        "twilio_mock.__version__",
        version,
        gives=words(version="string"),
    ),
    Operation(
        "coverage",
        "GET",
        "/coverage",
        "What is modelled, and how sure that is.",
        "-",
        coverage,
        gives=words(operations="object", suspected_rules="object"),
    ),
    Operation(
        "seed_schema",
        "GET",
        "/seed.schema.json",
        "The JSON Schema of a seed document.",
        "-",
        schema,
    ),
)
