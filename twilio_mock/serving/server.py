"""A server on one address: bound, asked where it is, stopped without leaving anything behind."""

from __future__ import annotations

import asyncio
import errno
from contextlib import suppress
from typing import Unpack

from aiohttp import web

from twilio_mock.defaults import ASKED_AT
from twilio_mock.serving.doorway import Doorway
from twilio_mock.serving.protocol import make_server
from twilio_mock.serving.terms import Answer, Limits, Refuse

# A name may stand for several addresses (localhost), which need the same free port.
ATTEMPTS = 5


class Server:
    """An HTTP server that can be started and stopped, and started again.

    Port 0 takes a free one. `answer`, `refuse` and the limits are those of `make_server`. A
    `doorway` stands before it: a proxy, or TLS, then `scheme` is https.
    Raises `ValueError` for a port that is none.
    """

    def __init__(
        self,
        answer: Answer,
        refuse: Refuse,
        *,
        header_timeout: float,
        host: str = "127.0.0.1",
        port: int = 0,
        doorway: Doorway | None = None,
        scheme: str = "http",
        **limits: Unpack[Limits],
    ) -> None:
        if not 0 <= port <= 65535:
            raise ValueError(f"twilio_mock: {port} is no port; take 1 to 65535, or 0 for any free")
        self._answer = answer
        self._refuse = refuse
        self._host = host
        self._wanted_port = port
        self._header_timeout = header_timeout
        self._limits = limits
        self._doorway = doorway
        self._scheme = scheme
        self._listener: asyncio.Server | None = None
        self._web: web.Server | None = None

    @property
    def host(self) -> str:
        """The host name or address that was asked for."""
        return self._host

    @property
    def port(self) -> int:
        """The port that is bound. Raises `RuntimeError` while none is."""
        if self._listener is None:
            raise RuntimeError("twilio_mock: the server is not running; await its start() first")
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Where to ask it, such as `http://127.0.0.1:50123`; raises as `port` does."""
        host = ASKED_AT.get(self._host, self._host)
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises `OSError` if that is not possible and `RuntimeError` if it does."""
        if self._listener is not None:
            raise RuntimeError(f"twilio_mock: the server is running already, at {self.url}")
        server = make_server(
            self._answer, self._refuse, header_timeout=self._header_timeout, **self._limits
        )
        try:
            self._listener = await self._bind(server)
        except UnicodeError as problem:
            text = f"twilio_mock cannot listen on {self._host}: that is no host name"
            raise OSError(errno.EINVAL, text) from problem
        except OSError as problem:
            advice = "" if self._wanted_port == 0 else "; port 0 takes any free one"
            text = f"twilio_mock cannot listen on {self._host} port {self._wanted_port}"
            raise OSError(problem.errno, f"{text}: {problem.strerror}{advice}") from problem
        self._web = server

    async def stop(self, grace: float = 0.05) -> None:
        """Stop listening, end idle connections, and cut after `grace` seconds those that answer.

        Does nothing if the server is not running.
        """
        listener, server = self._listener, self._web
        self._listener = self._web = None
        if listener is not None and server is not None:
            # wait_closed() would add nothing: the sockets are closed, and shutdown() waits.
            listener.close()
            if self._doorway is not None and not listener.get_loop().is_closed():
                await self._doorway.stop()
            await server.shutdown(grace)

    async def _bind(self, server: web.Server) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        make = server if self._doorway is None else self._doorway.before(server)
        for _ in range(ATTEMPTS):
            listener = await loop.create_server(make, self._host, self._wanted_port)
            ports = {one.getsockname()[1] for one in listener.sockets}
            if len(ports) == 1:
                return listener
            listener.close()
            with suppress(OSError):
                return await loop.create_server(make, self._host, ports.pop())
        raise OSError(errno.EADDRINUSE, "no port was free on all of its addresses")
