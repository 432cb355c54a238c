"""What goes in and what comes out: a request and a response as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Request:
    """One HTTP request, read to its end, as the rules see it.

    `path` is as it was sent (percent-encoded, without the query), `query` is the raw text after
    the question mark, and `headers` must look names up without regard to case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Response:
    """One HTTP answer: what is to be sent, and to whom its end is to be reported.

    `account_sid` names the account whose request this answers, `None` when it reached none.
    Whoever sends the answer reports its end with `dispatch.finish`.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    account_sid: str | None = None
