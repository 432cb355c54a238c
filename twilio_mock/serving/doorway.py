"""What stands between a socket and the server behind it: a proxy, or TLS."""

from __future__ import annotations

import asyncio
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

Make = Callable[[], asyncio.Protocol]


class Doorway(ABC):
    """The connections that the server behind does not know yet, and how they come to it."""

    def __init__(self) -> None:
        self.make: Make = asyncio.Protocol
        self.tasks: set[asyncio.Task[None]] = set()
        self.open: set[asyncio.Transport] = set()

    @abstractmethod
    def __call__(self) -> asyncio.Protocol:
        """A new connection."""

    def before(self, make: Make) -> Self:
        """This doorway, in front of a server that makes a protocol for each connection."""
        self.make = make
        return self

    def start(self, work: asyncio.Task[None]) -> None:
        """Keep a task until it is done."""
        self.tasks.add(work)
        work.add_done_callback(self.tasks.discard)

    async def secure(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        """Put the server behind TLS; raises `OSError` or `ValueError` if that is not wanted."""
        loop, doorstep = asyncio.get_running_loop(), Doorstep()
        try:
            secured = await loop.start_tls(transport, doorstep, context, server_side=True)
        except (OSError, ValueError):
            transport.abort()
            raise
        finally:
            self.open.discard(transport)
        if secured is None:
            transport.abort()
        else:
            doorstep.hand_over(secured, self.make())

    async def stop(self) -> None:
        """End what is under way."""
        for task in self.tasks:
            task.cancel()
        for transport in self.open:
            transport.abort()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.sleep(0)  # asyncio takes a turn to close what was aborted


class Doorstep(asyncio.Protocol):
    """Keeps what a client sends until there is somebody to take it.

    asyncio hands on what came with the end of a TLS handshake before whoever started TLS knows
    of its end.
    """

    def __init__(self) -> None:
        self.waiting = bytearray()

    def data_received(self, data: bytes) -> None:
        """Keep it."""
        self.waiting += data

    def hand_over(self, transport: asyncio.Transport, handler: asyncio.Protocol) -> None:
        """Let a protocol take over the connection, with what has come."""
        transport.set_protocol(handler)
        handler.connection_made(transport)
        if self.waiting:
            handler.data_received(bytes(self.waiting))
