"""The control API's operations that let calls and messages happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twilio_mock.control.calls import Call as PhoneCall
from twilio_mock.control.calls import incoming_call, outgoing_call, sdk_call
from twilio_mock.control.http.deliveries import DELIVERY, Begun, delivery_json
from twilio_mock.control.http.json_check import Schema, check
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.messages import Message, incoming_message, outgoing_message
from twilio_mock.control.simulations import Options
from twilio_mock.state import Account
from twilio_mock.webhooks.conversation import Talk

TEXT = {"type": "string"}
URL = {"type": "string", "pattern": "^https?://"}
HOW: dict[str, Schema] = {
    "parameters": {"type": "object", "additionalProperties": TEXT},
    "deliver_to": {**URL, "description": "the base URL of a local server, which takes it"},
    "public_url": {**URL, "description": "the base of the URLs that are signed"},
    "cause": {**TEXT, "description": "the Twilio-Request-Id of the request that asks for it"},
}
CALLER = "+15005550001"


def options(call: Call) -> Options:
    """How it is to be delivered."""
    body, settings = call.body, call.account.webhooks.settings
    for name, value in body.get("parameters", {}).items():
        check(value, TEXT, f"the body.parameters.{name[:80]}")
    given = {name: body[name] for name in ("deliver_to", "public_url") if name in body}
    if given:
        settings = replace(settings, **given)
    return Options(
        settings=settings, parameters=body.get("parameters", {}), cause=body.get("cause")
    )


def begin(account: Account, simulation: PhoneCall | Message, talk: Talk[None]) -> Begun:
    """Let somebody carry it on, and answer with the delivery."""
    delivery = simulation.conversation.delivery

    def show(done: bool) -> Any:
        if done:
            account.webhooks.held.pop(delivery.sid, None)
        else:
            account.webhooks.held[delivery.sid] = talk
        return delivery_json(delivery, held=not done)

    return Begun(talk, simulation.conversation.settings, show)


def started(account: Account, simulation: PhoneCall | Message) -> Begun:
    """Begin a simulation, and keep it, so that it can go on later."""
    account.webhooks.ongoing[simulation.conversation.delivery.sid] = simulation
    return begin(account, simulation, simulation.start())


def call_in(call: Call) -> Any:
    body = call.body
    made = incoming_call(
        call.account,
        one_of(body, "to", "application_sid").get("to"),
        body.get("from", CALLER),
        options(call),
        application_sid=body.get("application_sid"),
        caller_name=body.get("caller_name", ""),
    )
    return started(call.account, made)


def call_of_sdk(call: Call) -> Any:
    body = call.body
    sid, identity, to = body["application_sid"], body["identity"], body.get("to", "")
    return started(call.account, sdk_call(call.account, sid, identity, to, options(call)))


def call_out(call: Call) -> Any:
    body = call.body
    made = outgoing_call(
        call.account,
        body["application_sid"],
        body["to"],
        body.get("from", CALLER),
        body.get("answered", True),
        options(call),
    )
    return started(call.account, made)


def message_in(call: Call) -> Any:
    body = call.body
    made = incoming_message(
        call.account,
        one_of(body, "to", "application_sid").get("to"),
        body.get("from", CALLER),
        body.get("body", ""),
        body.get("media", []),
        options(call),
        application_sid=body.get("application_sid"),
    )
    return started(call.account, made)


def message_out(call: Call) -> Any:
    body = call.body
    made = outgoing_message(
        call.account,
        body["application_sid"],
        body["to"],
        body.get("from", CALLER),
        body.get("body", ""),
        options(call),
        status_callback=body.get("status_callback"),
    )
    return started(call.account, made)


def one_of(body: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The body, if it names one of these; raises a `Problem`."""
    if not any(name in body for name in names):
        raise Problem(400, f"the body: {' or '.join(names)} is missing", where="the body")
    return body


PLACE = "/accounts/{AccountSid}"
MEDIA = {"type": "array", "items": TEXT}


def way_in(name: str, summary: str, run: Any, required: list[str], **more: Schema) -> Operation:
    """A row of the table: one of the five ways in."""
    takes: Schema = {
        "type": "object",
        "properties": {"from": TEXT, "to": TEXT, "application_sid": TEXT, **more, **HOW},
        "required": required,
        "additionalProperties": False,
    }
    return Operation(
        name,
        "POST",
        f"{PLACE}/{name}",
        summary,
        f"account.{name}",
        run,
        takes=takes,
        gives=DELIVERY,
        status=201,
        refusals=(409,),
    )


SIMULATION_OPERATIONS = (
    way_in(
        "incoming_call",
        "Let a call arrive at a number (`to`) or an Application, and ask its VoiceUrl.",
        call_in,
        [],
        caller_name=TEXT,
    ),
    way_in(
        "sdk_call",
        "Let a Voice SDK client call out.",
        call_of_sdk,
        ["application_sid", "identity"],
        identity=TEXT,
    ),
    way_in(
        "outgoing_call",
        "Do what a call does that is created with an ApplicationSid.",
        call_out,
        ["application_sid", "to"],
        answered={"type": "boolean"},
    ),
    way_in(
        "incoming_message",
        "Let a message arrive at a number (`to`) or an Application, and ask its SmsUrl.",
        message_in,
        [],
        body=TEXT,
        media=MEDIA,
    ),
    way_in(
        "outgoing_message",
        "Do what a message does that is created with an ApplicationSid.",
        message_out,
        ["application_sid", "to"],
        body=TEXT,
        status_callback=URL,
    ),
)
