"""Answers that are not here yet: a conversation has to end first, or there is no end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from twilio_mock.wire import Response


@dataclass(slots=True)
class Conversing(Response):
    """What stands in for an answer until a conversation with endpoints of the user's is over.

    `talk` is the conversation, `settings` how the endpoints are asked. `then` makes the answer:
    given whether it came to its end (or is held by a fault), or what it raised. Sent as it is,
    by who cannot carry a conversation on, it is a refusal that says so.
    """

    ready = False
    talk: Any = None
    settings: Any = None
    then: Callable[[bool | Exception], Response] | None = None


class Source(Protocol):
    """What a stream is read from, piece by piece.

    `open` begins it; `wake` is then called, perhaps in another thread, when there is more to read.
    `heartbeat` is sent when nothing was for a while. Whoever has opened it closes it.
    """

    heartbeat: bytes

    def open(self, wake: Callable[[], None]) -> None:
        """Begin."""

    @property
    def closed(self) -> bool:
        """Whether there will be no more."""

    def read(self) -> bytes:
        """What is to be sent now; empty if there is nothing."""

    def close(self) -> None:
        """End."""


@dataclass(slots=True)
class Streaming(Response):
    """An answer without an end, for whoever has a loop to send it in: what `source` gives.

    Sent as it is, by who has none, it is a refusal that says so.
    """

    ready = False
    source: Source | None = None
    stream_headers: Mapping[str, str] = field(default_factory=dict)
