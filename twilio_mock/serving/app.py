"""From aiohttp to the one door and back: reads a request, sends an answer."""

from __future__ import annotations

from aiohttp import web

from twilio_mock.dispatch import finish, handle, refuse
from twilio_mock.errors import EntityTooLarge, MockRefusal, TwilioError
from twilio_mock.serving.protocol import BodyTooLarge, BodyTooSlow, BodyUnreadable, read_body
from twilio_mock.state import State
from twilio_mock.wire import Request, Response

# aiohttp would name itself and the Python version.
SERVER = "twilio_mock"


class Door:
    """Answers aiohttp's requests out of one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path, query = split_target(request.raw_path)
        try:
            body = await self.read(request) if request.body_exists else b""
        except TwilioError as error:
            return to_aiohttp(refuse(self.state, error, request.method, path))
        response = handle(self.state, Request(request.method, path, query, request.headers, body))
        try:
            answer = to_aiohttp(response)
            await answer.prepare(request)
            await answer.write_eof()
            return answer
        finally:
            finish(self.state, response)

    async def read(self, request: web.BaseRequest) -> bytes:
        """The body of a request; raises a `TwilioError` if it is not to be had."""
        settings = self.state.settings
        try:
            return await read_body(
                request, limit=settings.body_limit, timeout=settings.body_timeout
            )
        except BodyTooLarge as problem:
            raise EntityTooLarge(settings.body_limit) from problem
        except BodyTooSlow as problem:
            message = f"the body did not arrive within {settings.body_timeout:g} s"
            raise MockRefusal(408, message, headers={"Connection": "close"}) from problem
        except BodyUnreadable as problem:
            message = f"the body cannot be read: {problem}"
            raise MockRefusal(400, message, headers={"Connection": "close"}) from problem

    def refuse(self, status: int, reason: str) -> web.Response:
        """Answer what aiohttp's parser refuses."""
        return to_aiohttp(refuse(self.state, MockRefusal(status, reason)))


def split_target(target: str) -> tuple[str, str]:
    """Path and query of a request target, also of one in absolute form (as a proxy gets it)."""
    if not target.startswith("/") and "://" in target:
        target = "/" + target.partition("://")[2].partition("/")[2]
    path, _, query = target.partition("#")[0].partition("?")
    return path, query


def to_aiohttp(response: Response) -> web.Response:
    """The same answer as aiohttp's own kind of value."""
    return web.Response(
        status=response.status,
        headers={**response.headers, "Server": SERVER},
        body=response.body,
    )


def make_app(state: State) -> web.Application:
    """An `aiohttp.web.Application` around a state, to be run by any runner."""
    app = web.Application(client_max_size=state.settings.body_limit)
    app.router.add_route("*", "/{path:.*}", Door(state).answer)
    return app
