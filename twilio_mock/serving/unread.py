"""A client that does not read: how long what it was sent may lie in this process."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from aiohttp import web

logger = logging.getLogger("twilio_mock")


class CutUnread(web.RequestHandler):
    """A connection that is cut when its client has not taken what it was sent in time.

    Without that, a client that asks and never reads would keep its connection for ever, and so
    would the rest of an answer behind a connection that is closed.
    """

    __slots__ = ("_unread_timer", "answer_timeout", "wire")

    answer_timeout: float

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have the transport tell of whatever the operating system does not take at once."""
        self._unread_timer: asyncio.TimerHandle | None = None
        self.wire = cast(asyncio.Transport, transport)  # aiohttp forgets it before it is closed
        super().connection_made(transport)
        if transport.get_extra_info("sslcontext") is None:  # asyncio's TLS comes to a halt with it
            self.wire.set_write_buffer_limits(high=0)

    def pause_writing(self) -> None:
        """Something is left over: it has to be gone within the time limit."""
        super().pause_writing()
        self._unread_timer = self._loop.call_later(self.answer_timeout, cut, self.wire)

    def resume_writing(self) -> None:
        """It is gone."""
        super().resume_writing()
        self.forget_unread()

    def forget_unread(self) -> None:
        """Stop the clock."""
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None


def cut(transport: asyncio.Transport) -> None:
    """Drop what nobody reads."""
    peer = transport.get_extra_info("peername")
    logger.warning("twilio_mock: cut a client that does not read its answer: %s", peer and peer[0])
    transport.abort()
