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
from twilio_mock.serving.known_heads import KnownHeads
from twilio_mock.serving.malformed import fault_in
from twilio_mock.serving.terms import Answer, AtOnce, Terms
from twilio_mock.wire import Request, split_target

ORDINARY_METHODS = frozenset((hdrs.METH_GET, hdrs.METH_POST, hdrs.METH_DELETE))


class PromptConnection(Connection):
    """A connection with that shortcut.

    `going_on` is how to go on, on the long way, with a request that was begun on the short one.
    """

    __slots__ = ("_at_once", "_heads", "going_on")

    def __init__(
        self,
        server: web.Server,
        *,
        loop: asyncio.AbstractEventLoop,
        terms: Terms,
        heads: KnownHeads,
    ) -> None:
        super().__init__(server, loop=loop, terms=terms)
        self._at_once = terms.at_once
        self._heads = heads
        self.going_on: Answer | None = None

    def data_received(self, data: bytes) -> None:
        """Answer what has arrived, or wake aiohttp's task to do it."""
        waiter, at_once = self._waiter, self._at_once
        if at_once is None or waiter is None or waiter.done():
            super().data_received(data)
            return
        begins = self._sure and not self._half_head
        if begins and self._can_answer():
            request = self._heads.read(data)
            if request is not None and self._answer(at_once, request):
                if self._head_timer is not None:
                    self._forget_head()
                return
        # The task is not woken before it is known whether it is needed.
        self._waiter = None
        super().data_received(data)
        if len(self._messages) == 1 and self.going_on is None:
            self._answer_parsed(at_once, data if begins and self._sure else b"")
        self._waiter = waiter
        if self._messages and not waiter.done():
            waiter.set_result(None)

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Go on only after a pause: aiohttp parses once more whenever a body is read."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def _can_answer(self) -> bool:
        """Whether an answer would be taken now: the client reads, and the connection goes on."""
        return not (self._paused or self.transport is None or self._upgraded)

    def _answer_parsed(self, at_once: AtOnce, said: bytes) -> None:
        """Answer the one request that has been parsed.

        `said` is all of it, to be remembered; empty where that is not known for sure.
        """
        message, body = self._messages[0]
        parser = self._parser
        if (
            parser is None
            or not body.is_eof()
            or isinstance(message, _ErrInfo)
            or not self._can_answer()
            or not is_ordinary(message)
        ):
            return
        path, query = split_target(message.path)
        request = Request(message.method, path, query, message.headers, body.read_nowait())
        self._heads.learn(said, message)
        if self._answer(at_once, request):
            self._messages.popleft()
            parser.message_consumed()

    def _answer(self, at_once: AtOnce, request: Request) -> bool:
        """Answer a request, or set how to go on with it."""
        answer = at_once(request)
        if not isinstance(answer, bytes):
            self.going_on = answer
            return False
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        self.wire.write(answer)
        return True


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
