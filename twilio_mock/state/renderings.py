"""Renderings: the JSON that records keep of themselves, within bounds."""

from __future__ import annotations

from collections import deque
from typing import Final

from twilio_mock.state.records import Record

# Bytes of JSON that all records of a mock keep together: of about four thousand Applications.
MOST: Final = 4 * 1024 * 1024


class Renderings:
    """The records that keep their JSON: those that were written last."""

    __slots__ = ("bytes", "records")

    def __init__(self) -> None:
        self.records: deque[Record] = deque()
        self.bytes = 0

    def keep(self, record: Record, rendered: bytes) -> bytes:
        """Have a record keep its JSON, and give it; those that were written first lose theirs."""
        record.rendered = rendered
        self.records.append(record)
        self.bytes += len(rendered)
        while self.bytes > MOST:
            oldest = self.records.popleft()
            self.bytes -= len(oldest.rendered or b"")
            oldest.rendered = None
        return rendered
