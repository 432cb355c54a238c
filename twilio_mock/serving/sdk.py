"""Twilio's own Python SDK, wired to the mock: over the socket, or in process without one."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from multidict import CIMultiDict
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as SdkResponse
from twilio.rest import Client

from twilio_mock.dispatch import finish, handle
from twilio_mock.state import State
from twilio_mock.wire import Request

try:
    from twilio.http import AsyncHttpClient
    from twilio.http.async_http_client import AsyncTwilioHttpClient
except ImportError:  # twilio-python 7 has no async methods
    AsyncHttpClient = HttpClient  # type: ignore[misc,assignment]

logger = logging.getLogger("twilio_mock")
Ask = Callable[[Request], SdkResponse]


def pairs(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Names and values as requests sends them: a list repeats its name, `None` is left out."""
    for name, value in values.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            if each is not None:
                yield name, each


def to_request(
    method: str,
    url: str,
    params: Mapping[str, Any] | None,
    data: Mapping[str, Any] | None,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
) -> Request:
    """The request that the SDK's own transport would send."""
    parts = urlsplit(url)
    sent: CIMultiDict[str] = CIMultiDict(headers or {})
    if auth is not None:
        sent["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
    added = urlencode(list(pairs(params or {})))
    query = "&".join(part for part in (parts.query, added) if part)
    body = urlencode(list(pairs(data or {}))).encode()
    return Request(method.upper(), parts.path, query, sent, body)


def answer_in_process(state: State) -> Ask:
    """The function that answers a request out of a state, in the thread that asks."""

    def ask(request: Request) -> SdkResponse:
        response = handle(state, request)
        finish(state, response)
        return SdkResponse(response.status, response.body.decode(), CIMultiDict(response.headers))

    return ask


class InProcessHttpClient(HttpClient):
    """A transport of the SDK that asks the mock directly, without a socket."""

    answers_in_process = True

    def __init__(self, state: State) -> None:
        self.logger, self.is_async, self.timeout = logger, False, None
        self.ask = answer_in_process(state)

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
        """Answer one request of the SDK."""
        return self.ask(to_request(method, url, params, data, headers, auth))


class AsyncInProcessHttpClient(AsyncHttpClient):
    """The same transport for the SDK's async methods."""

    answers_in_process = True

    def __init__(self, state: State) -> None:
        self.logger, self.is_async, self.timeout = logger, True, None
        self.ask = answer_in_process(state)

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
        """Answer one request of the SDK."""
        return self.ask(to_request(method, url, params, data, headers, auth))


def wired_client(account_sid: str, auth_token: str, state: State, url: str | None) -> Client:
    """The SDK's client for its blocking methods: over the socket at `url`, or in process."""
    if url is None:
        return plain_client(account_sid, auth_token, InProcessHttpClient(state), None)
    transport = TwilioHttpClient()
    # A proxy of the environment would be asked for http://127.0.0.1 too.
    if transport.session is not None:
        transport.session.trust_env = False
    return plain_client(account_sid, auth_token, transport, url)


def wired_async_client(account_sid: str, auth_token: str, state: State, url: str | None) -> Client:
    """The SDK's client for its async methods: over the socket at `url`, or in process.

    Over the socket each request has a session of its own, so that there is none to close.
    """
    transport = (
        AsyncInProcessHttpClient(state)
        if url is None
        else AsyncTwilioHttpClient(pool_connections=False)
    )
    return plain_client(account_sid, auth_token, transport, url)


def plain_client(
    account_sid: str, auth_token: str, transport: HttpClient, url: str | None
) -> Client:
    """A client without edge and region, which would be put into the host of any URL."""
    client = Client(account_sid, auth_token, http_client=transport)
    client.edge = client.region = None
    if url is not None:
        client.api.base_url = url
    return client
