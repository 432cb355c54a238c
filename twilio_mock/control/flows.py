"""The URLs of Applications and numbers as the flows that they are, with what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from twilio_mock.resources import APPLICATION, INCOMING_PHONE_NUMBER
from twilio_mock.resources.schema import Resource
from twilio_mock.state import Account
from twilio_mock.state.deliveries import Attempt, Delivery, without_password
from twilio_mock.state.records import Record

# The URLs in the order in which they are asked when a call or a message arrives.
FLOWS = {
    "voice": ("voice_url", "voice_fallback_url", "status_callback"),
    "message": ("sms_url", "sms_fallback_url", "message_status_callback"),
}
SHOWN_AT_MOST = 100

# By the SID of an Application, or the number that was called, and the field.
Outcomes = Mapping[tuple[str, str], dict[str, Any]]


def flows(account: Account, text: str = "") -> dict[str, Any]:
    """The newest Applications and numbers in which a text occurs, each with its flows."""
    outcomes = last_outcomes(account)
    applications = list(found(account, APPLICATION, text))
    numbers = list(found(account, INCOMING_PHONE_NUMBER, text))
    return {
        "applications": [
            {
                "sid": each.sid,
                "friendly_name": each["friendly_name"],
                "numbers": numbers_of(account, each),
                **flows_of(each, each.sid, outcomes),
            }
            for each in islice(applications, SHOWN_AT_MOST)
        ],
        "numbers": [
            {
                "sid": each.sid,
                "phone_number": each["phone_number"],
                "friendly_name": each["friendly_name"],
                "voice_application_sid": each["voice_application_sid"] or None,
                "sms_application_sid": each["sms_application_sid"] or None,
                **flows_of(each, str(each["phone_number"]), outcomes),
            }
            for each in islice(numbers, SHOWN_AT_MOST)
        ],
        "found": {"applications": len(applications), "numbers": len(numbers)},
    }


def found(account: Account, resource: Resource, text: str) -> Iterator[Record]:
    """The records in whose SID, name, number or URLs a text occurs, newest first."""
    wanted = text.casefold()
    for record in reversed(account.table(resource).in_order_of_creation()):
        if not wanted or any(
            wanted in value.casefold()
            for value in (record.sid, *record.values)
            if isinstance(value, str)
        ):
            yield record


def numbers_of(account: Account, application: Record) -> list[str]:
    """The numbers that carry an Application, for calls or for messages."""
    table = account.table(INCOMING_PHONE_NUMBER)
    carrying = [
        str(record["phone_number"])
        for name in ("voice_application_sid", "sms_application_sid")
        for record in islice(table.having(name, application.sid), SHOWN_AT_MOST)
    ]
    return list(dict.fromkeys(carrying))


def flows_of(record: Record, key: str, outcomes: Outcomes) -> dict[str, Any]:
    """What is asked when a call arrives, and when a message does, in this order."""
    return {
        name: [
            step(record, field, outcomes.get((key, field)))
            for field in fields
            if has(record, field)
        ]
        for name, fields in FLOWS.items()
    }


def has(record: Record, field: str) -> bool:
    """Whether a record has such a field at all."""
    return field in record.resource.position


def step(record: Record, field: str, last: dict[str, Any] | None) -> dict[str, Any]:
    """One URL of a flow; `last` is what became of the last request to it."""
    url = record[field]
    method = field.removesuffix("_url") + "_method"
    return {
        "field": field,
        "url": without_password(str(url)) if url else None,
        "method": record[method] if has(record, method) else "POST",
        "last": last,
    }


def last_outcomes(account: Account) -> Outcomes:
    """What became of the last request to each URL."""
    outcomes: dict[tuple[str, str], dict[str, Any]] = {}
    webhooks = account.webhooks_in_use
    for delivery in reversed(webhooks.deliveries if webhooks else ()):
        for attempt in reversed([*delivery.attempts, *delivery.status_callbacks]):
            key = delivery.application_sid or called(attempt)
            outcomes.setdefault((key, attempt.field), outcome(delivery, attempt))
    return outcomes


def called(attempt: Attempt) -> str:
    """The number that a request was about."""
    return (attempt.hops[0].request.parameter("To") or "") if attempt.hops else ""


def outcome(delivery: Delivery, attempt: Attempt) -> dict[str, Any]:
    """What became of a request, in a few words."""
    return {
        "delivery_sid": delivery.sid,
        "url": without_password(attempt.url),
        "status": attempt.reply.status if attempt.reply else None,
        "error_code": attempt.error_code,
        "reason": attempt.reason,
        "seconds": round(attempt.seconds, 6),
        "started": delivery.started,
    }
