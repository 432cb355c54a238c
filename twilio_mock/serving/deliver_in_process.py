"""A request to an application in this process: ASGI or WSGI, through httpx, without a socket."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

from twilio_mock.state.deliveries import WebhookFailure, WebhookReply, WebhookRequest
from twilio_mock.waiting import real_clock

# An extra: imported when an application is asked.
if TYPE_CHECKING:
    import httpx

logger = logging.getLogger("twilio_mock")
_seconds = real_clock(time)


def is_asgi(application: Any) -> bool:
    """Whether this is an ASGI application: a coroutine function, or an object with one."""
    return inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(
        getattr(application, "__call__", None)  # noqa: B004  # not whether, but which
    )


def is_wsgi(application: Any) -> bool:
    """Whether this can be a WSGI application: something that takes an environ and a function."""
    if not callable(application) or is_asgi(application):
        return False
    try:
        inspect.signature(application).bind({}, None)
    except TypeError:
        return False
    except ValueError:  # it is written in C
        return True
    return True


def needed_httpx() -> ModuleType:
    """httpx; raises `ModuleNotFoundError` that says what to install."""
    try:
        import httpx
    except ImportError as problem:
        advice = "pip install 'twilio-mock[asgi]'"
        message = f"twilio_mock: an application is asked in process through httpx: {advice}"
        raise ModuleNotFoundError(message) from problem
    return httpx


async def send_to_asgi(
    request: WebhookRequest, application: Any, limit: int
) -> WebhookReply | WebhookFailure:
    """Ask an ASGI application."""
    httpx = needed_httpx()
    started = _seconds()
    transport = httpx.ASGITransport(application, client=("127.0.0.1", 0))
    try:
        async with asyncio.timeout(request.total_timeout), transport:
            answer = await transport.handle_async_request(to_httpx(request))
            return reply(answer, await answer.aread(), started, limit)
    except TimeoutError:
        reason = f"no reply within {request.total_timeout:.3g} s"
        return WebhookFailure(11203, reason, _seconds() - started)
    except Exception as problem:
        return crashed(problem, started)


def send_to_wsgi(request: WebhookRequest, application: Any, limit: int) -> WebhookReply:
    """Ask a WSGI application, in the calling thread; it takes as long as it takes."""
    httpx = needed_httpx()
    started = _seconds()
    try:
        with httpx.WSGITransport(application, remote_addr="127.0.0.1") as transport:
            answer = transport.handle_request(to_httpx(request))
            return reply(answer, answer.read(), started, limit)
    except Exception as problem:
        return crashed(problem, started)


def to_httpx(request: WebhookRequest) -> httpx.Request:
    """The same request as httpx's own kind of value."""
    request_class: type[httpx.Request] = needed_httpx().Request
    return request_class(
        request.method, request.url, headers=list(request.headers), content=request.body
    )


def reply(answer: httpx.Response, body: bytes, started: float, limit: int) -> WebhookReply:
    """The same reply as our own kind of value."""
    headers = tuple(answer.headers.multi_items())
    too_large = len(body) > limit
    seconds = _seconds() - started
    return WebhookReply(answer.status_code, headers, body[:limit], seconds, too_large)


def crashed(problem: Exception, started: float) -> WebhookReply:
    """An exception of the application: its server would answer 500, and so does this."""
    logger.error("twilio_mock: the application raised when it was asked", exc_info=problem)
    return WebhookReply(500, seconds=_seconds() - started, exception=problem)
