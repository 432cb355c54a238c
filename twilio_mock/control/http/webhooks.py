"""The control API's operations on an account's webhooks: log, settings, faults, laboratory."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from twilio_mock.control.http.deliveries import DELIVERY, Begun, delivery_json
from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.http.simulations import HOW, TEXT, URL, options
from twilio_mock.control.laboratory import open_laboratory
from twilio_mock.state.webhooks import EFFECTS, FIELDS, WebhookFault, WebhookSettings
from twilio_mock.webhooks.conversation import Target
from twilio_mock.webhooks.laboratory import Findings, examine, summary

PLACE = "/accounts/{AccountSid}/webhooks"
TIME: Schema = {"type": "number", "minimum": 0.001, "maximum": 3600}
# Not ca_file and no application: the one is a file of the server's, the other lives in Python.
SETTINGS: Schema = {
    "type": "object",
    "properties": {
        "connect_timeout": TIME,
        "read_timeout": TIME,
        "total_timeout": TIME,
        "body_limit": {"type": "integer", "minimum": 1, "maximum": 2**24},
        "redirect_limit": {"type": "integer", "minimum": 1, "maximum": 100},
        "allow_hosts": {"type": "array", "items": TEXT},
        "verify_certificates": {"type": "boolean"},
        "deliver_to": {**URL, "type": ["string", "null"]},
        "public_url": {**URL, "type": ["string", "null"]},
    },
    "additionalProperties": False,
}
FAULT: Schema = {
    "type": "object",
    "properties": {
        "effect": {"type": "string", "enum": list(EFFECTS)},
        "field": {"type": "string", "enum": ["*", *FIELDS]},
        "times": {"type": "integer", "minimum": 1, "maximum": 10**6},
        "seconds": {"type": "number", "minimum": 0, "maximum": 3600},
    },
    "required": ["effect"],
    "additionalProperties": False,
}
LIST: Schema = {"type": "array", "items": {"type": "object"}}


def list_deliveries(call: Call) -> Any:
    webhooks = call.account.webhooks
    wanted = list(webhooks.deliveries)[-int(call.query.get("last", 0)) :]
    return {
        "deliveries": [delivery_json(each, held=each.sid in webhooks.held) for each in wanted],
        "dropped": webhooks.dropped,
    }


def fetch_delivery(call: Call) -> Any:
    webhooks, sid = call.account.webhooks, call.path["sid"]
    for each in reversed(webhooks.deliveries):
        if each.sid == sid:
            return delivery_json(each, held=sid in webhooks.held)
    raise Problem(404, f"there is no delivery {sid[:80]} of {call.account_sid}")


def settings_json(settings: WebhookSettings) -> dict[str, Any]:
    """What of the settings JSON can say."""
    shown = {name: getattr(settings, name) for name in SETTINGS["properties"]}
    if not isinstance(shown["deliver_to"], str):
        shown["deliver_to"] = None
    return {**shown, "allow_hosts": sorted(settings.allow_hosts)}


def show_settings(call: Call) -> Any:
    return settings_json(call.account.webhooks.settings)


def change_settings(call: Call) -> Any:
    webhooks, changes = call.account.webhooks, dict(call.body)
    webhooks.settings = replace(webhooks.settings, **changes)
    return settings_json(webhooks.settings)


def add_fault(call: Call) -> Any:
    fault = WebhookFault(**call.body)
    call.account.webhooks.faults.append(fault)
    return asdict(fault)


def list_faults(call: Call) -> Any:
    return {"faults": [asdict(fault) for fault in call.account.webhooks.faults]}


def remove_faults(call: Call) -> Any:
    call.account.webhooks.faults.clear()


def try_signatures(call: Call) -> Any:
    body, findings = call.body, Findings()
    endpoint = Target(body.get("field", "voice_url"), body["url"], body.get("method", "POST"))
    bench = open_laboratory(call.account, endpoint, options(call))

    def show(done: bool) -> Any:
        trials = findings.trials
        return {
            "text": summary(trials, endpoint.url),
            "good": all(trial.passed for trial in trials),
            "trials": [
                {"name": each.name, "good": each.good, "right": each.passed, "text": str(each)}
                for each in trials
            ],
        }

    return Begun(examine(bench, findings), bench.conversation.settings, show)


WEBHOOK_OPERATIONS = (
    Operation(
        "list_deliveries",
        "GET",
        f"{PLACE}/deliveries",
        "List what was sent, the newest last.",
        "account.webhooks",
        list_deliveries,
        query={"last": {**TEXT, "pattern": "^[1-9][0-9]{0,8}$", "description": "only so many"}},
        gives={
            "type": "object",
            "properties": {"deliveries": {"type": "array", "items": DELIVERY}},
            "required": ["deliveries"],
        },
    ),
    Operation(
        "fetch_delivery",
        "GET",
        f"{PLACE}/deliveries/{{sid}}",
        "Show one of them, which may be under way.",
        "-",
        fetch_delivery,
        gives=DELIVERY,
    ),
    Operation(
        "webhook_settings",
        "GET",
        f"{PLACE}/settings",
        "Show how URLs are asked.",
        "account.webhooks",
        show_settings,
    ),
    Operation(
        "configure_webhooks",
        "POST",
        f"{PLACE}/settings",
        "Change how URLs are asked: times in seconds, hosts that are allowed, where it goes.",
        "account.webhooks",
        change_settings,
        takes=SETTINGS,
    ),
    Operation(
        "add_webhook_fault",
        "POST",
        f"{PLACE}/faults",
        "Lose, double, delay or hold the next webhooks.",
        "account.webhooks",
        add_fault,
        takes=FAULT,
        gives={"type": "object", "properties": FAULT["properties"]},
        status=201,
    ),
    Operation(
        "list_webhook_faults",
        "GET",
        f"{PLACE}/faults",
        "List the faults, with how often they still hit.",
        "account.webhooks",
        list_faults,
        gives={"type": "object", "properties": {"faults": LIST}, "required": ["faults"]},
    ),
    Operation(
        "remove_webhook_faults",
        "DELETE",
        f"{PLACE}/faults",
        "Remove all of them.",
        "account.webhooks",
        remove_faults,
        status=204,
    ),
    Operation(
        "try_signatures",
        "POST",
        f"{PLACE}/try_signatures",
        "Ask an endpoint with a good signature and with bad ones.",
        "account.webhooks",
        try_signatures,
        takes={
            "type": "object",
            "properties": {
                "url": URL,
                "field": {"type": "string", "enum": list(FIELDS)},
                "method": {"type": "string", "enum": ["GET", "POST"]},
                **HOW,
            },
            "required": ["url"],
            "additionalProperties": False,
        },
        gives={
            "type": "object",
            "properties": {"text": TEXT, "good": {"type": "boolean"}, "trials": LIST},
            "required": ["text", "good", "trials"],
        },
    ),
)
