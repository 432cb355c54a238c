"""The control API's operations on faults."""

from __future__ import annotations

from typing import Any

from twilio_mock.control.faults.fault_list import FaultList
from twilio_mock.control.faults.handles import FaultHandle
from twilio_mock.control.http.effects import EFFECT, effect_of
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem

FAULT = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "on": {"type": "string", "description": "the requests that it is for"},
        "effects": {"type": "array", "items": {"type": "string"}},
        "matched": {"type": "integer", "description": "how many requests it was for"},
        "fired": {"type": "integer", "description": "how many of them it hit"},
        "left": {"type": ["integer", "null"], "description": "how many it can still hit"},
    },
    "required": ["name", "on", "effects", "matched", "fired", "left"],
}
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}
NEW_FAULT = {
    "type": "object",
    "properties": {
        "on": {
            "type": "string",
            "description": "an operation id, or a method and a path; * stands for anything",
        },
        "effects": {"type": "array", "items": EFFECT},
        "name": {
            **TEXT,
            "pattern": "^[A-Za-z0-9._+-]+$",
            "description": "letters, digits and . _ + -",
        },
        "sid": TEXT,
        "caller": TEXT,
        "times": COUNT,
        "after": {"type": "integer", "minimum": 0},
        "nth": {"type": "array", "items": COUNT},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
    },
    "required": ["on", "effects"],
    "additionalProperties": False,
}


def shown(fault: FaultHandle) -> dict[str, Any]:
    """One fault, with what is left of it."""
    return {
        "name": fault.name,
        "on": str(fault.fault.match),
        "effects": [effect.name for effect in fault.effects],
        "matched": fault.matched,
        "fired": fault.fired,
        "left": fault.left,
    }


def set_fault(call: Call) -> Any:
    options = dict(call.body)
    where, effects = options.pop("on"), options.pop("effects")
    faults = FaultList(call.account)
    if options.get("name") in faults:
        raise Problem(409, f"there is a fault {options['name']!r} already", where="the body.name")
    made = [effect_of(each, f"the body.effects[{n}]") for n, each in enumerate(effects)]
    return shown(faults.set(where, *made, **options))


def list_faults(call: Call) -> Any:
    return {"faults": [shown(fault) for fault in FaultList(call.account)]}


def remove_faults(call: Call) -> Any:
    FaultList(call.account).clear()


def remove_fault(call: Call) -> Any:
    FaultList(call.account).remove(call.path["name"])


PLACE = "/accounts/{AccountSid}/faults"

FAULT_OPERATIONS = (
    Operation(
        "set_fault",
        "POST",
        PLACE,
        "Have something go wrong with the requests of the account.",
        "account.fault",
        set_fault,
        takes=NEW_FAULT,
        gives=FAULT,
        status=201,
        refusals=(409,),
    ),
    Operation(
        "list_faults",
        "GET",
        PLACE,
        "List the faults, with how often they hit and what is left of them.",
        "account.faults",
        list_faults,
        gives={
            "type": "object",
            "properties": {"faults": {"type": "array", "items": FAULT}},
            "required": ["faults"],
        },
    ),
    Operation(
        "remove_faults",
        "DELETE",
        PLACE,
        "Remove all faults; what they hold is let go.",
        "account.faults.clear",
        remove_faults,
        status=204,
    ),
    Operation(
        "remove_fault",
        "DELETE",
        f"{PLACE}/{{name}}",
        "Remove one fault.",
        "account.faults.remove",
        remove_fault,
        status=204,
    ),
)
