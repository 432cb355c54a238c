"""One client's connection: aiohttp's HTTP protocol with deadlines and refusals of our own.

aiohttp's parsers, its order of answers and its keep-alive are used as they are. Of its private
parts one is read, `_messages`, the queue of parsed requests: no public hook tells when the head
of a request is complete. tests/serving/test_protocol.py notices when aiohttp changes it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import cast

from aiohttp import StreamReader, web

from twilio_mock.serving.malformed import reason_of
from twilio_mock.serving.terms import Terms

logger = logging.getLogger("twilio_mock")

# No head may hold a NUL: given to the parser, this makes a malformed head of half a head, which
# then is refused in its turn and on the usual way, handle_error.
NO_HEAD = b"\0\r\n\r\n"


class Connection(web.RequestHandler):
    """A connection that always ends, and answers in our own words as long as it can."""

    def __init__(
        self, server: web.Server, *, loop: asyncio.AbstractEventLoop, terms: Terms
    ) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=terms.keepalive_timeout,
            tcp_keepalive=False,
            logger=logger,
            access_log=None,  # type: ignore[arg-type]  # aiohttp documents None as "no log"
            max_line_size=terms.line_limit,
            max_field_size=terms.line_limit,
            lingering_time=0,  # _linger instead: it does not parse what it throws away
            auto_decompress=False,  # read_body instead
        )
        self._terms = terms
        self._answering = False
        self._client_done = False  # the client has shut down its side of the socket
        self._ending = False  # the server has been told to stop
        self._half_head = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._lingering: asyncio.Future[None] | None = None
        self._newest: tuple[object, StreamReader] | None = None
        self._refused = False
        self._verdict: tuple[int, str] | None = None
        self.lost: asyncio.Future[None] = loop.create_future()
        self.task: asyncio.Task[None] | None = None

    # What the server asks of it.

    def begin_exchange(self) -> None:
        """A request leaves the queue to be answered."""
        self._answering = True

    @property
    def last_answer(self) -> bool:
        """Whether no answer can follow the present one."""
        return self._ending or (self._client_done and not self._messages)

    def end(self) -> None:
        """End now if idle, else with the answer that is under way."""
        self._ending = True
        if self._lingering is not None:
            self._stop_lingering()
        elif self._idle:
            self.force_close()

    def cut(self) -> None:
        """End now, whatever is under way."""
        self._wire.abort()
        if self.task is not None:
            self.task.cancel()

    # What the event loop tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the client a time limit for the head of its first request."""
        super().connection_made(transport)
        self._wire = cast(asyncio.Transport, transport)  # aiohttp forgets it before it is closed
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived and see what it means for the head and the body under way."""
        if self._lingering is not None:
            return
        try:
            super().data_received(data)
        except Exception:
            # Not everything that aiohttp's parsers raise is caught there: the Python parser lets
            # the ValueError of a Content-Length of more than 4,300 digits pass.
            self._refuse_head(400, "the head cannot be understood")
        messages = self._messages
        if messages and messages[-1] is not self._newest:
            self._head_complete()
        elif data.strip(b"\r\n") and (self._newest is None or self._newest[1].is_eof()):
            # (Empty lines between requests are allowed: RFC 9112 section 2.2.)
            self._half_head = True
            if self._head_timer is None:
                self._start_head_timer()

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp always closes here
        """Let a client that has shut down its side of the socket still get its answers."""
        self._client_done = True
        self._fail_body(EOFError())
        if self._lingering is not None:
            self._stop_lingering()
        elif self._idle:
            if self._half_head:
                self._refuse_head(400, "the client ended it in the middle of its head")
            else:
                self.force_close()
        return True

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wake whatever still waits for the client."""
        if self._head_timer is not None:
            self._head_timer.cancel()
        self._fail_body(EOFError())
        if self._lingering is not None:
            self._stop_lingering()
        super().connection_lost(exc)
        if not self.lost.done():
            self.lost.set_result(None)

    # What aiohttp calls on the way of one request.

    async def start(self) -> None:
        """Answer the requests of this connection, one after the other."""
        self.task = asyncio.current_task()
        await super().start()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; if the client may still be talking, let it finish first."""
        try:
            outcome = await super().finish_response(request, resp, start_time)
            if self._refused or not request.content.is_eof():
                await self._linger()
        finally:
            self._answering = False
        if self.last_answer:
            resp.force_close()
        if self._messages:  # an upgrade was declined, and requests had been sent behind it
            self._head_complete()
        return outcome

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what the parser refused."""
        status, reason = self._verdict or (400, reason_of(exc))
        return self.refusal(request, status, reason)

    def refusal(self, request: web.BaseRequest, status: int, reason: str) -> web.Response:
        """The answer to what is no request: the last one, since what follows cannot be trusted."""
        logger.warning("twilio_mock: refused a request from %s: %s", request.remote, reason)
        self._refused = True
        response = self._terms.refuse(status, reason)
        response.force_close()
        return response

    # How it is done.

    @property
    def _idle(self) -> bool:
        return not self._answering and not self._messages

    def _start_head_timer(self) -> None:
        delay = self._terms.header_timeout
        self._head_timer = self._loop.call_later(delay, self._head_overdue)

    def _head_complete(self) -> None:
        """Note the newest request, and stop the clock that ran for its head."""
        # Behind an unfinished body nothing can be parsed but an error, which is in its chunks; the
        # C parser does not tell the one who reads the body.
        self._fail_body(web.RequestPayloadError())
        self._newest = self._messages[-1]
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
            self._half_head = False

    def _fail_body(self, problem: Exception) -> None:
        """Tell whoever reads the newest body that the rest of it will not come."""
        if self._newest is not None:
            body = self._newest[1]
            if not body.is_eof() and body.exception() is None:
                body.set_exception(problem)

    def _head_overdue(self) -> None:
        self._head_timer = None
        if not self._idle:
            self._start_head_timer()  # half a head behind a request that is being answered
        elif self._half_head:
            limit = self._terms.header_timeout
            self._refuse_head(408, f"the head did not arrive within {limit:g} s")
        else:
            self.force_close()  # nothing was asked: an answer could be taken for one to come

    def _refuse_head(self, status: int, reason: str) -> None:
        """Answer half a head."""
        self._verdict = (status, reason)
        super().data_received(NO_HEAD)

    async def _linger(self) -> None:
        """Close this side, and throw away what the client still sends until it closes its own.

        Closed at once, the socket would answer unread bytes with a reset, and the client would
        lose the refusal it was sent (RFC 9112 section 9.6).
        """
        transport = self.transport
        if self._client_done or transport is None or not transport.can_write_eof():
            return
        self._lingering = self._loop.create_future()
        timer = self._loop.call_later(self._terms.linger_time, self._stop_lingering)
        try:
            with suppress(OSError):  # the client is gone, its loss not noticed yet
                transport.write_eof()
            transport.resume_reading()
            await self._lingering
        finally:
            timer.cancel()

    def _stop_lingering(self) -> None:
        if self._lingering is not None and not self._lingering.done():
            self._lingering.set_result(None)
