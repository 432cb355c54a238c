"""A mock's server while it listens: in a thread of its own, or in the running loop."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from twilio_mock.serving.app import Door
from twilio_mock.serving.loop_thread import LoopThread
from twilio_mock.serving.server import Server
from twilio_mock.serving.sweeping import Sweeper
from twilio_mock.state import State

if TYPE_CHECKING:  # imported where they are needed: most servers are neither proxy nor TLS
    from twilio_mock.serving.proxy_front import ProxyFront


class Place(NamedTuple):
    """Where a server listens, and what it speaks there: HTTP, HTTPS with `tls`, or as a proxy.

    `proxy` is the hosts that a proxy passes on, and the folder for its CA files.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    proxy: tuple[Collection[str], str | PathLike[str] | None] | None = None


class Live(NamedTuple):
    """A server that listens, and whose loop it is in; `thread` is there if it has its own.

    `front` is what makes a proxy of it, `sweeper` what frees the accounts whose time is over.
    """

    server: Server
    front: ProxyFront | None
    sweeper: Sweeper
    loop_thread: int | None
    thread: LoopThread | None = None

    @classmethod
    def in_thread(cls, state: State, place: Place) -> Live:
        """Start one in a new thread; raises `OSError` if it cannot listen."""
        front = front_of(place)
        server = new_server(state, place, front)
        thread = LoopThread()
        thread.start()
        live = cls(server, front, Sweeper(state), thread.ident, thread)
        try:
            thread.run(live.begin())
        except BaseException:
            live.stop()
            raise
        return live

    @classmethod
    async def in_this_loop(cls, state: State, place: Place) -> Live:
        """Start one in the running loop; raises `OSError` if it cannot listen."""
        front = front_of(place)
        server = new_server(state, place, front)
        live = cls(server, front, Sweeper(state), threading.get_ident())
        try:
            await live.begin()
        except BaseException:
            await live.end()
            raise
        return live

    async def begin(self) -> None:
        """Listen, in the loop that this is called in."""
        await self.server.start()
        self.sweeper.start()

    def stop(self) -> None:
        """Stop one that has its own thread, and the thread."""
        if self.thread is not None:
            try:
                self.thread.run(self.end())
            finally:
                self.thread.stop()

    async def end(self) -> None:
        """Stop one in the loop that it runs in."""
        self.sweeper.stop()
        try:
            await self.server.stop()
        finally:
            if self.front is not None:
                self.front.close()


def front_of(place: Place) -> ProxyFront | None:
    """What makes a proxy of the server, if it is to be one."""
    if place.proxy is None:
        return None
    from twilio_mock.serving.proxy_front import ProxyFront

    return ProxyFront(*place.proxy)


def new_server(state: State, place: Place, front: ProxyFront | None) -> Server:
    """A server around a state, not started yet."""
    door = Door(state)
    tls = None
    if place.tls:
        from twilio_mock.serving.tls import TlsDoorway

        tls = TlsDoorway(place.tls)
    return Server(
        door.answer,
        door.refuse,
        host=place.host,
        port=place.port,
        at_once=door.answer_at_once,
        header_timeout=state.settings.header_timeout,
        line_limit=state.settings.header_limit,
        header_count=state.settings.header_count,
        answer_timeout=state.settings.answer_timeout,
        connection_limit=state.settings.connection_limit,
        doorway=front.proxy if front else tls,
        scheme="https" if tls else "http",
    )
