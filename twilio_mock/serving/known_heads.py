"""The header lines that clients say again and again, and what aiohttp's parser made of them.

A client sends with each request the same headers under another request line. What they say is
parsed once; a request that follows is then as good as parsed, if its request line is a plain one.
Nothing is known here but what aiohttp's parser has read, and found ordinary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp.hdrs import CONTENT_LENGTH
from aiohttp.http import RawRequestMessage

from twilio_mock.serving.framing import END_OF_HEAD
from twilio_mock.wire import Request

# A target in origin form (RFC 9112 section 3.2.1) of characters that need no second look.
REQUEST_LINE = re.compile(
    rb"(GET|POST|DELETE) (/[\w\-.~!$&'()*+,;=:@/%]*)(?:\?([\w\-.~!$&'()*+,;=:@/%?]*))? HTTP/1\.1"
)
# How many are remembered, and up to how many bytes of one.
MOST, LONGEST = 64, 2048


class KnownHeads:
    """What the lines below a request line say, by their bytes: those that were learnt last."""

    __slots__ = ("_known", "_line_limit")

    def __init__(self, line_limit: int) -> None:
        self._line_limit = line_limit  # bytes
        self._known: dict[bytes, tuple[Mapping[str, str], int]] = {}

    def read(self, said: bytes) -> Request | None:
        """The one whole request that was said, if its lines are known."""
        line = REQUEST_LINE.match(said)
        if line is None or line.end() > self._line_limit:
            return None
        start = line.end()
        end = said.find(END_OF_HEAD, start) + len(END_OF_HEAD)
        known = self._known.get(said[start:end])
        if known is None or len(said) != end + known[1]:
            return None
        method, path, query = line.groups(b"")
        return Request(method.decode(), path.decode(), query.decode(), known[0], said[end:])

    def learn(self, said: bytes, message: RawRequestMessage) -> None:
        """Remember the lines of an ordinary request: all that was said, and what it was read as."""
        line = REQUEST_LINE.match(said)
        if line is None:
            return
        lines = said[line.end() : said.find(END_OF_HEAD) + len(END_OF_HEAD)]
        length = int(message.headers.get(CONTENT_LENGTH, "0"))
        if len(lines) <= LONGEST and len(said) == line.end() + len(lines) + length:
            self._known[lines] = message.headers, length
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]
