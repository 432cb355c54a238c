"""Bytes on a socket against a whole mock, and proof that it is as it was and still answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tests.asking import FORM, basic
from twilio_mock import Settings, TwilioMock

# Seconds that the mock gives a client, and those after which a test calls it a hang.
LIMIT, PATIENCE = 0.4, 8.0
LIMITS = Settings(header_timeout=LIMIT, body_timeout=LIMIT, answer_timeout=1.0, body_limit=100_000)
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Answer:
    """One HTTP answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def check(self) -> None:
        """It is one that a client can read, and tells of no failure of ours."""
        assert self.status < 500 or self.status == 501, self.body
        kind = self.headers.get("content-type", "")
        if "json" in kind:
            json.loads(self.body)
        elif kind == "application/xml":
            ElementTree.fromstring(self.body)
        else:
            assert kind in ("", "text/csv"), kind
            assert self.body == b"" or kind


def read_answers(said: bytes, *, head: bool = False) -> Iterator[Answer]:
    """The answers in what came on a connection; raises if it is anything else."""
    while said:
        text, end, said = said.partition(END_OF_HEAD)
        assert end, f"half an answer: {text[:200]!r}"
        status_line, *lines = text.decode("latin-1").split("\r\n")
        version, status, *_ = status_line.split(" ")
        assert version in ("HTTP/1.1", "HTTP/1.0")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        length = 0 if head or status == "100" else int(headers.get("content-length", "0"))
        assert len(said) >= length, f"half a body: {said[:200]!r}"
        body, said = said[:length], said[length:]
        if status != "100":
            yield Answer(int(status), headers, body)


class Attacked:
    """A running mock with something to lose, and the connections to it."""

    def __init__(self, mock: TwilioMock) -> None:
        self.mock = mock
        place = urlsplit(mock.url)
        self.place = (place.hostname or "", place.port or 0)
        account = mock.account
        application = account.applications.create(friendly_name="kept")
        account.incoming_phone_numbers.create(
            phone_number="+15005550006", voice_application_sid=application.sid
        )
        account.keys.create()
        account.subaccounts.create().applications.create()
        self.known = application.sid
        self.root = f"/2010-04-01/Accounts/{account.sid}"
        self.authorization = f"Authorization: {basic(account.sid, account.auth_token)}"
        self.export = mock.export()

    def head(self, line: str, *lines: str) -> bytes:
        """The head of a request with the account's credentials."""
        given = [line, "Host: mock", self.authorization, *lines, "", ""]
        return "\r\n".join(given).encode("latin-1")

    def get(self, *lines: str) -> bytes:
        """A good request."""
        return self.head(f"GET {self.root}/Applications.json HTTP/1.1", *lines)

    def post(self, body: bytes, *lines: str) -> bytes:
        """A write."""
        length = f"Content-Length: {len(body)}"
        kind = f"Content-Type: {FORM}"
        start = f"POST {self.root}/Applications/{self.known}.json HTTP/1.1"
        return self.head(start, length, kind, *lines) + body

    def call(self) -> socket.socket:
        """A connection."""
        return socket.create_connection(self.place, timeout=PATIENCE)

    def heard(self, connection: socket.socket) -> bytes:
        """All that comes until the mock ends the connection; `TimeoutError` is a hang."""
        parts = []
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def said(self, pieces: Iterable[bytes], *, hang_up: bool = True) -> bytes:
        """What comes back for these pieces."""
        with self.call() as connection:
            say(connection, pieces, hang_up=hang_up)
            return self.heard(connection)

    def check_unharmed(self) -> None:
        """Nothing is stored that was not, nothing is under way, and a good request is answered."""
        with self.call() as connection:
            connection.sendall(self.get("Connection: close"))
            [answer] = read_answers(self.heard(connection))
        assert answer.status == 200
        assert answer.headers["twilio-concurrent-requests"] == "1"
        assert self.mock.export() == self.export
        assert self.mock.state.crashes == ()
        assert self.mock.account._account.crashes == ()

    @property
    def renamed(self) -> Any:
        """The name of the application that is there."""
        return self.mock.applications[self.known].friendly_name


def say(connection: socket.socket, pieces: Iterable[bytes], *, hang_up: bool) -> None:
    """Send pieces, each on its own, as far as the mock listens."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError):  # it may have closed already
        for piece in pieces:
            connection.sendall(piece)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
