"""The control API's operations on calls and messages that were begun: how they go on and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio_mock.control.calls import Call as PhoneCall
from twilio_mock.control.http.deliveries import DELIVERY
from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.http.simulations import PLACE, begin
from twilio_mock.control.messages import Message
from twilio_mock.webhooks.conversation import Talk


def move_on(call: Call) -> Any:
    account, sid, body = call.account, call.path["sid"], call.body
    simulation = account.webhooks.ongoing.get(sid)
    if simulation is None:
        raise Problem(404, f"no call or message {sid[:80]} was begun here")
    if sid in account.webhooks.held:
        raise Problem(409, f"a fault holds {sid}: release it first")
    try:
        return begin(account, simulation, next_talk(simulation, body))
    except RuntimeError as error:
        raise Problem(409, str(error).removeprefix("twilio_mock: ")) from error


def next_talk(simulation: PhoneCall | Message, body: Mapping[str, Any]) -> Talk[None]:
    """What a call or message goes on with; raises a `Problem`, or `RuntimeError` if it cannot."""
    status = body["status"]
    if isinstance(simulation, PhoneCall):
        if status not in PHONE_STATUS:
            raise Problem(400, f"a call ends as one of {', '.join(PHONE_STATUS)}", where="the body")
        return simulation.end(status, body.get("duration", 0))
    if status not in MESSAGE_STATUS:
        raise Problem(400, f"a message is one of {', '.join(MESSAGE_STATUS)}", where="the body")
    return simulation.move(status, body.get("error_code"))


def release(call: Call) -> Any:
    account, sid = call.account, call.path["sid"]
    simulation, talk = account.webhooks.ongoing.get(sid), account.webhooks.held.pop(sid, None)
    if simulation is None or talk is None:
        raise Problem(404, f"no delivery {sid[:80]} is held")
    return begin(account, simulation, talk)


PHONE_STATUS = ("completed", "busy", "no-answer", "canceled", "failed")
MESSAGE_STATUS = ("sent", "delivered", "undelivered", "failed")
SECONDS = {"type": "integer", "minimum": 0, "maximum": 10**6}
ENDS: Schema = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": [*PHONE_STATUS, "sent", "delivered", "undelivered"]},
        "duration": {**SECONDS, "description": "of a call, in seconds"},
        "error_code": {"type": "integer", "minimum": 10000, "maximum": 99999},
    },
    "required": ["status"],
    "additionalProperties": False,
}
ONGOING_OPERATIONS = (
    Operation(
        "move_on",
        "POST",
        f"{PLACE}/deliveries/{{sid}}/status",
        "End a call, or take a message on, and tell the status callback.",
        "-",
        move_on,
        takes=ENDS,
        gives=DELIVERY,
        refusals=(409,),
    ),
    Operation(
        "release",
        "POST",
        f"{PLACE}/deliveries/{{sid}}/release",
        "Let a delivery go on that a `hold` fault has stopped.",
        "-",
        release,
        gives=DELIVERY,
        refusals=(409,),
    ),
)
