"""Raw sockets against a server of our own, and what comes back as values."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from twilio_mock.serving.connection import Connection
from twilio_mock.serving.protocol import BodyTooLarge, BodyTooSlow, BodyUnreadable, read_body
from twilio_mock.serving.server import Server
from twilio_mock.serving.terms import Answer as Answering
from twilio_mock.serving.terms import Refuse as Refusing

# Seconds after which a test calls it a hang.
PATIENCE = 5.0

BODY_LIMIT = 100_000
BODY_TIMEOUT = 0.9
HEADER_TIMEOUT = 0.3


def head(request_line: str, *lines: str) -> bytes:
    """The head of an HTTP/1.1 request for our host."""
    return "\r\n".join([request_line, "Host: mock", *lines, "", ""]).encode("latin-1")


GET = head("GET /one HTTP/1.1")


def post(body: bytes, *lines: str) -> bytes:
    """A whole POST."""
    return head("POST /form HTTP/1.1", f"Content-Length: {len(body)}", *lines) + body


def refuse(status: int, reason: str) -> web.Response:
    """What our server says to what is no request."""
    return web.json_response({"refused": reason}, status=status)


async def echo(request: web.BaseRequest) -> web.StreamResponse:
    """Say what was asked."""
    try:
        body = await read_body(request, limit=BODY_LIMIT, timeout=BODY_TIMEOUT)
    except BodyTooLarge:
        return web.json_response({"body": "too large"}, status=413)
    except BodyTooSlow:
        return web.json_response({"body": "too slow"}, status=408)
    except BodyUnreadable as problem:
        return web.json_response({"body": str(problem)}, status=400)
    seen = {"method": request.method, "target": request.raw_path, "body": body.decode("latin-1")}
    return web.json_response(seen)


class Gate:
    """An `answer` that tells when it was asked and waits until it may go on."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_go = asyncio.Event()
        self.finished = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.set()
        await self.may_go.wait()
        response = await echo(request)
        self.finished.set()
        return response


@dataclass
class Answer:
    """One HTTP answer."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body; whatever we say is JSON, never aiohttp's text/plain."""
        assert self.headers["content-type"].startswith("application/json"), self.headers
        return json.loads(self.body)


@dataclass
class Line:
    """A client's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, *parts: bytes) -> None:
        """Send bytes."""
        self.writer.write(b"".join(parts))

    def hang_up_half(self) -> None:
        """Send nothing more, and go on reading."""
        self.writer.write_eof()

    def reset(self) -> None:
        """Vanish without a goodbye: the server gets a RST."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()

    async def answer(self, method: str = "GET") -> Answer:
        """Wait for the next answer, to a request of that method."""
        async with asyncio.timeout(PATIENCE):
            text = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status_line, *lines = text.rstrip("\r\n").split("\r\n")
            version, status, _ = status_line.split(" ", 2)
            headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in lines)}
            length = int(headers.get("content-length", "0"))
            body = b"" if method == "HEAD" else await self.reader.readexactly(length)
        return Answer(version, int(status), headers, body)

    async def rest(self) -> bytes:
        """All that comes until the server closes."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()


@dataclass
class Host:
    """A running server and the lines to it."""

    server: Server
    lines: list[Line] = field(default_factory=list)

    async def call(self) -> Line:
        """Connect."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.lines.append(line)
        return line

    async def ask(self, *parts: bytes) -> Answer:
        """Send something on a new connection and take the first answer."""
        line = await self.call()
        line.say(*parts)
        return await line.answer()

    async def caught_up(self) -> None:
        """Wait until what was said before has been read: something said later is answered."""
        line = await self.call()
        line.say(b"garbage\r\n\r\n")
        assert (await line.answer()).status == 400
        line.hang_up_half()

    async def emptied(self) -> None:
        """Wait until the server has forgotten every connection."""
        server = self.server._web
        assert server is not None
        lost = [one.lost for one in server.connections if isinstance(one, Connection)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*lost)


@asynccontextmanager
async def hosting(
    answer: Answering = echo, refuse: Refusing = refuse, **limits: Any
) -> AsyncIterator[Host]:
    """A server for the time of a test."""
    server = Server(answer, refuse, **{"header_timeout": HEADER_TIMEOUT, **limits})
    await server.start()
    host = Host(server)
    try:
        yield host
    finally:
        await server.stop()
        for line in host.lines:
            line.writer.close()
            with suppress(OSError):
                await line.writer.wait_closed()
