"""Sends an answer that has no end: what happens, as it happens, to a client that keeps up."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from twilio_mock.answers_to_come import Source, Streaming
from twilio_mock.serving.pauses import is_frozen
from twilio_mock.serving.sending import SERVER, is_gone

# Seconds between two pieces: what happens meanwhile is sent together. A person sees no
# difference, and many requests cost few pieces.
TICK = 0.05
# Seconds between two looks whether the client is still there, when nothing happens.
LOOK_EVERY = 1.0
# Seconds without anything to send after which the client is told that all is well.
HEARTBEAT_EVERY = 10.0
# Seconds that a client may take for one piece before it is cut.
PATIENCE = 20.0


async def stream(streaming: Streaming, request: web.BaseRequest) -> web.StreamResponse:
    """Send a stream until its source ends or its client is gone.

    Raises `ConnectionError` if the client is gone, or too slow and was cut.
    """
    source = streaming.source
    assert source is not None  # noqa: S101  # only who has one makes a Streaming
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(woken.set)

    headers = {**streaming.stream_headers, "Server": SERVER}
    answer = web.StreamResponse(status=200, headers=headers)
    answer.force_close()
    try:
        source.open(wake)
        await answer.prepare(request)
        if request.method != "HEAD":
            await send_all(source, answer, request, woken)
        await answer.write_eof()
    finally:
        source.close()
    return answer


async def send_all(
    source: Source, answer: web.StreamResponse, request: web.BaseRequest, woken: asyncio.Event
) -> None:
    """Send piece after piece. Raises `ConnectionError` when the client is gone."""
    silence = 0.0
    while not source.closed:
        woken.clear()
        piece = source.read()
        if piece:
            await send_piece(answer, request, piece)
            silence = 0.0
            if not is_frozen(asyncio.get_running_loop()):  # where a pause would never end
                await asyncio.sleep(TICK)
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), LOOK_EVERY)
        if is_gone(request):
            raise ConnectionResetError("the client is gone")
        silence += LOOK_EVERY
        if silence >= HEARTBEAT_EVERY:
            await send_piece(answer, request, source.heartbeat)
            silence = 0.0


async def send_piece(answer: web.StreamResponse, request: web.BaseRequest, piece: bytes) -> None:
    """Send one piece; who does not take it in time is cut."""
    try:
        await asyncio.wait_for(answer.write(piece), PATIENCE)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionAbortedError("the client is too slow for the stream") from None
