"""One client's connection: aiohttp's HTTP protocol with deadlines and refusals of our own.

aiohttp's parsers, its order of answers and its keep-alive are used as they are. Of its private
parts three are read, as no public hook tells when the head of a request is complete: `_messages`,
the queue of parsed requests, and what waits behind a wish to upgrade, `_upgraded` and
`_message_tail`. tests/serving/test_protocol.py notices when aiohttp changes them.
"""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from aiohttp.web_protocol import MAX_MSG_QUEUE_SIZE

from twilio_mock.serving.broken_bodies import fail, fail_broken
from twilio_mock.serving.framing import Unfinished, begun_head, body_under_way, end_of_part
from twilio_mock.serving.lingering import Lingering
from twilio_mock.serving.malformed import reason_of
from twilio_mock.serving.terms import Terms

logger = logging.getLogger("twilio_mock")

# No head may hold a NUL: given to the parser, this makes a malformed head of half a head, which
# then is refused in its turn and on the usual way, handle_error.
NO_HEAD = b"\0\r\n\r\n"


class Connection(Lingering):
    """A connection that always ends, and answers in our own words as long as it can."""

    __slots__ = (
        "_client_done",
        "_ending",
        "_half_head",
        "_head_timer",
        "_refused",
        "_sure",
        "_terms",
        "_verdict",
        "answering",
        "loop",
        "lost",
        "nearing_end",
    )

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
            max_headers=terms.header_count,
            lingering_time=0,  # linger instead: it does not parse what it throws away
            auto_decompress=False,  # read_body instead
        )
        self._terms = terms
        self.answer_timeout = terms.answer_timeout
        self.loop = loop
        self.answering: web.BaseRequest | None = None
        self.nearing_end = False  # either of the next two
        self._client_done = False  # the client has shut down its side of the socket
        self._ending = False  # the server has been told to stop
        self._half_head = b""  # the end of what has come of it: END_OF_HEAD may come in pieces
        self._head_timer: asyncio.TimerHandle | None = None
        self._refused = False
        # Whether it is known for sure what of all that came is a whole request and what half a
        # head. What was in doubt once stays so: only the parser knows where it stands.
        self._sure = True
        self._verdict: tuple[int, str] | None = None
        self.lost: asyncio.Future[None] = loop.create_future()

    # What the server asks of it.

    def begin_exchange(self, request: web.BaseRequest) -> None:
        """The turn of a request has come."""
        self.answering = request
        if self._messages:
            fail_broken(request.content)
        elif self._client_done and not self._message_tail:
            fail(request.content, EOFError())  # it was not parsed yet when the client's end came

    @property
    def at_last_answer(self) -> bool:
        """Whether no answer can follow the present one."""
        asked_on = self._messages or self._message_tail
        return self._ending or (self._client_done and not asked_on)

    def end(self) -> None:
        """End now if idle, else with the answer that is under way."""
        self._ending = self.nearing_end = True
        if self.lingering:
            self.wire.close()
        elif self._idle:
            self.force_close()

    def turn_away(self) -> None:
        """Refuse it, because there are too many: before it has asked anything."""
        if not self.lost.done():
            limit = self._terms.connection_limit
            self._refuse_head(503, f"there are {limit} connections already (connection_limit)")

    def cut(self) -> None:
        """End now, whatever is under way."""
        self.wire.abort()
        if self.answering is not None:
            self.answering.task.cancel()

    # What the event loop tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the client a time limit for the head of its first request."""
        super().connection_made(transport)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, in parts: a parser that fails drops all that it has of a piece."""
        while not self.lingering:
            before = body_under_way(self._messages, self.answering)
            full = len(self._messages) >= MAX_MSG_QUEUE_SIZE  # then the parser keeps the rest
            end = len(data) if full else end_of_part(data, before, self._half_head)
            if full or self._upgraded or (before is not None and not before.left):
                self._sure = False
            self._take(data[:end], before)
            if not (data := data[end:]):
                break

    def _take(self, part: bytes, before: Unfinished | None) -> None:
        """Parse a part and see what it means for the head and the body under way."""
        known = len(self._messages)
        try:
            super().data_received(part)
        except Exception:
            # Not everything that aiohttp's parsers raise is caught there: the Python parser lets
            # the ValueError of a Content-Length of more than 4,300 digits pass.
            self._refuse_head(400, "the head cannot be understood")
        if self._messages and self.answering is not None:
            fail_broken(self.answering.content)
        if len(self._messages) > known:
            self._forget_head()
            return
        begun = b"" if self._upgraded else begun_head(part, before)
        if begun and not begun.strip(b"\r\n"):
            self._sure = False  # an empty line, or half of one
        if self._half_head or begun.strip(b"\r\n"):  # empty lines are allowed: RFC 9112 section 2.2
            self._half_head = (self._half_head + begun)[-3:]
            if self._head_timer is None:
                self._start_head_timer()

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp always closes here
        """Let a client that has shut down its side of the socket still get its answers."""
        self._client_done = self.nearing_end = True
        if self.lingering:
            return False  # close it
        if under_way := body_under_way(self._messages, self.answering):
            fail(under_way.body, EOFError())  # the rest of it will not come
        if self._idle:
            if self._half_head:
                self._refuse_head(400, "the client ended it in the middle of its head")
            else:
                self.force_close()
        return self.wire.get_extra_info("sslcontext") is None  # TLS has no half-closed connection

    def connection_lost(self, exc: BaseException | None) -> None:
        """Stop the clocks; aiohttp wakes whoever waits for the client."""
        if self._head_timer is not None:
            self._head_timer.cancel()
        self.forget_lingering()
        self.forget_unread()
        super().connection_lost(exc)
        self.lost.set_result(None)

    # What aiohttp calls on the way of one request.

    def log_access(
        self, request: web.BaseRequest, response: web.StreamResponse, time: float | None
    ) -> None:
        """aiohttp's hook for an answer that has been sent."""
        self.answering = None
        if self.nearing_end and self.at_last_answer:
            response.force_close()
        unread = self._refused or not request.content.is_eof()
        if unread and not (response.keep_alive or self._client_done):
            self.linger(self._terms.linger_time)

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
        return self.answering is None and not self._messages

    def _start_head_timer(self) -> None:
        self._head_timer = self._loop.call_later(self._terms.header_timeout, self._head_overdue)

    def _forget_head(self) -> None:
        self._half_head = b""
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

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
        self._forget_head()
        super().data_received(NO_HEAD)
