"""A proxy that answers for api.twilio.com itself, and for its edges and regions."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
from collections import Counter
from collections.abc import Collection
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from twilio_mock.serving.doorway import Doorstep, Doorway

logger = logging.getLogger("twilio_mock")

# api.twilio.com, api.{region}.twilio.com and api.{edge}.{region}.twilio.com
PLAYED = re.compile(r"api(\.[a-z0-9-]+){0,2}\.twilio\.com")
# A name or an address; what else a client may send is neither counted nor written to the log.
HOST = re.compile(r"[a-z0-9._:%-]{1,253}", re.ASCII)
PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
COUNTED_AT_MOST = 100  # hosts
HEAD_LIMIT = 16 * 1024  # bytes
HEAD_TIMEOUT = 10.0  # seconds
# In exactly this spelling, and without headers: twilio-php takes the proxy's head off an answer
# only where it finds these very words.
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Issues(Protocol):
    """What issues certificates."""

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be this host."""


class Proxy(Doorway):
    """The connections of one proxy: which hosts it plays, and which it lets through.

    Hosts that it plays get the TLS of the `authority` and the mock's own server behind it. Those
    `allowed` are passed on, as they are; every other is refused.
    """

    def __init__(self, authority: Issues, allowed: Collection[str] = ()) -> None:
        super().__init__()
        self.authority = authority
        self.allowed = frozenset(host.lower() for host in allowed)
        self.refused = Counter[str]()
        """How often which host was refused, of the first hundred."""

    def note_refused(self, host: str) -> None:
        """Count a host that is not led to, and tell the log of it."""
        if host in self.refused or len(self.refused) < COUNTED_AT_MOST:
            self.refused[host] += 1
        logger.warning("twilio_mock: the proxy refused %s; to allow it: --allow %s", host, host)

    def __call__(self) -> asyncio.Protocol:
        """A new connection."""
        return ProxyConnection(self)


