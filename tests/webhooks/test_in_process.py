"""Deliveries to an application in this process: ASGI and WSGI, without a socket."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from aiohttp import web
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from tests.webhooks.conftest import Face

PUBLIC = "https://me.example"
DOCUMENT = b"<Response><Say>Hello</Say></Response>"
Environ = dict[str, Any]


class WsgiApplication:
    """Answers TwiML to what is well signed, and remembers who called it."""

    def __init__(self, token: str) -> None:
        self.validator = RequestValidator(token)
        self.threads: list[threading.Thread] = []
        self.environ: Environ = {}

    def __call__(self, environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        from urllib.parse import parse_qsl

        self.threads.append(threading.current_thread())
        self.environ = environ
        form = dict(parse_qsl(environ["wsgi.input"].read().decode(), keep_blank_values=True))
        url = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
        good = self.validator.validate(url, form, environ.get("HTTP_X_TWILIO_SIGNATURE", ""))
        start("200 OK" if good else "403 Forbidden", [("Content-Type", "text/xml")])
        return [DOCUMENT]


def asgi_application(token: str, seen: list[Request]) -> Starlette:
    """Answers TwiML to what is well signed."""

    async def voice(request: Request) -> Response:
        seen.append(request)
        sent = request.headers.get("X-Twilio-Signature", "")
        form = {name: str(value) for name, value in (await request.form()).items()}
        good = RequestValidator(token).validate(str(request.url), form, sent)
        return Response(DOCUMENT, 200 if good else 403, media_type="text/xml")

    async def slow(request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    return Starlette(routes=[Route("/voice", voice, methods=["POST"]), Route("/slow", slow)])


def test_an_asgi_application_is_asked_without_a_socket(face: Face) -> None:
    seen: list[Request] = []
    application = asgi_application(face.mock.account.auth_token, seen)
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    delivery = face(lambda: app.incoming_call(deliver_to=application))
    assert delivery.twiml.find("Say").text == "Hello"
    assert str(seen[0].url) == f"{PUBLIC}/voice"
    assert seen[0].client is not None
    assert seen[0].client.host == "127.0.0.1"


def test_a_wsgi_application_is_asked_without_a_socket(face: Face) -> None:
    application = WsgiApplication(face.mock.account.auth_token)
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    face.mock.webhooks.configure(deliver_to=application)
    delivery = face(lambda: app.incoming_call())
    assert delivery.twiml.find("Say").text == "Hello"
    assert application.environ["wsgi.url_scheme"] == "https"
    assert application.environ["REMOTE_ADDR"] == "127.0.0.1"


def test_a_wsgi_application_runs_in_the_thread_of_a_blocking_test(face: Face) -> None:
    application = WsgiApplication(face.mock.account.auth_token)
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    face(lambda: app.incoming_call(deliver_to=application))
    [thread] = application.threads
    assert (thread is threading.current_thread()) is (face.runner is None)


def test_an_asgi_application_that_takes_too_long_times_out(face: Face) -> None:
    application = asgi_application(face.mock.account.auth_token, [])
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/slow", voice_method="GET")
    face.mock.webhooks.configure(total_timeout=0.05, deliver_to=application)
    assert face(lambda: app.incoming_call()).error_code == 11203


def raising_wsgi(environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
    raise ZeroDivisionError("in the view")


async def raising_asgi(
    scope: Environ, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    raise ZeroDivisionError("in the view")


@pytest.mark.parametrize("application", [raising_wsgi, raising_asgi])
def test_an_exception_in_the_application_is_a_500_that_says_which(
    face: Face, application: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    with caplog.at_level(logging.ERROR):
        delivery = face(lambda: app.incoming_call(deliver_to=application))
    [attempt] = delivery.attempts
    assert attempt.error_code == 11217
    assert attempt.reason == "it answered 500, raising ZeroDivisionError: in the view"
    assert attempt.reply is not None
    assert isinstance(attempt.reply.exception, ZeroDivisionError)
    assert "the application raised" in caplog.text
    assert caplog.records[0].exc_info is not None


def test_a_long_answer_is_cut_in_process_too(face: Face) -> None:
    def long(environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response>" + b" " * 65 * 1024 + b"</Response>"]

    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    assert face(lambda: app.incoming_call(deliver_to=long)).error_code == 11750


def test_redirects_and_status_callbacks_go_to_the_application_too(face: Face) -> None:
    paths: list[str] = []

    def application(environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        paths.append(environ["HTTP_HOST"] + environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/voice":
            start("302 Found", [("Location", "https://other.example/new")])
            return []
        start("200 OK", [("Content-Type", "text/xml")])
        return [DOCUMENT]

    app = face.mock.applications.create(
        voice_url=f"{PUBLIC}/voice", status_callback=f"{PUBLIC}/status"
    )
    delivery = face(lambda: app.incoming_call(deliver_to=application))
    face(delivery.hang_up)
    assert paths == ["me.example/voice", "other.example/new", "me.example/status"]


@pytest.mark.parametrize("nothing", [17, web.Application()])
def test_what_is_no_application_is_refused_with_advice(face: Face, nothing: object) -> None:
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    with pytest.raises(TypeError, match=r"no ASGI or WSGI|an ASGI or WSGI"):
        face(lambda: app.incoming_call(deliver_to=nothing))


def test_without_httpx_the_message_says_what_to_install(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'twilio-mock\[asgi\]'"):
        face(lambda: app.incoming_call(deliver_to=raising_wsgi))
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'twilio-mock\[asgi\]'"):
        face(lambda: app.incoming_call(deliver_to=raising_asgi))
