"""Refusals of the control API, as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal: its HTTP status, what is wrong, and where in the request.

    `python` is the exception that the same call raises in Python, if that is not plain.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        where: str = "",
        headers: Mapping[str, str] | None = None,
        python: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.where = where
        self.headers = dict(headers or {})
        self.python = python

    def document(self) -> dict[str, object]:
        """The problem document."""
        document: dict[str, object] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": f"twilio_mock: {self.detail}",
        }
        if self.where:
            document["where"] = self.where
        if self.python:
            document["python"] = self.python
        return document


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "where": {"type": "string", "description": "the path to the value that is wrong"},
        "python": {"type": "string", "description": "the exception that this is in Python"},
    },
    "required": ["type", "title", "status", "detail"],
}
