"""Deliveries as JSON, and what stands in for an answer while one is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twilio_mock.pairs import Pairs
from twilio_mock.state.deliveries import (
    SECRET_HEADERS,
    Attempt,
    Delivery,
    Element,
    Hop,
    WebhookFailure,
    without_password,
)
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.conversation import Talk

ATTEMPTS = {"type": "array", "items": {"type": "object"}}
DELIVERY = {
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "sid": {"type": "string"},
        "status": {"type": "string"},
        "application_sid": {"type": ["string", "null"]},
        "held": {"type": "boolean"},
        "error_code": {"type": ["integer", "null"]},
        "twiml": {"type": ["object", "null"]},
        "attempts": ATTEMPTS,
        "status_callbacks": ATTEMPTS,
        "events": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["kind", "sid", "status", "attempts", "status_callbacks", "events"],
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation that an operation has begun: whoever has a loop carries it on.

    `show` makes the answer when it is over, or, given `False`, when a fault holds it.
    """

    talk: Talk[None]
    settings: WebhookSettings
    show: Callable[[bool], Any]


def delivery_json(delivery: Delivery, held: bool = False) -> dict[str, Any]:
    """A delivery, with the outcome of the last URL that was asked for TwiML."""
    last = delivery.attempts[-1] if delivery.attempts else None
    return {
        "kind": delivery.kind,
        "sid": delivery.sid,
        "status": delivery.status,
        "application_sid": delivery.application_sid,
        "cause": delivery.cause,
        "started": delivery.started,
        "held": held,
        "error_code": last.error_code if last else None,
        "twiml": element_json(last.twiml) if last and last.twiml else None,
        "attempts": [attempt_json(attempt) for attempt in delivery.attempts],
        "status_callbacks": [attempt_json(attempt) for attempt in delivery.status_callbacks],
        "events": [
            {"name": event.name, "detail": event.detail, "time": event.time}
            for event in delivery.events
        ],
    }


def attempt_json(attempt: Attempt) -> dict[str, Any]:
    """One configured URL, and what it took."""
    return {
        "field": attempt.field,
        "method": attempt.method,
        "url": without_password(attempt.url),
        "error_code": attempt.error_code,
        "reason": attempt.reason,
        "warnings": list(attempt.warnings),
        "seconds": round(attempt.seconds, 6),
        "hops": [hop_json(hop) for hop in attempt.hops],
    }


def hop_json(hop: Hop) -> dict[str, Any]:
    """One request and what became of it, without what opens something."""
    request, outcome = hop.request, hop.outcome
    asked = {
        "method": request.method,
        "url": request.url,
        "signed_url": without_password(request.signed_url),
        "headers": headers_json(request.headers),
        "body": request.body.decode(errors="replace"),
        "parameters": [list(pair) for pair in request.parameters],
    }
    if isinstance(outcome, WebhookFailure):
        failure = {"error_code": outcome.error_code, "reason": outcome.reason}
        return {"why": hop.why, "request": asked, "failure": failure}
    reply = {
        "status": outcome.status,
        "headers": headers_json(outcome.headers),
        "body": outcome.body.decode(errors="replace"),
    }
    return {"why": hop.why, "request": asked, "reply": reply}


def headers_json(headers: Pairs) -> list[list[str]]:
    """Headers, those left out that open something."""
    return [[name, value] for name, value in headers if name.lower() not in SECRET_HEADERS]


def element_json(element: Element) -> dict[str, Any]:
    """A TwiML element."""
    return {
        "name": element.name,
        "attributes": dict(element.attributes),
        "text": element.text,
        "children": [element_json(child) for child in element.children],
    }
