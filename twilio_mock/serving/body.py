"""How the body of a request is read: within a size and a time, and decompressed."""

from __future__ import annotations

import asyncio
import zlib

from aiohttp import hdrs, web
from aiohttp.http import HttpProcessingError, HttpVersion11

from twilio_mock.serving.connection import Connection

UNKNOWN_CODINGS = frozenset({"br", "compress", "x-compress", "zstd"})


class BodyTooLarge(Exception):
    """The body is longer than the limit, as sent or once decompressed."""


class BodyTooSlow(Exception):
    """The body was not complete in time."""


class BodyUnreadable(Exception):
    """The body was cut off, or its chunks or its compression are broken; the text says which."""


async def read_body(
    request: web.BaseRequest,
    *,
    limit: int,
    timeout: float,  # noqa: ASYNC109 (asyncio.timeout is dearer, see below)
) -> bytes:
    """The whole body of a request, decompressed, at most `limit` bytes long.

    It has to arrive within `timeout` seconds. Raises `BodyTooLarge`, `BodyTooSlow` or
    `BodyUnreadable`; whatever is answered then, our own server sends it with
    `Connection: close` if some of the body is still to come.
    """
    stream = request.content
    try:
        # The ordinary form arrives in one piece with its head: no timer, no wait.
        body = stream.read_nowait() if stream.is_eof() else await receive(request, limit, timeout)
    except (web.RequestPayloadError, HttpProcessingError) as problem:
        raise BodyUnreadable("its chunks or its compression are malformed") from problem
    except (EOFError, ConnectionError) as problem:
        raise BodyUnreadable("the client ended it before it was complete") from problem
    if len(body) > limit:
        raise BodyTooLarge
    # A foreign runner's connection has had it decompressed by aiohttp.
    if hdrs.CONTENT_ENCODING in request.headers and isinstance(request.protocol, Connection):
        return decompressed(body, request.headers[hdrs.CONTENT_ENCODING], limit)
    return body


async def receive(request: web.BaseRequest, limit: int, patience: float) -> bytes:
    """Wait for the rest of a body."""
    if request.method == hdrs.METH_CONNECT:
        return b""  # RFC 9110 section 9.3.6; aiohttp's Python parser would wait for one
    if (request.content_length or 0) > limit:
        raise BodyTooLarge
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await invite(request)
    stream = request.content
    # Cheaper than asyncio.timeout: one call of the loop, and no cancellation to be told apart.
    deadline = asyncio.get_running_loop().call_later(patience, stream.set_exception, BodyTooSlow())
    try:
        body = bytearray()
        while not stream.at_eof() and len(body) <= limit:
            body += await stream.readany()
        return bytes(body)
    finally:
        deadline.cancel()


async def invite(request: web.BaseRequest) -> None:
    """Tell a client that waits for leave to send its body to go on (RFC 9110 section 10.1.1).

    aiohttp does this in its router only. HTTP/1.0 knows no interim answers.
    """
    if request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The answer itself has not begun (aiohttp's own handler does the same).
        request.writer.output_size = 0


def decompressed(body: bytes, encoding: str, limit: int) -> bytes:
    """A body without its Content-Encoding; an unheard-of encoding is ignored.

    Done here and not by aiohttp: its two parsers disagree on broken streams, let a truncated
    gzip pass, and go on inflating what is no longer wanted.
    """
    coding = encoding.strip().lower()
    if coding in UNKNOWN_CODINGS:
        raise BodyUnreadable(f"its Content-Encoding is {coding}; gzip and deflate are understood")
    if coding not in {"gzip", "x-gzip", "deflate"} or not body:
        return body
    if coding == "deflate":
        # Some clients send the bare stream without zlib's head (RFC 9110 section 8.4.1.2).
        window = zlib.MAX_WBITS if body[0] & 0x0F == 8 else -zlib.MAX_WBITS
    else:
        window = zlib.MAX_WBITS | 16
    inflater = zlib.decompressobj(window)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error as problem:
        raise BodyUnreadable(f"it is no {coding}") from problem
    if len(plain) > limit:
        raise BodyTooLarge
    if not inflater.eof or inflater.unused_data:
        raise BodyUnreadable(f"it does not end where its {coding} stream ends")
    return plain
