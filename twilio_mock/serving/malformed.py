"""What is wrong with bytes that never become a request, in words that quote none of them.

A refused request may hold credentials: what aiohttp's exceptions quote of it must reach no log.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aiohttp.hdrs import CONTENT_LENGTH, HOST, TRANSFER_ENCODING
from aiohttp.http import HttpVersion10, HttpVersion11, RawRequestMessage
from aiohttp.http_exceptions import (
    BadHttpMessage,
    BadStatusLine,
    InvalidHeader,
    InvalidURLError,
    LineTooLong,
    TransferEncodingError,
)

# RFC 9110 section 7.2: uri-host [ ":" port ], where the name may be empty.
HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Za-z:.%]+\]|[0-9A-Za-z\-._~!$&'()*+,;=%]*)(?::[0-9]{0,5})?")

LENGTH_DIGITS = 18

# How aiohttp's messages on other protocols begin.
FOREIGN = (
    (
        "Received HTTPS",
        "this port speaks plain HTTP, not HTTPS: use a URL that starts with http://",
    ),
    ("Pause on PRI", "this port speaks HTTP/1.1, not HTTP/2"),
)

REASONS: tuple[tuple[type[BadHttpMessage], str], ...] = (
    (BadStatusLine, "the request line is malformed, or its method or version is unknown"),
    (InvalidURLError, "the target in the request line is malformed"),
    (InvalidHeader, "a header line is malformed"),
    (LineTooLong, "a line of the head is too long"),
    (TransferEncodingError, "the chunks of the body are malformed"),
)


def reason_of(problem: BaseException | None) -> str:
    """What a parser's exception means to the person whose client sent this."""
    if isinstance(problem, BadHttpMessage):
        for sign, reason in FOREIGN:
            if problem.message.startswith(sign):
                return reason
    for kind, reason in REASONS:
        if isinstance(problem, kind):
            return reason
    if type(problem) is BadHttpMessage:
        # The C parser says what is wrong, a colon, and the bytes themselves on further lines.
        return problem.message.partition(":\n")[0]
    return "the request is malformed"


def fault_in(message: RawRequestMessage) -> str | None:
    """What makes a parsed request one that must not be answered, or None if all is well."""
    version = message.version
    if version is not HttpVersion11 and version not in (HttpVersion11, HttpVersion10):
        return f"HTTP/{version.major}.{version.minor} is not spoken here, 1.1 is"
    if not message.path.isascii():
        return "the target in the request line has characters that need percent-encoding"
    length = message.headers.get(CONTENT_LENGTH)
    if length is not None and len(length) > LENGTH_DIGITS:
        # aiohttp's C parser takes the largest 64-bit number for "no body".
        return "the Content-Length is beyond all measure"
    if TRANSFER_ENCODING in message.headers and not is_chunked(message):
        return "the Transfer-Encoding is not understood, chunked is"
    host = message.headers.get(HOST)
    if host is not None and not is_host(host):
        return "the Host header names no host"
    return None


def is_chunked(message: RawRequestMessage) -> bool:
    """Whether the body is in chunks and in nothing else: the Python parser lets more pass."""
    codings = message.headers.getall(TRANSFER_ENCODING)
    return [coding.strip().lower() for coding in codings] == ["chunked"]


@lru_cache(maxsize=64)  # clients say the same one again and again
def is_host(text: str) -> bool:
    """Whether a Host header may say this."""
    return HOST_AND_PORT.fullmatch(text) is not None
