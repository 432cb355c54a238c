"""The short way: a request that has arrived whole is answered there and then, if it can be.

aiohttp has a task for each connection, which is woken for a request, makes a task for it and an
object for its answer: more work than the answer itself. What is not ready at once, or not
ordinary, takes that way as ever. tests/serving/test_prompt.py compares the bytes of both.

Besides the private parts that `connection.py` reads, this reads which future that task waits for
(`_waiter`), tells the parser of a request that is taken from its queue, and sets when the
connection counts as idle.
"""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.web_protocol import _ErrInfo

from twilio_mock.serving.connection import Connection
from twilio_mock.serving.malformed import fault_in
from twilio_mock.serving.terms import Answer, Terms

ORDINARY_METHODS = frozenset((hdrs.METH_GET, hdrs.METH_POST, hdrs.METH_DELETE))


class PromptConnection(Connection):
    """A connection with that shortcut.

    `going_on` is how to go on, on the long way, with a request that was begun on the short one.
    """

    __slots__ = ("_at_once", "going_on")

    def __init__(
        self, server: web.Server, *, loop: asyncio.AbstractEventLoop, terms: Terms
    ) -> None:
        super().__init__(server, loop=loop, terms=terms)
        self._at_once = terms.at_once
        self.going_on: Answer | None = None

    def data_received(self, data: bytes) -> None:
        """Answer what has arrived, or wake aiohttp's task to do it."""
        # That is not woken before it is known whether it is needed.
        waiter, self._waiter = self._waiter, None
        super().data_received(data)
        if waiter is not None and not waiter.done() and len(self._messages) == 1:
            self._answer_at_once()
        self._waiter = waiter
        if waiter is not None and not waiter.done() and self._messages:
            waiter.set_result(None)

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Go on only after a pause: aiohttp parses once more whenever a body is read."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def _answer_at_once(self) -> None:
        message, body = self._messages[0]
        transport, parser = self.transport, self._parser
        if (
            self._at_once is None
            or self._paused  # the client does not take what it was sent
            or transport is None
            or parser is None
            or not body.is_eof()
            or isinstance(message, _ErrInfo)
            or not is_ordinary(message)
        ):
            return
        answer = self._at_once(message, body.read_nowait())
        if not isinstance(answer, bytes):
            self.going_on = answer
            return
        self._messages.popleft()
        parser.message_consumed()
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        transport.write(answer)


def is_ordinary(message: RawRequestMessage) -> bool:
    """Whether there is nothing about a request but what is asked."""
    return (
        message.method in ORDINARY_METHODS
        and message.version == HttpVersion11
        and not message.should_close
        and not message.upgrade
        and hdrs.CONTENT_ENCODING not in message.headers
        and fault_in(message) is None
    )
