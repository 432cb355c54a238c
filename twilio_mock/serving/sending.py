"""Sends an answer through aiohttp: as usual, or as a fault has it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from http import HTTPStatus

from aiohttp import hdrs, web

from twilio_mock.serving.exchange import Exchange
from twilio_mock.serving.pauses import check_clock, pause_task
from twilio_mock.state import State
from twilio_mock.waiting import Pause
from twilio_mock.wire import USUAL, Response, Sending

# aiohttp would name itself and the Python version.
SERVER = "twilio_mock"
STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n" for each in HTTPStatus}
# Their answers have no body, and no length either.
BODILESS = frozenset((100, 101, 102, 103, 204, 304))
# Seconds between two pieces of a trickle, if a piece is more than a byte.
TICK = 0.01


def to_aiohttp(response: Response) -> web.Response:
    """The same answer as aiohttp's own kind of value."""
    return web.Response(
        status=response.status,
        headers={**response.headers, "Server": SERVER},
        body=response.body,
    )


def whole(response: Response) -> bytes | None:
    """An answer as aiohttp would send it, to the byte; `None` if there is more to it than that."""
    headers, body = response.headers, response.body
    status_line = STATUS_LINES.get(response.status)
    if response.status in BODILESS:
        complete = hdrs.CONTENT_LENGTH not in headers and not body
    else:
        complete = headers.get(hdrs.CONTENT_LENGTH) == str(len(body)) and "Content-Type" in headers
    if (
        status_line is None
        or not complete
        or not response.ready
        or response.sending is not USUAL
        or response.on_end
        or "Date" not in headers  # aiohttp adds one
        or "Connection" in headers
    ):
        return None
    lines = "\r\n".join(map(": ".join, headers.items()))
    if not lines.count("\r") == lines.count("\n") == len(headers) - 1:
        return None  # aiohttp refuses line breaks
    try:
        return f"{status_line}{lines}\r\nServer: {SERVER}\r\n\r\n".encode() + body
    except UnicodeEncodeError:  # aiohttp knows how to send half a surrogate pair
        return None


async def send(state: State, response: Response, request: web.BaseRequest) -> web.StreamResponse:
    """Send an answer. Raises `ConnectionError` if the client is gone, and `FrozenLoop`."""
    if response.sending is not USUAL:
        return await send_spoiled(state, response, request)
    answer = to_aiohttp(response)
    await answer.prepare(request)
    await answer.write_eof()
    return answer


async def send_spoiled(
    state: State, response: Response, request: web.BaseRequest
) -> web.StreamResponse:
    """Send as much of an answer as is to arrive, as fast as it is to."""
    sending = response.sending
    if sending.silent:
        return end(request, reset=sending.reset)
    if sending.bytes_per_second is not None:
        check_clock(asyncio.get_running_loop(), "trickle")
    headers = {**response.headers, "Server": SERVER}
    answer = web.StreamResponse(status=response.status, headers=headers)
    await answer.prepare(request)
    for piece, seconds in pieces(response.body, sending):
        if seconds:
            await pause_task(state, Pause("trickle", seconds))
        await answer.write(piece)
    if sending.length is None:
        await answer.write_eof()
    else:
        end(request, reset=False)
        answer.force_close()
    return answer


def pieces(body: bytes, sending: Sending) -> Iterator[tuple[bytes, float]]:
    """What of a body is sent, and the seconds that are waited before each piece."""
    sent = body if sending.length is None else body[: sending.length]
    speed = sending.bytes_per_second
    if speed is None:
        if sent:
            yield sent, 0.0
        return
    step = max(1, int(speed * TICK))
    for place in range(0, len(sent), step):
        piece = sent[place : place + step]
        yield piece, len(piece) / speed


def end(request: web.BaseRequest, *, reset: bool) -> web.StreamResponse:
    """End the connection of a request, and stand in for its answer."""
    transport = request.transport
    if transport is not None and reset:
        # A close that lingers for 0 seconds is a RST.
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    elif transport is not None:
        transport.close()
    silence = web.Response()
    silence.force_close()
    return silence


def is_gone(request: web.BaseRequest) -> bool:
    """Whether nobody is there any more to take the answer.

    A client that has shut down its own side counts as gone: that is all that is seen of it until
    something is sent.
    """
    if isinstance(request, Exchange) and request.connection.at_last_answer:
        return True
    transport = request.transport
    return transport is None or transport.is_closing()
