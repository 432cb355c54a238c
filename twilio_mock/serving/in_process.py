"""Transports of Twilio's SDK that ask the mock directly, without a socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from aiohttp import ClientOSError, ServerDisconnectedError
from multidict import CIMultiDict
from twilio.http import HttpClient
from twilio.http.response import Response as SdkResponse

from twilio_mock.dispatch import finish, handle, resume
from twilio_mock.rest.authentication import basic
from twilio_mock.serving import client_errors
from twilio_mock.serving.pauses import now, pause_task, pause_thread
from twilio_mock.serving.sending import pieces
from twilio_mock.state import State
from twilio_mock.waiting import Pause
from twilio_mock.wire import USUAL, Request, Response, Wait, split_target

try:
    from twilio.http import AsyncHttpClient
except ImportError:  # twilio-python 7 has no async methods
    AsyncHttpClient = HttpClient  # type: ignore[misc,assignment]

logger = logging.getLogger("twilio_mock")

# The standard library looks at a text letter by letter, and clients say the same few again.
LONGEST_REMEMBERED = 100  # characters
remembered = lru_cache(maxsize=256)(quote_plus)


def form(values: Mapping[str, Any]) -> str:
    """Names and values as requests sends them: a list repeats its name, `None` is left out."""
    return "&".join(
        [
            f"{quoted(name)}={quoted(each)}"
            for name, value in values.items()
            for each in (value if isinstance(value, list | tuple) else (value,))
            if each is not None
        ]
    )


def quoted(value: Any) -> str:
    """A name or a value as `urlencode` writes it."""
    text = value if isinstance(value, str | bytes) else str(value)
    return remembered(text) if len(text) <= LONGEST_REMEMBERED else quote_plus(text)


def to_request(
    method: str,
    url: str,
    params: Mapping[str, Any] | None,
    data: Mapping[str, Any] | None,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
) -> Request:
    """The request that the SDK's own transport would send."""
    path, query = split_target(url)
    sent: CIMultiDict[str] = CIMultiDict(headers or {})
    if auth is not None:
        sent["Authorization"] = basic(*auth)
    if params:
        query = "&".join([part for part in (query, form(params)) if part])
    body = form(data).encode() if data else b""
    return Request(method.upper(), path, query, sent, body)


def to_sdk(response: Response) -> SdkResponse:
    """The same answer as the SDK's own kind of value."""
    return SdkResponse(response.status, response.body.decode(), CIMultiDict(response.headers))


class InProcessHttpClient(HttpClient):
    """A transport of the SDK for its blocking methods; `timeout` is in seconds, as requests'."""

    answers_in_process = True

    def __init__(self, state: State, timeout: float | None = None) -> None:
        self.logger, self.is_async, self.timeout = logger, False, timeout
        self.state = state

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> SdkResponse:
        """Answer one request of the SDK; raises what requests would, see `client_errors`."""
        asked = to_request(method, url, params, data, headers, auth)
        return to_sdk(self.ask(asked, self.timeout if timeout is None else timeout))

    def ask(self, request: Request, timeout: float | None) -> Response:
        """Answer a request in the thread that asks."""
        outcome = handle(self.state, request)
        deadline = None if timeout is None else now() + timeout
        try:
            while isinstance(outcome, Wait):
                self.wait(outcome.pause, timeout, deadline)
                outcome = resume(self.state, outcome)
            if outcome.sending is not USUAL:
                self.receive(outcome, timeout)
            return outcome
        finally:
            finish(self.state, outcome)

    def wait(self, pause: Pause, timeout: float | None, deadline: float | None) -> None:
        """Wait, as long as the client would."""
        left = None if deadline is None else max(0.0, deadline - now())
        if not pause_thread(self.state, pause, left):
            raise client_errors.timed_out(timeout or 0.0)
        if pause.latch is not None and pause.latch.given_up:
            raise client_errors.hung_up(reset=False)

    def receive(self, response: Response, timeout: float | None) -> None:
        """Receive the answer as it would be sent."""
        sending = response.sending
        if sending.silent:
            raise client_errors.hung_up(reset=sending.reset)
        for _, seconds in pieces(response.body, sending):
            if not pause_thread(self.state, Pause("trickle", seconds), timeout):
                raise client_errors.timed_out(timeout or 0.0, in_body=True)
        if sending.length is not None:
            raise client_errors.cut_short(sending.length, len(response.body))


class AsyncInProcessHttpClient(AsyncHttpClient):
    """A transport of the SDK for its async methods."""

    answers_in_process = True

    def __init__(self, state: State) -> None:
        self.logger, self.is_async, self.timeout = logger, True, None
        self.state = state

    async def request(  # type: ignore[override]  # the SDK's own signature
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the SDK passes it
        allow_redirects: bool = False,
    ) -> SdkResponse:
        """Answer one request of the SDK; raises what aiohttp would, see `client_errors`.

        `TimeoutError` is raised after `timeout` seconds, `FrozenLoop` for a wait without end.
        """
        asked = to_request(method, url, params, data, headers, auth)
        async with asyncio.timeout(timeout):
            try:
                return to_sdk(await self.ask(asked))
            except (ClientOSError, ServerDisconnectedError):
                if asked.method not in client_errors.ASKED_AGAIN:
                    raise
                return to_sdk(await self.ask(asked))

    async def ask(self, request: Request) -> Response:
        """Answer a request in the loop that asks."""
        outcome = handle(self.state, request)
        try:
            while isinstance(outcome, Wait):
                await self.wait(outcome.pause)
                outcome = resume(self.state, outcome)
            if outcome.sending is not USUAL:
                await self.receive(outcome)
            return outcome
        finally:
            finish(self.state, outcome)

    async def wait(self, pause: Pause) -> None:
        """Wait for what is to be waited for."""
        await pause_task(self.state, pause)
        if pause.latch is not None and pause.latch.given_up:
            raise client_errors.hung_up_async(reset=False)

    async def receive(self, response: Response) -> None:
        """Receive the answer as it would be sent."""
        sending = response.sending
        if sending.silent:
            raise client_errors.hung_up_async(reset=sending.reset)
        for _, seconds in pieces(response.body, sending):
            await pause_task(self.state, Pause("trickle", seconds))
        if sending.length is not None:
            raise client_errors.cut_short_async(sending.length, len(response.body))
