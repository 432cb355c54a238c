"""The journal of an account: its last exchanges, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from twilio_mock.state.exchanges import Exchange, Line, read_line, without_body
from twilio_mock.state.feed import Feed

SIZE: Final = 2  # where a line says its size
ACCOUNT_SID: Final = Exchange._fields.index("account_sid")
REQUEST_ID: Final = Exchange._fields.index("request_id")


class Journal:
    """The last exchanges, oldest first: at most `limit` of them, and at most `max_bytes`.

    `dropped` counts those that had to make room, `bytes` is what the others count for. Each of
    `watchers` is called, under the state's lock, when an exchange was added; it must not wait.
    `feed` is told of it too, if somebody listens there. A journal that is kept elsewhere calls
    nobody: who waits looks again every `interval` seconds.
    """

    interval: float | None = None

    __slots__ = ("bytes", "dropped", "feed", "limit", "lines", "max_bytes", "watchers")

    def __init__(self, limit: int, max_bytes: int, feed: Feed) -> None:
        self.feed = feed
        self.limit = limit
        self.max_bytes = max_bytes
        self.lines: deque[Line] = deque()
        self.bytes = 0
        self.dropped = 0
        self.watchers: list[Callable[[], None]] = []

    @property
    def last(self) -> int:
        """The number of the last exchange, counted from the first that there ever was."""
        return self.dropped + len(self.lines)

    def add(self, line: Line) -> None:
        """Note one more exchange; of one that is too large alone the body is left out."""
        if line[SIZE] > self.max_bytes:
            line = without_body(line)
        self.lines.append(line)
        self.bytes += line[SIZE]
        while len(self.lines) > self.limit or self.bytes > self.max_bytes:
            self.bytes -= self.lines.popleft()[SIZE]
            self.dropped += 1
        for watcher in self.watchers:
            watcher()
        if self.feed.active:
            values = line[0]
            self.feed.tell("request", values[ACCOUNT_SID], self.last, values[REQUEST_ID])

    def find(self, place: int, request_id: str) -> Line | None:
        """The line of an exchange by its number, counted from the first that was ever added."""
        index = place - self.dropped - 1
        if not 0 <= index < len(self.lines):
            return None
        line = self.lines[index]
        return line if line[0][REQUEST_ID] == request_id else None

    def clear(self) -> None:
        """Forget all exchanges, and that any were dropped."""
        self.lines.clear()
        self.bytes = self.dropped = 0

    @property
    def entries(self) -> list[Exchange]:
        """The exchanges, without secrets; to be read under the state's lock."""
        return [read_line(line) for line in self.lines]
