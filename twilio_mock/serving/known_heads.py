"""The header lines that clients say again and again, and what aiohttp's parser made of them.

A client sends with each request the same headers under another request line. What they say is
parsed once; a request that follows is then as good as parsed, if its request line is a plain one.
Nothing is known here but what aiohttp's parser has read, and found ordinary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from aiohttp.hdrs import CONTENT_LENGTH
from aiohttp.http import RawRequestMessage

from twilio_mock.serving.framing import END_OF_HEAD
from twilio_mock.wire import Request

# A target in origin form (RFC 9112 section 3.2.1) of characters that need no second look.
REQUEST_LINE = re.compile(
    rb"(GET|POST|DELETE) (/[\w\-.~!$&'()*+,;=:@/%]*)(?:\?([\w\-.~!$&'()*+,;=:@/%?]*))? HTTP/1\.1"
)
END_OF_LINE = b"\r\n"
# How many are remembered, and up to how many bytes of one, and of the request line before it.
MOST, LONGEST = 64, 2048


@lru_cache(maxsize=256)  # these are said again, too
def read_request_line(line: bytes) -> tuple[str, str, str] | None:
    """Method, path and query of a plain request line; `None` for any other."""
    plain = REQUEST_LINE.fullmatch(line)
    if plain is None:
        return None
    method, path, query = plain.groups(b"")
    return method.decode(), path.decode(), query.decode()


class KnownHeads:
    """What the lines below a request line say, by their bytes: those that were learnt last."""

    __slots__ = ("_known", "_longest")

    def __init__(self, line_limit: int) -> None:
        self._longest = min(line_limit, LONGEST)  # bytes of a request line
        self._known: dict[bytes, tuple[Mapping[str, str], int]] = {}

    def read(self, said: bytes) -> Request | None:
        """The one whole request that was said, if its lines are known."""
        start = said.find(END_OF_LINE)
        end = said.find(END_OF_HEAD, start) + len(END_OF_HEAD)
        known = self._known.get(said[start:end])
        if known is None or len(said) != end + known[1] or start > self._longest:
            return None
        line = read_request_line(said[:start])
        return line and Request(*line, known[0], said[end:])

    def learn(self, said: bytes, message: RawRequestMessage) -> None:
        """Remember the lines of an ordinary request: all that was said, and what it was read as."""
        start = said.find(END_OF_LINE)
        if read_request_line(said[: min(start, LONGEST)]) is None:
            return
        lines = said[start : said.find(END_OF_HEAD) + len(END_OF_HEAD)]
        length = int(message.headers.get(CONTENT_LENGTH, "0"))
        if len(lines) <= LONGEST and len(said) == start + len(lines) + length:
            self._known[lines] = message.headers, length
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]