class ProxyConnection(asyncio.Protocol):
    """One connection until it is known where it wants to go."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.head = bytearray()
        self.transport: asyncio.Transport | None = None
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for its first request."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport
            self.proxy.open.add(transport)
            loop = asyncio.get_running_loop()
            self.timer = loop.call_later(HEAD_TIMEOUT, transport.abort)

    def connection_lost(self, problem: Exception | None) -> None:
        """Forget it."""
        if self.transport is not None:
            self.proxy.open.discard(self.transport)
        self.transport = None
        if self.timer is not None:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Collect the head of its first request, and go where that leads."""
        self.head += data
        head, found, rest = bytes(self.head).partition(b"\r\n\r\n")
        if self.transport is None or (not found and len(self.head) < HEAD_LIMIT):
            return
        if self.timer is not None:
            self.timer.cancel()
        line = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        if not found or len(line) != 3:
            self.refuse(self.transport, 400, "this is no HTTP request")
        elif line[0] == "CONNECT":
            self.connect(self.transport, line[1], rest)
        else:
            self.plain(self.transport, line[1])

    def connect(self, transport: asyncio.Transport, target: str, rest: bytes) -> None:
        """Be the host behind the tunnel, or lead to it, or refuse."""
        host, _, port = target.rpartition(":")
        host = host.strip("[]").lower()
        if not HOST.fullmatch(host) or not PORT.fullmatch(port) or int(port) > 65535 or rest:
            self.refuse(transport, 400, "CONNECT needs a host and a port, and nothing after it")
        elif PLAYED.fullmatch(host):
            self.proxy.start(asyncio.ensure_future(self.play(transport, host)))
        elif host in self.proxy.allowed:
            transport.pause_reading()
            self.proxy.start(asyncio.ensure_future(self.pass_on(transport, host, int(port))))
        else:
            self.refuse_host(transport, host)

    async def play(self, transport: asyncio.Transport, host: str) -> None:
        """Put the mock's own server behind a TLS of this host's name."""
        transport.write(ESTABLISHED)
        try:
            await self.proxy.secure(transport, self.proxy.authority.context(host))
        except (OSError, ValueError) as problem:
            logger.warning(
                "twilio_mock: a client of the proxy refused the certificate of %s (%s); it has to "
                "trust the CA file that the proxy wrote",
                host,
                problem,
            )

    async def pass_on(
        self, transport: asyncio.Transport, host: str, port: int, first: bytes | None = None
    ) -> None:
        """Carry bytes both ways between the client and a host that is allowed.

        `first` is what that host gets first; without it the client is told that it may begin.
        """
        loop = asyncio.get_running_loop()
        client = Pipe(self.proxy, transport)
        try:
            _, server = await loop.create_connection(lambda: Pipe(self.proxy), host, port)
        except OSError as problem:
            self.refuse(transport, 502, f"{host} port {port} cannot be reached: {problem}")
            return
        server.other, client.other = transport, server.transport
        transport.set_protocol(client)
        if first is None:
            transport.write(ESTABLISHED)
        else:
            client.data_received(first)
        transport.resume_reading()

    def plain(self, transport: asyncio.Transport, target: str) -> None:
        """Answer a request without TLS, or pass on one to a host that is allowed."""
        try:
            place = urlsplit(target if "://" in target else "")
            host, port = place.hostname or "", place.port or 80
            if place.scheme and not HOST.fullmatch(host):
                raise ValueError
        except ValueError:
            self.refuse(transport, 400, "this is no URL")
            return
        own = port == transport.get_extra_info("sockname")[1]
        if place.scheme and host in self.proxy.allowed and not own:
            transport.pause_reading()
            first = relative(bytes(self.head), urlunsplit(("", "", *place[2:])) or "/")
            self.proxy.start(asyncio.ensure_future(self.pass_on(transport, host, port, first)))
        elif place.scheme and not PLAYED.fullmatch(host) and not own:
            self.refuse_host(transport, host)
        else:
            self.proxy.open.discard(transport)
            doorstep = Doorstep()
            doorstep.data_received(bytes(self.head))
            doorstep.hand_over(transport, self.proxy.make())

    def refuse_host(self, transport: asyncio.Transport, host: str) -> None:
        """Lead to no host that was not allowed."""
        self.proxy.note_refused(host)
        why = f"this proxy plays api.twilio.com and is no open proxy; allow {host} with --allow"
        self.refuse(transport, 403, why)

    def refuse(self, transport: asyncio.Transport, status: int, why: str) -> None:
        """Answer in words and end the connection."""
        body = json.dumps({"code": status, "message": f"twilio_mock: {why}", "status": status})
        head = f"HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        transport.write((head + body).encode())
        transport.close()


class Pipe(asyncio.Protocol):
    """One side of a tunnel: what comes in here goes out there."""

    def __init__(self, proxy: Proxy, transport: asyncio.Transport | None = None) -> None:
        self.proxy = proxy
        self.transport = transport
        self.other: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the own side."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport
            self.proxy.open.add(transport)

    def data_received(self, data: bytes) -> None:
        """Hand it over."""
        if self.other is not None:
            self.other.write(data)

    def pause_writing(self) -> None:
        """Read no more from the other side than this one can send."""
        if self.other is not None:
            self.other.pause_reading()

    def resume_writing(self) -> None:
        """Read on."""
        if self.other is not None:
            self.other.resume_reading()

    def connection_lost(self, problem: Exception | None) -> None:
        """End the other side too."""
        if self.transport is not None:
            self.proxy.open.discard(self.transport)
        if self.other is not None:
            self.other.close()


def relative(request: bytes, target: str) -> bytes:
    """A request to a proxy as the host itself has to get it; it will be the only one."""
    head, _, rest = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, _, version = first.split(b" ")
    hop = (b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive")
    kept = [line for line in lines if line.partition(b":")[0].lower() not in hop]
    start = b" ".join([method, target.encode("latin-1"), version])
    return b"\r\n".join([start, *kept, b"Connection: close"]) + b"\r\n\r\n" + rest
