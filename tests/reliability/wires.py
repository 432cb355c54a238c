"""A small HTTP client on a bare connection: hundreds of them must leave the server its time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from twilio_mock import AccountHandle


class Answer(NamedTuple):
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One client of one account, on one connection."""

    def __init__(self, account: AccountHandle, url: str) -> None:
        self.root = f"/2010-04-01/Accounts/{account.sid}"
        self.credentials = account.authorization
        self.address = urlsplit(url)
        self.asked = 0

    async def __aenter__(self) -> Wire:
        host, port = self.address.hostname, self.address.port
        self.reader, self.writer = await asyncio.open_connection(host, port, limit=2**24)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    def send(self, method: str, path: str, form: Mapping[str, str] | None = None) -> None:
        """Send a request, and do not wait for its answer."""
        self.post(method, path, urlencode(form).encode() if form is not None else b"")

    def post(self, method: str, path: str, body: bytes) -> None:
        """Send a request with a body as it is."""
        path = path if path.startswith("/") else f"{self.root}/{path}"
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {self.credentials}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        self.asked += 1

    async def receive(self) -> Answer:
        """The next answer."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = await self.reader.readexactly(length)
        return Answer(int(head[9:12]), head, body)

    async def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """Send a request and wait for its answer."""
        self.send(method, path, form)
        return await self.receive()

    async def ask_json(self, path: str, value: object) -> Answer:
        """Ask the control API."""
        self.post("POST", path, json.dumps(value).encode())
        return await self.receive()
