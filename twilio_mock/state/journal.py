"""The journal: what was asked and what was answered, as plain values."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from twilio_mock.rules import Finding


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    `account_sid` and `caller` are `None` for a request that reached no account, `operation` is
    Twilio's operation id (`None` if the path leads to none), `parameters` are as they were sent,
    without credentials. `duration` is in seconds.
    """

    account_sid: str | None
    caller: str | None
    operation: str | None
    method: str
    path: str
    query: str
    parameters: tuple[tuple[str, str], ...]
    status: int
    error_code: int | None
    findings: tuple[Finding, ...]
    request_id: str
    started: float
    duration: float


class Journal:
    """The last exchanges, oldest first; `dropped` counts those that had to make room."""

    __slots__ = ("dropped", "entries")

    def __init__(self, limit: int) -> None:
        self.entries: deque[Exchange] = deque(maxlen=limit)
        self.dropped = 0

    def clear(self) -> None:
        """Forget all exchanges."""
        self.entries.clear()
        self.dropped = 0

    def add(self, exchange: Exchange) -> None:
        """Write one more exchange down."""
        if len(self.entries) == self.entries.maxlen:
            self.dropped += 1
        self.entries.append(exchange)
