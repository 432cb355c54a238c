"""A server that speaks HTTPS itself."""

from __future__ import annotations

import asyncio
import logging
import ssl

from twilio_mock.serving.doorway import Doorway

logger = logging.getLogger("twilio_mock")


class TlsDoorway(Doorway):
    """Puts a server behind TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self.context = context

    def __call__(self) -> asyncio.Protocol:
        """A new connection."""
        return Arriving(self)

    async def greet(self, transport: asyncio.Transport) -> None:
        """Shake hands with a client, and tell the log if it would not."""
        try:
            await self.secure(transport, self.context)
        except (OSError, ValueError) as problem:
            why = getattr(problem, "reason", None) or problem
            logger.warning("twilio_mock: TLS with a client failed: %s", why)


class Arriving(asyncio.Protocol):
    """One connection until it is secured."""

    def __init__(self, doorway: TlsDoorway) -> None:
        self.doorway = doorway

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with TLS before anything is read."""
        if isinstance(transport, asyncio.Transport):
            transport.pause_reading()
            self.doorway.open.add(transport)
            self.doorway.start(asyncio.ensure_future(self.doorway.greet(transport)))
