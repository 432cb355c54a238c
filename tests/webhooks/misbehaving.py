"""Servers that misbehave, each in its own way; all of them real, on this machine."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import trustme


@contextmanager
def listening(behave: Callable[[socket.socket], None], backlog: int = 5) -> Iterator[str]:
    """The address of a socket; each connection to it is treated in this way, then closed."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=backlog))
        # A listener that is closed does not wake an accept() on Linux, shutting it down does.
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_request(connection: socket.socket) -> None:
    """Read what is there of a request."""
    connection.recv(65536)


def never_answer(connection: socket.socket) -> None:
    """Wait until the client goes away."""
    while connection.recv(65536):
        pass


def hang_up(connection: socket.socket) -> None:
    """Close the connection instead of an answer."""
    read_request(connection)


def speak_another_protocol(connection: socket.socket) -> None:
    """Greet as a mail server does."""
    read_request(connection)
    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")


def stop_in_the_middle(connection: socket.socket) -> None:
    """Send half of what was announced, and close."""
    read_request(connection)
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<Res"
    )


def stall_in_the_middle(connection: socket.socket) -> None:
    """Send half of what was announced, and then nothing more."""
    stop_in_the_middle(connection)
    never_answer(connection)


def send_broken_gzip(connection: socket.socket) -> None:
    """Say that it is compressed when it is not."""
    read_request(connection)
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 11\r\n\r\n<Response/>"
    )


@contextmanager
def refusing() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: nobody else gets the port
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def unreachable() -> Iterator[str]:
    """An address whose connections are never made: its queue is full and nobody empties it."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"


def context_for(
    authority: trustme.CA, name: str = "127.0.0.1", *, expired: bool = False
) -> ssl.SSLContext:
    """What a TLS server presents."""
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificate = authority.issue_cert(name, not_after=yesterday if expired else None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
