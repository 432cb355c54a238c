"""A mock's server while it listens: in a thread of its own, or in the running loop."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from os import PathLike

from twilio_mock.serving.app import Door
from twilio_mock.serving.loop_thread import LoopThread
from twilio_mock.serving.proxy_front import ProxyFront
from twilio_mock.serving.server import Server
from twilio_mock.state import State

# The hosts that a proxy passes on, and the folder for its CA files; `None` if it is to be none.
ProxyWishes = tuple[Collection[str], str | PathLike[str] | None] | None


@dataclass(frozen=True, slots=True)
class Live:
    """A server that listens, and whose loop it is in; `thread` is there if it has its own.

    `front` is what makes a proxy of it.
    """

    server: Server
    front: ProxyFront | None
    loop_thread: int | None
    thread: LoopThread | None = None

    @classmethod
    def in_thread(cls, state: State, host: str, port: int, proxy: ProxyWishes) -> Live:
        """Start one in a new thread; raises `OSError` if it cannot listen."""
        front = ProxyFront(*proxy) if proxy else None
        server = new_server(state, host, port, front)
        thread = LoopThread()
        thread.start()
        live = cls(server, front, thread.ident, thread)
        try:
            thread.run(server.start())
        except BaseException:
            live.stop()
            raise
        return live

    @classmethod
    async def in_this_loop(cls, state: State, host: str, port: int, proxy: ProxyWishes) -> Live:
        """Start one in the running loop; raises `OSError` if it cannot listen."""
        front = ProxyFront(*proxy) if proxy else None
        live = cls(new_server(state, host, port, front), front, threading.get_ident())
        try:
            await live.server.start()
        except BaseException:
            await live.end()
            raise
        return live

    def stop(self) -> None:
        """Stop one that has its own thread, and the thread."""
        if self.thread is not None:
            try:
                self.thread.run(self.end())
            finally:
                self.thread.stop()

    async def end(self) -> None:
        """Stop one in the loop that it runs in."""
        try:
            await self.server.stop()
        finally:
            if self.front is not None:
                self.front.close()


def new_server(state: State, host: str, port: int, front: ProxyFront | None) -> Server:
    """A server around a state, not started yet."""
    door = Door(state)
    return Server(
        door.answer,
        door.refuse,
        host=host,
        port=port,
        header_timeout=state.settings.header_timeout,
        proxy=front.proxy if front else None,
    )
