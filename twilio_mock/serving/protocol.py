"""Our own HTTP server on top of aiohttp's: whatever arrives gets an answer or an end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Unpack

from aiohttp import web

from twilio_mock.serving.body import BodyTooLarge, BodyTooSlow, BodyUnreadable, read_body
from twilio_mock.serving.connection import Connection
from twilio_mock.serving.exchange import guarded, make_exchange
from twilio_mock.serving.known_heads import KnownHeads
from twilio_mock.serving.pauses import is_frozen
from twilio_mock.serving.prompt import PromptConnection
from twilio_mock.serving.terms import Answer, Limits, Refuse, Terms

__all__ = ["BodyTooLarge", "BodyTooSlow", "BodyUnreadable", "make_server", "read_body"]

# Seconds that connections get to fall apart once they are cut.
FALL_TIME = 0.05
# Turns of the loop that they get instead where a test has frozen the loop's clock.
TURNS = 20


def make_server(
    answer: Answer, refuse: Refuse, *, header_timeout: float, **limits: Unpack[Limits]
) -> web.Server:
    """A server for `loop.create_server`, to be made in the running loop.

    `answer` is asked for every request, in the order in which a connection sent them. What is no
    request gets `refuse(status, reason)`: 400 for what cannot be parsed, 408 for a head that is
    not complete after `header_timeout` seconds; an exception out of `answer` becomes a 500 and
    goes to the log `twilio_mock` with its traceback. The further limits are those of `Terms`.

    Its `shutdown(seconds)` closes idle connections at once and cuts the others after that time.
    """
    return WebServer(answer, Terms(refuse=refuse, header_timeout=header_timeout, **limits))


class WebServer(web.Server):
    """aiohttp's server, with connections of our own and an end that leaves nothing behind."""

    def __init__(self, answer: Answer, terms: Terms) -> None:
        super().__init__(
            guarded(answer, terms.refuse),
            # Every connection of this server is a Connection.
            request_factory=make_exchange,  # type: ignore[arg-type]
            # An exchange that was begun is finished even if the client is gone: at Twilio too a
            # request takes effect whether or not anybody waits for the answer. The rules do not
            # wait, so that cancelling could only ever stop a delay or a webhook half-way.
            handler_cancellation=False,
        )
        self._running_loop = asyncio.get_running_loop()
        self._terms = terms
        self._heads = KnownHeads(terms.line_limit)
        self._stopped = False
        # They stay until their clients have read why.
        self._turned_away: set[web.RequestHandler] = set()

    def __call__(self) -> Connection:
        """A new connection."""
        return PromptConnection(self, loop=self._running_loop, terms=self._terms, heads=self._heads)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Keep a connection, or end it if it was accepted while the server stopped."""
        super().connection_made(handler, transport)
        if not isinstance(handler, Connection):
            return
        if self._stopped:
            self._running_loop.call_soon(handler.end)
        elif len(self.connections) - len(self._turned_away) > self._terms.connection_limit:
            self._turned_away.add(handler)
            self._running_loop.call_soon(handler.turn_away)

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """Forget a connection."""
        super().connection_lost(handler, exc)
        self._turned_away.discard(handler)

    async def shutdown(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 (aiohttp's)
        """End every connection: idle ones now, the others with their answer or after `timeout`.

        Where the loop was closed before, nothing can be answered any more: all end now.
        """
        self._stopped = True
        if self._running_loop.is_closed():
            for connection in self._alive():
                leave(connection)
            return
        for connection in self._alive():
            connection.end()
        try:
            await self._gone(timeout)
        finally:
            for connection in self._alive():
                connection.cut()
        await self._gone(FALL_TIME)

    def _alive(self) -> list[Connection]:
        return [one for one in self.connections if isinstance(one, Connection)]

    async def _gone(self, patience: float | None) -> None:
        ends: list[asyncio.Future[None]] = [one.lost for one in self._alive()]
        ends += [one.answering.task for one in self._alive() if one.answering is not None]
        if not ends:
            return
        if is_frozen(self._running_loop):
            # A time limit would never be over: what does not end by itself now is cut.
            for _ in range(TURNS):
                await asyncio.sleep(0)
        else:
            await asyncio.wait(ends, timeout=patience)


def leave(connection: Connection) -> None:
    """Let a client see the end of a connection whose loop was closed."""
    with suppress(OSError):
        connection.wire.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
