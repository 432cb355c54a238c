"""The control API's operations on the clock of an account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from twilio_mock.control.clock import ClockHandle
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.seeding import whole_seconds
from twilio_mock.state import Account

CLOCK = {
    "type": "object",
    "properties": {
        "now": {"type": "string", "description": "what it shows, ISO 8601 in UTC"},
        "stopped": {"type": "boolean"},
    },
    "required": ["now", "stopped"],
}
MOMENT = {
    "type": ["string", "number"],
    "description": "a date in ISO 8601 or RFC 2822, or seconds since 1970",
}


def shown(account: Account) -> dict[str, Any]:
    """What a clock shows."""
    clock = ClockHandle(account)
    return {"now": clock.now.isoformat(), "stopped": clock.stopped}


def read_clock(call: Call) -> Any:
    return shown(call.account)


def set_clock(call: Call) -> Any:
    seconds = whole_seconds("now", call.body["now"])
    ClockHandle(call.account).set(datetime.fromtimestamp(seconds, UTC))
    return shown(call.account)


def advance_clock(call: Call) -> Any:
    ClockHandle(call.account).advance(call.body["seconds"])
    return shown(call.account)


def run_clock(call: Call) -> Any:
    ClockHandle(call.account).run()
    return shown(call.account)


PLACE = "/accounts/{AccountSid}/clock"

CLOCK_OPERATIONS = (
    Operation(
        "read_clock",
        "GET",
        PLACE,
        "What time it is in the account.",
        "account.clock.now",
        read_clock,
        gives=CLOCK,
    ),
    Operation(
        "set_clock",
        "PUT",
        PLACE,
        "Stop the clock at a moment.",
        "account.clock.set",
        set_clock,
        takes={
            "type": "object",
            "properties": {"now": MOMENT},
            "required": ["now"],
            "additionalProperties": False,
        },
        gives=CLOCK,
    ),
    Operation(
        "advance_clock",
        "POST",
        f"{PLACE}/advance",
        "Put the clock forward, whether it runs or stands.",
        "account.clock.advance",
        advance_clock,
        takes={
            "type": "object",
            "properties": {"seconds": {"type": "number"}},
            "required": ["seconds"],
            "additionalProperties": False,
        },
        gives=CLOCK,
    ),
    Operation(
        "run_clock",
        "DELETE",
        PLACE,
        "Let the clock run with the real time again.",
        "account.clock.run",
        run_clock,
        gives=CLOCK,
    ),
)
