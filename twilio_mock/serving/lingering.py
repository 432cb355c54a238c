"""A client that goes on sending: how long it is listened to after it was refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from twilio_mock.serving.unread import CutUnread


class Lingering(CutUnread):
    """A connection that can close its own side first, and throw away what still comes.

    Closed at once, the socket would answer unread bytes with a reset, and the client would lose
    the refusal that it was sent (RFC 9112 section 9.6).
    """

    __slots__ = ("_linger_timer", "lingering")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.lingering = False
        self._linger_timer: asyncio.TimerHandle | None = None
        super().connection_made(transport)

    def linger(self, seconds: float) -> None:
        """Close this side, and the other one when the client does, or after that time."""
        if self.transport is None or not self.transport.can_write_eof():
            return
        self.transport = None  # so that aiohttp does not close it
        self.lingering = True
        self._linger_timer = self._loop.call_later(seconds, self.wire.close)
        with suppress(OSError):  # the client is gone, which has not been noticed yet
            self.wire.write_eof()
        self.wire.resume_reading()

    def forget_lingering(self) -> None:
        """Stop the clock."""
        if self._linger_timer is not None:
            self._linger_timer.cancel()
