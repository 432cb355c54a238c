"""From aiohttp to the one door and back: reads a request, sends an answer."""

from __future__ import annotations

import logging
from functools import partial

from aiohttp import web

from twilio_mock.dispatch import finish, handle, refuse, resume
from twilio_mock.errors import EntityTooLarge, MockRefusal, TwilioError
from twilio_mock.serving.pauses import FrozenLoop, pause_task
from twilio_mock.serving.protocol import BodyTooLarge, BodyTooSlow, BodyUnreadable, read_body
from twilio_mock.serving.sending import end, is_gone, send, to_aiohttp, whole
from twilio_mock.serving.sweeping import Sweeper
from twilio_mock.serving.terms import Answer
from twilio_mock.state import State
from twilio_mock.waiting import Pause
from twilio_mock.wire import Request, Response, Wait, split_target

logger = logging.getLogger("twilio_mock")


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
        outcome = handle(self.state, Request(request.method, path, query, request.headers, body))
        return await self.go_on(outcome, request)

    def answer_at_once(self, request: Request) -> bytes | Answer:
        """Answer a request that is there with its body, if nothing has to be waited for."""
        outcome: Response | Wait | None = None
        try:
            outcome = handle(self.state, request)
            answer = None if isinstance(outcome, Wait) else whole(outcome)
        except Exception as problem:
            if outcome is not None:
                finish(self.state, outcome)
            return partial(raise_it, problem)
        if answer is None:
            return partial(self.go_on, outcome)
        finish(self.state, outcome)
        return answer

    async def go_on(self, outcome: Response | Wait, request: web.BaseRequest) -> web.StreamResponse:
        """Wait for what there is to be waited for, and send the answer."""
        path, _ = split_target(request.raw_path)
        try:
            if isinstance(outcome, Response) and not outcome.ready:
                # Not before they are needed: a server should listen soon.
                from twilio_mock.answers_to_come import Conversing, Streaming

                if isinstance(outcome, Conversing):
                    from twilio_mock.serving.deliver import converse

                    outcome = await converse(outcome)
                if isinstance(outcome, Streaming):
                    from twilio_mock.serving.streaming import stream

                    return await stream(outcome, request)
            while isinstance(outcome, Wait):
                if not await self.wait(outcome.pause, request):
                    return end(request, reset=False)
                outcome = resume(self.state, outcome)
            return await send(self.state, outcome, request)
        except FrozenLoop as problem:
            refusal = MockRefusal(500, problem.reason)
            return to_aiohttp(refuse(self.state, refusal, request.method, path))
        except ConnectionError:
            logger.debug("twilio_mock: %s is gone before its answer", request.remote)
            return end(request, reset=False)
        finally:
            finish(self.state, outcome)

    async def wait(self, pause: Pause, request: web.BaseRequest) -> bool:
        """Wait; whether there is anybody left to go on for.

        A request that was held until somebody let it go ends when its client has given up.
        After a delay it goes on in any case, as it does at Twilio.
        """
        await pause_task(self.state, pause)
        return pause.latch is None or not (pause.latch.given_up or is_gone(request))

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


async def raise_it(problem: Exception, request: web.BaseRequest) -> web.StreamResponse:
    """Raise a problem where the problems of answers are looked after."""
    raise problem


def make_app(state: State) -> web.Application:
    """An `aiohttp.web.Application` around a state, to be run by any runner."""
    app = web.Application(client_max_size=state.settings.body_limit)
    app.router.add_route("*", "/{path:.*}", Door(state).answer)
    app.cleanup_ctx.append(lambda _: Sweeper(state).while_running())

    async def end_streams(_: web.Application) -> None:
        with state.lock:
            state.feed.close()

    app.on_shutdown.append(end_streams)  # a runner would wait for them, up to a minute
    return app
