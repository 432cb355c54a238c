"""An endpoint of a user's, as a real server on this machine that answers what a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from twilio_mock.pairs import Pairs

XML = {"Content-Type": "text/xml"}


def say(text: str) -> Answer:
    """An answer with one verb."""
    return Answer(f"<Response><Say>{text}</Say></Response>".encode())


@dataclass(frozen=True)
class Answer:
    body: bytes = b"<Response/>"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: dict(XML))


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def form(self) -> Pairs:
        return tuple(parse_qsl(self.body, keep_blank_values=True))

    @property
    def query(self) -> Pairs:
        return tuple(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass
class Endpoint:
    """Where it listens, what it was asked, what it answers by path: the last one for ever."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def at(self, path: str, *answers: Answer) -> str:
        """The URL of a path that gives these answers in turn."""
        self.answers[path] = list(answers or [Answer()])
        return self.url + path

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        answers = self.answers.get(asked.path, [Answer(status=404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def handler_for(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    """What answers the connections of an endpoint."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            answer = endpoint.answer(Asked(self.command, self.path, dict(self.headers), body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


class Server(ThreadingHTTPServer):
    """Serves over TLS if it has a context."""

    daemon_threads = True
    context: ssl.SSLContext | None = None

    def handle_error(self, *_: object) -> None:
        """A client that goes away, or shakes no hand, is what some tests want."""

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.context is not None:
            connection = self.context.wrap_socket(connection, server_side=True)
        return connection, address


@contextmanager
def serving(context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Endpoint]:
    """An endpoint that runs in a thread of its own."""
    endpoint = Endpoint("")
    with Server((host, 0), handler_for(endpoint)) as server:
        server.context = context
        scheme = "http" if context is None else "https"
        endpoint.url = f"{scheme}://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()
