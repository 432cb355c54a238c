"""Calls the control API of a mock that runs elsewhere, and raises what it refuses."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from twilio_mock.control.http.root import ROOT

SECONDS = 30.0  # nothing in the control API takes long
# What the same call raises in Python, by the status of the refusal.
RAISED: Mapping[int, type[Exception]] = {
    400: ValueError,
    401: PermissionError,
    403: PermissionError,
    404: LookupError,
    409: ValueError,
    417: AssertionError,
}


class Unreachable(RuntimeError):
    """Nobody answers where the mock should be, or somebody who is no mock."""


class ControlCaller:
    """Calls one control API, at the URL of its server; each call has a connection of its own.

    Raises `Unreachable`, and for a refusal what the same call raises in Python: `LookupError`,
    `ValueError`, `TypeError`, `PermissionError` for a token that is missing or wrong.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._token = token

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The value that is answered, `None` for an answer without one."""
        __tracebackhide__ = True
        sent = None if body is None else json.dumps(body, default=as_text).encode()
        problem = None
        # Whatever goes wrong in there (pytest-socket has an error of its own): its traceback
        # holds the headers, and with them the token, so it ends here.
        try:
            status, kind, answer = self._ask(method, path, sent)
        except Exception as failure:
            problem = f"{type(failure).__name__}: {failure}"
        if problem is not None:
            raise Unreachable(f"twilio_mock: no mock can be reached at {self.url} ({problem})")
        value = read(kind, answer)
        if status < 300 and (value is not None or status == 204):
            return value
        if not isinstance(value, dict) or "detail" not in value:
            raise Unreachable(
                f"twilio_mock: what answers at {self.url} is no twilio_mock: {status} {kind}"
            )
        raised = TypeError if value.get("python") == "TypeError" else RAISED.get(status)
        raise (raised or RuntimeError)(value["detail"])

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, str, bytes]:
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=SECONDS)
        try:
            connection.request(method, f"{parts.path}{ROOT}{path}", body, self._headers())
            response = connection.getresponse()
            return response.status, response.headers.get("Content-Type", ""), response.read()
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    def __repr__(self) -> str:
        return f"<control API at {self.url}>"


def read(kind: str, body: bytes) -> Any:
    """The JSON value of an answer, `None` if it has none."""
    if "json" not in kind:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def as_text(value: object) -> str:
    """What JSON has no word for."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise ValueError(f"twilio_mock: {value!r} cannot be sent to a mock in another process")
