"""Twilio's own Python SDK, wired to the mock: over the socket, or in process without one."""

from __future__ import annotations

from typing import Any

from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as SdkResponse
from twilio.rest import Client

from twilio_mock.serving.in_process import AsyncInProcessHttpClient, InProcessHttpClient
from twilio_mock.state import State

try:
    from twilio.http.async_http_client import AsyncTwilioHttpClient
except ImportError:  # twilio-python 7 has no async methods
    AsyncTwilioHttpClient = TwilioHttpClient  # type: ignore[misc,assignment]


class AsyncSocketHttpClient(AsyncTwilioHttpClient):
    """The SDK's async transport with a session for each request, so that there is none to close.

    Without a session of its own the SDK's would leave one open whenever a request fails.
    """

    def __init__(self) -> None:
        super().__init__(pool_connections=False)

    async def request(self, *args: Any, **kwargs: Any) -> SdkResponse:  # type: ignore[override]
        """Send one request; the parameters are those of the SDK's transport."""
        async with AsyncTwilioHttpClient() as transport:
            answer: SdkResponse = await transport.request(*args, **kwargs)
            return answer


def wired_client(
    account_sid: str, auth_token: str, state: State, url: str | None, timeout: float | None
) -> Client:
    """The SDK's client for its blocking methods: over the socket at `url`, or in process."""
    if url is None:
        return plain_client(account_sid, auth_token, InProcessHttpClient(state, timeout), None)
    transport = TwilioHttpClient(timeout=timeout)
    # A proxy of the environment would be asked for http://127.0.0.1 too.
    if transport.session is not None:
        transport.session.trust_env = False
    return plain_client(account_sid, auth_token, transport, url)


def wired_async_client(account_sid: str, auth_token: str, state: State, url: str | None) -> Client:
    """The SDK's client for its async methods: over the socket at `url`, or in process."""
    transport = AsyncInProcessHttpClient(state) if url is None else AsyncSocketHttpClient()
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
