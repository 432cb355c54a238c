"""Who drives a conversation with the user's endpoints, in the blocking and in the async face.

A conversation is a generator that says what to send; what is coloured stands in this file.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from twilio_mock.answers_to_come import Conversing
from twilio_mock.serving.deliver_http import send_over_http
from twilio_mock.serving.deliver_in_process import (
    is_asgi,
    is_wsgi,
    send_to_asgi,
    send_to_wsgi,
)
from twilio_mock.serving.loop_thread import LoopThread
from twilio_mock.state.deliveries import WebhookRequest
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.conversation import Hold, Outcome, Pause, Talk
from twilio_mock.wire import Response

Send = Callable[[WebhookRequest], Awaitable[Outcome]]


async def drive(talk: Talk[None], settings: WebhookSettings) -> bool:
    """Carry a conversation on in the running loop; gives whether it came to its end.

    `False` says that it is held: drive it again to let it go on.
    """
    send = sender(settings)
    outcome: Outcome | None = None
    try:
        while True:
            step = talk.send(outcome)
            if isinstance(step, Hold):
                return False
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                outcome = None
            else:
                outcome = await send(step)
    except StopIteration:
        return True
    except BaseException:
        talk.close()
        raise


def sender(settings: WebhookSettings) -> Send:
    """What sends one request, as the account's settings have it."""
    application = settings.deliver_to
    if application is None or isinstance(application, str):
        return lambda request: send_over_http(request, settings)
    if is_asgi(application):
        return lambda request: send_to_asgi(request, application, settings.body_limit)
    if is_wsgi(application):
        return lambda request: asyncio.to_thread(
            send_to_wsgi, request, application, settings.body_limit
        )
    raise TypeError(
        f"twilio_mock: deliver_to is a {type(application).__name__}, which is no ASGI or WSGI "
        "application and no URL; an aiohttp application runs on its own test server: pass its URL"
    )


def drive_here(talk: Talk[None], settings: WebhookSettings) -> bool:
    """Carry a conversation with a WSGI application on in the calling thread.

    There is nothing to wait for but the application, and what it keeps per thread, such as
    Django's database connection, is the test's own.
    """
    outcome: Outcome | None = None
    try:
        while True:
            step = talk.send(outcome)
            if isinstance(step, Hold):
                return False
            if isinstance(step, Pause):
                threading.Event().wait(step.seconds)  # real time, whatever a test has frozen
                outcome = None
            else:
                outcome = send_to_wsgi(step, settings.deliver_to, settings.body_limit)
    except StopIteration:
        return True


def drive_blocking(talk: Talk[None], settings: WebhookSettings, thread: LoopThread | None) -> bool:
    """Carry a conversation on and wait for it: in the mock's thread, or in one for just this."""
    if is_wsgi(settings.deliver_to):
        return drive_here(talk, settings)
    if thread is not None:
        return thread.run(drive(talk, settings))
    own = LoopThread()
    own.start()
    try:
        return own.run(drive(talk, settings))
    finally:
        own.stop()


async def converse(begun: Conversing) -> Response:
    """Carry on a conversation that the control API has begun, and answer."""
    assert begun.then is not None  # noqa: S101  # only who has one makes a Conversing
    try:
        outcome: bool | Exception = await drive(begun.talk, begun.settings)
    except Exception as problem:
        outcome = problem
    return begun.then(outcome)


def loop_is_running() -> bool:
    """Whether the calling thread runs an event loop right now."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
