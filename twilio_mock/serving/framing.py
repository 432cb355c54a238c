"""Where in a piece of what a client sends its requests end, and what comes behind the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from aiohttp import StreamReader, web
from aiohttp.hdrs import CONTENT_LENGTH
from aiohttp.http import RawRequestMessage

Parsed = tuple[object, StreamReader]
END_OF_HEAD = b"\r\n\r\n"


class Unfinished(NamedTuple):
    """A body that is still to come, and how much of it: `None` for one in chunks."""

    body: StreamReader
    left: int | None


def body_under_way(parsed: Sequence[Parsed], asked: web.BaseRequest | None) -> Unfinished | None:
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


def rest_behind(piece: bytes, before: Unfinished | None, parsed: Iterable[Parsed]) -> bytes:
    """What of a piece comes behind the last request that ends in it: the beginning of a head.

    `before` is the body that was under way when the piece came, `parsed` are the requests whose
    head ended in it. Empty also where it cannot be told, as behind chunks in the middle.
    """
    place, in_chunks = 0, False
    if before is not None:
        if not before.body.is_eof():
            return b""
        place, in_chunks = before.left or 0, before.left is None
    for message, body in parsed:
        end = piece.find(END_OF_HEAD, place)
        if end < 0 or in_chunks or not body.is_eof():
            return b""
        if not isinstance(message, RawRequestMessage) or message.upgrade:
            return b""
        in_chunks = message.chunked
        place = end + len(END_OF_HEAD)
        place += 0 if in_chunks else int(message.headers.get(CONTENT_LENGTH, 0))
    rest = piece[place:]
    # The last chunk, with trailers or without, ends as a head does; no half head has this inside.
    return rest.rpartition(END_OF_HEAD)[2] if in_chunks else rest
