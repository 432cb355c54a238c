"""The effects of faults as JSON says them: `{"effect": "error", "code": 20503}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio_mock.control.faults.answers import (
    Error,
    Respond,
    error,
    garble,
    gateway_page,
    respond,
    too_many_requests,
)
from twilio_mock.control.faults.cuts import hang_up, lose_response, reset, trickle, truncate
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.staleness import stale_read
from twilio_mock.control.faults.waits import Delay, barrier, concurrency_limit, delay, hang
from twilio_mock.control.http.json_check import Schema, check

WHOLE: Schema = {"type": "integer", "minimum": 0, "maximum": 10**9}
STATUS: Schema = {"type": "integer", "minimum": 200, "maximum": 599}
SECONDS: Schema = {"type": "number", "minimum": 0, "maximum": 10**6}
AFTER_WRITE: Schema = {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Word:
    """One effect: the function that makes it, what it may be told, and what it must be told.

    `told` says what an effect was told, where that is not what its attributes are called.
    """

    make: Callable[..., Effect]
    properties: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    told: Callable[[Any], Mapping[str, Any]] | None = None

    def schema(self, name: str) -> dict[str, Any]:
        """The JSON Schema of this effect."""
        return {
            "type": "object",
            "properties": {"effect": {"type": "string", "enum": [name]}, **self.properties},
            "required": ["effect", *self.required],
            "additionalProperties": False,
        }


def delay_by(seconds: float | list[float], *, after_write: bool = False) -> Effect:
    """A delay, whose range JSON writes as an array of two numbers."""
    if not isinstance(seconds, list):
        return delay(seconds, after_write=after_write)
    if len(seconds) != 2:
        raise ValueError("twilio_mock: a range of seconds is two numbers, [low, high]")
    return delay((seconds[0], seconds[1]), after_write=after_write)


def told_to_wait(effect: Delay) -> Mapping[str, Any]:
    """A delay as JSON says it."""
    seconds = effect.low if effect.low == effect.high else [effect.low, effect.high]
    return {"seconds": seconds, "after_write": effect.after_write}


def told_when_to_come_back(effect: Error) -> Mapping[str, Any]:
    """Its header, as a number."""
    after = effect.headers.get("Retry-After")
    return {} if after is None else {"retry_after": int(after)}


def told_to_respond(effect: Respond) -> Mapping[str, Any]:
    """A stub as JSON says it: a body that was bytes has to be text."""
    headers = dict(effect.headers)
    if effect.content_type and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = effect.content_type
    try:
        body = {"body": effect.body.decode()} if effect.body else {}
    except UnicodeDecodeError:
        raise ValueError("twilio_mock: JSON carries no body that is not UTF-8") from None
    return {"status": effect.status, "headers": headers, **body}


EFFECTS: Mapping[str, Word] = {
    "error": Word(
        error, {"code": WHOLE, "message": {"type": "string"}, "status": STATUS}, ("code",)
    ),
    "respond": Word(
        respond,
        {
            "status": STATUS,
            "body": {"type": ["object", "array", "string"]},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        told=told_to_respond,
    ),
    "too_many_requests": Word(
        too_many_requests, {"retry_after": WHOLE}, told=told_when_to_come_back
    ),
    "gateway_page": Word(gateway_page, {"status": STATUS}),
    "garble": Word(garble),
    "delay": Word(
        delay_by,
        {
            "seconds": {**SECONDS, "type": ["number", "array"], "items": SECONDS},
            "after_write": AFTER_WRITE,
        },
        ("seconds",),
        told=told_to_wait,
    ),
    "hang": Word(hang, {"after_write": AFTER_WRITE}),
    "hang_up": Word(hang_up, {"after_write": AFTER_WRITE}),
    "reset": Word(reset, {"after_write": AFTER_WRITE}),
    "lose_response": Word(lose_response),
    "truncate": Word(truncate, {"length": WHOLE}),
    "trickle": Word(trickle, {"bytes_per_second": SECONDS}, ("bytes_per_second",)),
    "stale_read": Word(stale_read, {"reads": WHOLE, "seconds": SECONDS}),
    "concurrency_limit": Word(concurrency_limit, {"n": WHOLE}, ("n",)),
    "barrier": Word(barrier, {"n": WHOLE}, ("n",)),
}
EFFECT: Schema = {
    "type": "object",
    "properties": {"effect": {"type": "string", "enum": list(EFFECTS)}},
    "required": ["effect"],
}


def as_json(effect: Effect) -> dict[str, Any]:
    """The JSON object that says an effect; raises `ValueError` for one that JSON cannot say."""
    word = EFFECTS.get(effect.name)
    if word is None:
        raise ValueError(f"twilio_mock: JSON has no word for the effect {effect.name!r}")
    told = word.told(effect) if word.told else {p: getattr(effect, p) for p in word.properties}
    return {"effect": effect.name, **{n: v for n, v in told.items() if v is not None}}


def effect_of(value: Mapping[str, Any], where: str) -> Effect:
    """The effect that a JSON object says; raises a `Problem` or what the effect itself raises."""
    name = value["effect"]
    check(value, EFFECTS[name].schema(name), where)
    return EFFECTS[name].make(**{key: each for key, each in value.items() if key != "effect"})
