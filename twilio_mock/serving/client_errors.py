"""What the clients under Twilio's SDK raise when a connection fails, as they do over a socket.

requests for the blocking methods (as of 2.34, with urllib3 2), aiohttp (3.14) for the async ones.
"""

from __future__ import annotations

import errno
import os
from http.client import RemoteDisconnected

import aiohttp
from aiohttp.http_exceptions import ContentLengthError
from requests import exceptions
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import IncompleteRead, ProtocolError, ReadTimeoutError

# When a connection ends before the answer, aiohttp sends a request with one of these methods once
# more without a word: RFC 9110 section 9.2.2 calls them idempotent.
ASKED_AGAIN = frozenset(("GET", "HEAD", "OPTIONS", "DELETE"))


def reset_by_peer() -> tuple[int, str]:
    """How the operating system says it."""
    return errno.ECONNRESET, os.strerror(errno.ECONNRESET)


def hung_up(*, reset: bool) -> Exception:
    """The connection was closed, or reset, before an answer came."""
    cause: OSError = ConnectionResetError(*reset_by_peer())
    if not reset:
        cause = RemoteDisconnected("Remote end closed connection without response")
    return exceptions.ConnectionError(ProtocolError("Connection aborted.", cause))


def hung_up_async(*, reset: bool) -> Exception:
    """The connection was closed, or reset, before an answer came."""
    return aiohttp.ClientOSError(*reset_by_peer()) if reset else aiohttp.ServerDisconnectedError()


def cut_short(read: int, length: int) -> Exception:
    """The connection was closed after so many bytes of the body."""
    cause = IncompleteRead(read, length - read)
    return exceptions.ChunkedEncodingError(ProtocolError(f"Connection broken: {cause!r}", cause))


def cut_short_async(read: int, length: int) -> Exception:
    """The connection was closed after so many bytes of the body."""
    cause = ContentLengthError(
        f"Not enough data to satisfy content length header (received {read} of {length} bytes)."
    )
    return aiohttp.ClientPayloadError(f"Response payload is not completed: {cause!r}")


def timed_out(seconds: float, *, in_body: bool = False) -> Exception:
    """The client's time limit is over: before an answer came, or in the middle of its body."""
    pool = HTTPConnectionPool("twilio_mock")
    if in_body:
        return exceptions.ConnectionError(ReadTimeoutError(pool, "", "Read timed out."))
    message = f"Read timed out. (read timeout={seconds})"
    return exceptions.ReadTimeout(ReadTimeoutError(pool, "", message))
