"""Requests written out: as JSON, and as curl commands that ask the same again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from shlex import quote as in_shell
from typing import Any
from urllib.parse import quote, urlencode

from twilio_mock.rules import Finding
from twilio_mock.state.deliveries import Delivery
from twilio_mock.state.exchanges import Exchange

CREDENTIALS = '-u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"'


def as_json(number: int, exchange: Exchange, caused: Iterable[Delivery] = ()) -> Mapping[str, Any]:
    """An exchange as JSON has it; `number` counts from the first that its account ever had.

    `caused` are the calls and messages that it asked for.
    """
    return {
        "number": number,
        **exchange._asdict(),
        "response_body": exchange.text,
        "findings": [finding._asdict() for finding in exchange.findings],
        "webhooks": [
            {
                "kind": delivery.kind,
                "sid": delivery.sid,
                "status": delivery.status,
                "error_codes": [attempt.error_code for attempt in delivery.attempts],
            }
            for delivery in caused
        ],
    }


def from_json(document: Mapping[str, Any]) -> tuple[int, Exchange]:
    """The exchange, and its number, that `as_json` wrote."""
    values = {name: document[name] for name in Exchange._fields}
    values["response_body"] = values["response_body"].encode()
    values["findings"] = tuple(Finding(**each) for each in values["findings"])
    values["parameters"] = tuple((name, value) for name, value in values["parameters"])
    for name in ("faults", "created", "updated", "deleted"):
        values[name] = tuple(values[name])
    return document["number"], Exchange(**values)


def as_curl(exchange: Exchange, url: str | None = None) -> str:
    """The command that asks the same again, in one line, without credentials."""
    target = exchange.path + (f"?{exchange.query}" if exchange.query else "")
    where = '"$TWILIO_MOCK_URL"' if url is None else in_shell(url.rstrip("/"))
    # -g and --path-as-is: the URL is sent as it stands.
    words = ["curl", "-sS", "-g", "--path-as-is"]
    words += ["--head"] if exchange.method == "HEAD" else ["-X", in_shell(exchange.method)]
    words += [where + in_shell(target), CREDENTIALS]
    if exchange.method == "POST":
        words += form(exchange)
    return " ".join(words)


def form(exchange: Exchange) -> list[str]:
    """The parameters of a POST as arguments of curl."""
    pairs = exchange.parameters
    # What cannot stand in an argument, or has no name that curl would put before the `=`.
    if any(not name or "\0" in value for name, value in pairs):
        return ["--data-raw", in_shell(urlencode(pairs))]
    return [f"--data-urlencode {in_shell(f'{quote(name)}={value}')}" for name, value in pairs]
