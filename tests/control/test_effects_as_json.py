"""Every effect can be said in JSON, and is the same when it is read again."""

from __future__ import annotations

import json

import pytest

from twilio_mock import (
    barrier,
    concurrency_limit,
    delay,
    error,
    garble,
    gateway_page,
    hang,
    hang_up,
    lose_response,
    reset,
    respond,
    stale_read,
    too_many_requests,
    trickle,
    truncate,
)
from twilio_mock.control.faults.answers import Respond
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.http.effects import EFFECTS, as_json, effect_of

EXAMPLES = [
    error(20503),
    error(99999, "no such code", status=418),
    too_many_requests(),
    too_many_requests(30),
    gateway_page(504),
    garble(),
    delay(0.5),
    delay((0.5, 2.0), after_write=True),
    hang(after_write=True),
    hang_up(),
    reset(after_write=True),
    lose_response(),
    truncate(),
    truncate(7),
    trickle(100.0),
    stale_read(reads=3),
    stale_read(seconds=1.5),
    concurrency_limit(3),
    barrier(2),
]
STUBS = [
    respond(),
    respond(204, headers={"X-Kept": "yes"}),
    respond(201, {"sid": "CA1"}),
    respond(200, "plain"),
    respond(200, b"<a/>", {"content-type": "text/xml"}),
]


def again(effect: Effect) -> Effect:
    return effect_of(json.loads(json.dumps(as_json(effect))), "the body")


@pytest.mark.parametrize("effect", EXAMPLES, ids=repr)
def test_an_effect_is_the_same_when_it_is_read_again(effect: Effect) -> None:
    assert again(effect) == effect


@pytest.mark.parametrize("effect", STUBS, ids=repr)
def test_a_stub_answers_the_same_when_it_is_read_again(effect: Effect) -> None:
    read = again(effect)
    assert isinstance(effect, Respond)
    assert isinstance(read, Respond)

    def said(stub: Respond) -> tuple[object, ...]:
        headers = {name.lower(): value for name, value in stub.headers.items()}
        if stub.content_type:
            headers.setdefault("content-type", stub.content_type)
        return stub.status, stub.body, headers

    assert said(read) == said(effect)


def test_every_word_was_tried() -> None:
    assert {effect.name for effect in EXAMPLES + STUBS} == EFFECTS.keys()


def test_what_json_cannot_say_is_refused() -> None:
    class Own(Effect):
        name = "own"

    with pytest.raises(ValueError, match="no word for the effect 'own'"):
        as_json(Own())
    with pytest.raises(ValueError, match="not UTF-8"):
        as_json(respond(200, b"\xff"))
