"""One request and its answer: whether its connection can be kept, and what a failure becomes."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11, RawRequestMessage
from yarl import URL

from twilio_mock.serving.connection import logger
from twilio_mock.serving.malformed import fault_in
from twilio_mock.serving.prompt import PromptConnection
from twilio_mock.serving.terms import Answer, Refuse


class Exchange(web.BaseRequest):
    """A request that knows whether another one may follow it: aiohttp's answers look here."""

    connection: PromptConnection
    keep_asked: bool
    going_on: Answer | None

    @property
    def keep_alive(self) -> bool:
        """Not if some of the body has been left unread, nor behind the last answer."""
        connection = self.connection
        if (connection.nearing_end and connection.at_last_answer) or not self.content.is_eof():
            return False
        return self.keep_asked


class FaultyExchange(Exchange):
    """A request that aiohttp's parser let pass, but that has to be refused."""

    fault: str


def make_exchange(
    message: RawRequestMessage,
    payload: StreamReader,
    connection: PromptConnection,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """aiohttp's `request_factory`: the turn of a request has come."""
    fault = fault_in(message)
    if fault is None:
        exchange = Exchange(message, payload, connection, writer, task, connection.loop)
    else:
        # The version goes into the status line of the answer. A target may be missing: the C
        # parser lets HTTP/0.9 pass without one.
        message = message._replace(version=HttpVersion11, url=URL("/"))
        exchange = FaultyExchange(message, payload, connection, writer, task, connection.loop)
        exchange.fault = fault
    exchange.connection = connection
    exchange.keep_asked = not message.should_close
    exchange.going_on, connection.going_on = connection.going_on, None
    connection.begin_exchange(exchange)
    return exchange


def guarded(answer: Answer, refuse: Refuse) -> Answer:
    """`answer`, whose exceptions become a 500 in our own shape and one entry in the log."""

    async def answer_or_refuse(request: web.BaseRequest) -> web.StreamResponse:
        if isinstance(request, FaultyExchange):
            return request.connection.refusal(request, 400, request.fault)
        try:
            going_on = request.going_on if isinstance(request, Exchange) else None
            return await (going_on or answer)(request)
        except Exception as problem:
            return failure(request, problem, refuse)

    return answer_or_refuse


def failure(request: web.BaseRequest, problem: Exception, refuse: Refuse) -> web.Response:
    """The answer when `answer` raised."""
    transport = request.transport
    if transport is None or (transport.is_closing() and isinstance(problem, ConnectionError)):
        logger.debug("twilio_mock: %s is gone before its answer", request.remote)
    else:
        # %a: no line breaks and no lone surrogates of a client's making in the log.
        target = request.rel_url.raw_path
        logger.error(
            "twilio_mock: failed to answer %s %a", request.method, target, exc_info=problem
        )
        if request.writer.output_size > 0:
            transport.abort()  # what would follow half an answer would be read as its rest
    return refuse(500, "it failed to answer; the log of twilio_mock has the traceback")
