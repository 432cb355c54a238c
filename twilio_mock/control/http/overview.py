"""The control API's operations that show an account at a glance: its flows, its first lines."""

from __future__ import annotations

from typing import Any

from twilio_mock.control.flows import flows
from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.simulations import URL
from twilio_mock.control.quick_start import quick_start

PLACE = "/accounts/{AccountSid}"
LIST: Schema = {"type": "array", "items": {"type": "object"}}


def show_flows(call: Call) -> Any:
    return flows(call.account, call.query.get("text", ""))


def show_quick_start(call: Call) -> Any:
    host = call.headers.get("Host", "").rpartition("@")[2] or "127.0.0.1"
    url, account = call.query.get("url", f"http://{host}"), call.account
    lines = quick_start(url, account.sid, str(account.record["auth_token"]))
    return {"url": url, "lines": [each._asdict() for each in lines]}


OVERVIEW_OPERATIONS = (
    Operation(
        "flows",
        "GET",
        f"{PLACE}/flows",
        "The URLs of Applications and numbers as flows, with the last outcome of each.",
        "-",
        show_flows,
        query={"text": {"type": "string", "description": "what occurs in a name, SID or URL"}},
        gives={
            "type": "object",
            "properties": {"applications": LIST, "numbers": LIST, "found": {"type": "object"}},
            "required": ["applications", "numbers", "found"],
        },
    ),
    Operation(
        "quick_start",
        "GET",
        f"{PLACE}/quick_start",
        "The first lines of code for this server and account, without secrets.",
        "-",
        show_quick_start,
        query={"url": {**URL, "description": "where they ask; else the host of this call"}},
        gives={
            "type": "object",
            "properties": {"url": {"type": "string"}, "lines": LIST},
            "required": ["url", "lines"],
        },
    ),
)
