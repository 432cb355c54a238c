"""A listener of the mock's events, as any program is one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

STREAM = {"Accept": "text/event-stream"}


@dataclass
class Told:
    """One event: its kind, its id if it has one, and what it says."""

    event: str
    id: str | None
    data: Any


@dataclass
class Listener:
    """A stream that is being read."""

    answer: aiohttp.ClientResponse
    comments: list[str] = field(default_factory=list)

    async def next(self) -> Told:
        """The next event; raises `EOFError` at the end of the stream."""
        said: dict[str, str] = {}
        while line := (await self.answer.content.readline()).decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n" and said:
                return Told(said["event"], said.get("id"), json.loads(said["data"]))
            if name:
                said[name] = value
            elif value:
                self.comments.append(value)
        raise EOFError

    async def some(self, count: int) -> list[Told]:
        """The next events."""
        return [await self.next() for _ in range(count)]


@asynccontextmanager
async def listening(
    url: str, headers: Mapping[str, str] | None = None, limit: int = 2**16
) -> AsyncIterator[Listener]:
    """Listen to the mock at a URL."""
    timeout = aiohttp.ClientTimeout(sock_read=10)
    async with aiohttp.ClientSession(timeout=timeout, read_bufsize=limit) as session:
        answer = await session.get(
            f"{url}/_twilio_mock/events", headers={**STREAM, **(headers or {})}
        )
        try:
            yield Listener(answer)
        finally:
            answer.close()
