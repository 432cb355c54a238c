"""The end of a body that will never be complete."""

from __future__ import annotations

from aiohttp import StreamReader, web


def fail_broken(body: StreamReader) -> None:
    """Fail a body, if it is unfinished, behind which something has been parsed already.

    That can only be an error in its chunks, which aiohttp's C parser does not tell the body.
    """
    fail(body, web.RequestPayloadError())


def fail(body: StreamReader, problem: Exception) -> None:
    """Raise a problem for whoever reads a body, unless it is complete or has one."""
    if not body.is_eof() and body.exception() is None:
        body.set_exception(problem)
