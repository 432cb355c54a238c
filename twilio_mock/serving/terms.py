"""What a connection is granted, and who speaks for it when it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypedDict

from aiohttp import web

from twilio_mock.wire import Request

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Refuse = Callable[[int, str], web.Response]
# Given a whole request: all that is to be sent, or else how to go on with it.
AtOnce = Callable[[Request], bytes | Answer]


class Limits(TypedDict, total=False):
    """What of `Terms` has a default."""

    at_once: AtOnce | None
    keepalive_timeout: float
    linger_time: float
    line_limit: int
    header_count: int
    answer_timeout: float
    connection_limit: int


class Terms(NamedTuple):
    """What a connection is granted."""

    refuse: Refuse
    """Makes the answer to what is no request, from a status and a reason."""
    header_timeout: float
    """Seconds in which the head of a request has to arrive, and on a new connection to begin."""
    keepalive_timeout: float = 75.0
    """Seconds after which a connection is closed that has been idle since its last answer."""
    linger_time: float = 2.0
    """Seconds in which a client that was refused while it was sending has to come to the end."""
    line_limit: int = 8190
    """Bytes of one line of a head."""
    header_count: int = 100
    """Header lines of one request."""
    answer_timeout: float = 30.0
    """Seconds in which a client has to take what it is sent."""
    connection_limit: int = 1000
    """Connections at the same time."""
    at_once: AtOnce | None = None
    """Answers a request that has arrived whole, or begins with it and says how to go on."""
