"""A mock's server while it listens: in a thread of its own, or in the running loop."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from twilio_mock.serving.app import Door
from twilio_mock.serving.loop_thread import LoopThread
from twilio_mock.serving.server import Server
from twilio_mock.state import State


@dataclass(frozen=True, slots=True)
class Live:
    """A server that listens, and whose loop it is in; `thread` is there if it has its own."""

    server: Server
    loop_thread: int | None
    thread: LoopThread | None = None

    @classmethod
    def in_thread(cls, state: State, host: str, port: int) -> Live:
        """Start one in a new thread; raises `OSError` if it cannot listen."""
        server = new_server(state, host, port)
        thread = LoopThread()
        thread.start()
        try:
            thread.run(server.start())
        except BaseException:
            thread.stop()
            raise
        return cls(server, thread.ident, thread)

    @classmethod
    async def in_this_loop(cls, state: State, host: str, port: int) -> Live:
        """Start one in the running loop; raises `OSError` if it cannot listen."""
        server = new_server(state, host, port)
        await server.start()
        return cls(server, threading.get_ident())

    def stop(self) -> None:
        """Stop one that has its own thread, and the thread."""
        if self.thread is not None:
            try:
                self.thread.run(self.server.stop())
            finally:
                self.thread.stop()


def new_server(state: State, host: str, port: int) -> Server:
    """A server around a state, not started yet."""
    door = Door(state)
    return Server(
        door.answer,
        door.refuse,
        host=host,
        port=port,
        header_timeout=state.settings.header_timeout,
    )
