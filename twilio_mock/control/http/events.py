"""The control API's operation that tells what happens: as a stream, or what there is by now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from twilio_mock.control.happenings import Event, event_of, in_brief, looked_up, newest
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.state import State
from twilio_mock.state.exchanges import read_line
from twilio_mock.state.feed import LISTENERS_AT_MOST, Happening, Listener
from twilio_mock.version import __version__

# Requests that a listener is told of who has just come, and what is sent in one piece.
TOLD_AT_FIRST = 500
IN_ONE_PIECE = 200
STREAM_TYPE = "text/event-stream"
HEARTBEAT = b": nothing happened\n\n"


@dataclass(slots=True)
class EventStream:
    """The events of a mock for one listener, as the text of server-sent events.

    `after` is the id of the last event that it has seen before, empty if there is none. `open`
    begins it; from then on `close` has to be called at the end.
    """

    state: State
    after: str
    listener: Listener | None = None
    begun: bytes = b""
    heartbeat: bytes = HEARTBEAT

    def open(self, wake: Callable[[], None]) -> None:
        """Listen; `wake` is called, perhaps in another thread, when there is more to read."""
        with self.state.lock:
            self.listener = self.state.feed.listen(wake)
            first = beginning(self.state, self.after)
        self.begun = b"".join(map(to_text, first()))

    @property
    def closed(self) -> bool:
        """Whether there will be no more."""
        return self.listener is None or self.listener.closed

    def read(self) -> bytes:
        """What there is to be sent now; empty if nothing has happened."""
        if self.begun:
            piece, self.begun = self.begun, b""
            return piece
        if self.listener is None:
            return b""
        with self.state.lock:
            missed, taken = self.listener.take(IN_ONE_PIECE)
            found = list(looked_up(self.state, taken))
        events, gone = told(found, self.state.feed.epoch)
        if missed + gone:
            events.insert(0, {"event": "missed", "data": {"count": missed + gone}})
        return b"".join(map(to_text, events))

    def close(self) -> None:
        """Listen no longer."""
        if self.listener is not None:
            with self.state.lock:
                self.state.feed.leave(self.listener)
            self.listener = None


def beginning(state: State, after: str) -> Callable[[], Iterator[Event]]:
    """What a listener is told first; needs the state's lock, but what it returns does not."""
    feed = state.feed
    missed = feed.since(after) if after else None
    hello = {"version": __version__, "epoch": feed.epoch, "resumed": missed is not None}
    if missed is None:
        recent = newest(state, TOLD_AT_FIRST)
        found: list[tuple[Happening, Any]] = []
    else:
        recent, found = [], list(looked_up(state, missed))
    start, epoch = feed.position, feed.epoch

    def events() -> Iterator[Event]:
        # A listener that came back has its place behind the events that follow.
        place = {"id": start} if missed is None else {}
        yield {**place, "event": "hello", "data": hello}
        for number, line in recent:
            yield {"event": "request", "data": in_brief(number, read_line(line))}
        again, gone = told(found, epoch)
        if gone:
            yield {"event": "missed", "data": {"count": gone}}
        yield from again

    return events


def told(found: list[tuple[Happening, Any]], epoch: str) -> tuple[list[Event], int]:
    """The events, and how many of them nothing is left of."""
    events = [event_of(happening, line, epoch) for happening, line in found]
    there = [event for event in events if event is not None]
    return there, len(events) - len(there)


def to_text(event: Event) -> bytes:
    """One event as a stream has it: https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    place = f"id: {event['id']}\n" if "id" in event else ""
    # JSON has no line break in it, however the text in it is broken.
    return f"event: {event['event']}\n{place}data: {json.dumps(event['data'])}\n\n".encode()


def listen(call: Call) -> Any:
    state, feed = call.state, call.state.feed
    after = call.headers.get("Last-Event-ID") or call.query.get("after", "")
    if STREAM_TYPE in call.headers.get("Accept", ""):
        if len(feed.listeners) >= LISTENERS_AT_MOST:
            raise Problem(503, f"{LISTENERS_AT_MOST} listen already; that is as many as can")
        return EventStream(state, after)
    feed.wake_up()
    return {"events": list(beginning(state, after)()), "last": feed.position}


EVENT_OPERATIONS = (
    Operation(
        "events",
        "GET",
        "/events",
        "What happens, as server-sent events if `Accept` names them; else what there is by now.",
        "-",
        listen,
        query={
            "after": {"type": "string", "description": "the id of the last event that is known"}
        },
        gives={
            "type": "object",
            "properties": {
                "events": {"type": "array", "items": {"type": "object"}},
                "last": {"type": "string"},
            },
            "required": ["events", "last"],
        },
        refusals=(503,),
        streams=STREAM_TYPE,
    ),
)
