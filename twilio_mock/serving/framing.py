"""Where in what a client sends one thing ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiohttp import StreamReader, web
from aiohttp.hdrs import CONTENT_LENGTH

END_OF_HEAD = b"\r\n\r\n"
LENGTH = rb"(?i)\r\ncontent-length: *(\d{1,9})\r\n"


class Unfinished(NamedTuple):
    """A body that is still to come, and how much of it: `None` for one in chunks."""

    body: StreamReader
    left: int | None


def body_under_way(
    parsed: Sequence[tuple[object, StreamReader]], asked: web.BaseRequest | None
) -> Unfinished | None:
    """The body that comes in now: of the last request parsed, else of the one being answered."""
    if parsed:
        message, body = parsed[-1]
        headers: Mapping[str, str] = getattr(message, "headers", {})
    elif asked is not None:
        headers, body = asked.headers, asked.content
    else:
        return None
    if body.is_eof():
        return None
    length = headers.get(CONTENT_LENGTH)
    return Unfinished(body, None if length is None else int(length) - body.total_bytes)


def end_of_part(said: bytes, before: Unfinished | None, half_head: bytes) -> int:
    """Where the first part of what was said ends: a body, a head, or all that is there.

    A head and its body are one part where nothing follows them: most requests come so. Chunks are
    no part of their own: where they end only the parser knows. `half_head` is the end of what has
    come of a head before.
    """
    if before is not None:
        # (Nothing is left of a body whose end aiohttp's parser keeps to itself for a while.)
        return min(before.left or len(said), len(said))
    found = (half_head + said).find(END_OF_HEAD)
    if found < 0:
        return len(said)
    end = found + len(END_OF_HEAD) - len(half_head)
    length = re.search(LENGTH, said[:end]) if end < len(said) else None
    return len(said) if length and end + int(length[1]) == len(said) else end


def begun_head(part: bytes, before: Unfinished | None) -> bytes:
    """What of a part that completed no head begins one, if anything does."""
    if before is None:
        return part
    if before.left is not None or not before.body.is_eof():
        return b""
    # The last chunk, with trailers or without, ends as a head does; no half head has this inside.
    return part.rpartition(END_OF_HEAD)[2]
