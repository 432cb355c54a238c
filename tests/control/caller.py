"""A caller of the control API, as any language has one."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple

from twilio_mock import TwilioMock


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    value: Any


class Control:
    """A caller of the control API."""

    def __init__(self, mock: TwilioMock) -> None:
        self.mock = mock
        self.connection = http.client.HTTPConnection(mock.url.removeprefix("http://"))

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        self.connection.request(method, f"/_twilio_mock{path}", sent, headers or {})
        response = self.connection.getresponse()
        text = response.read()
        return Answer(response.status, response.headers, json.loads(text) if text else None)

    @property
    def account(self) -> str:
        return f"/accounts/{self.mock.sid}"
