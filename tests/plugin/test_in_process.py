"""With `transport="in_process"` the SDK is answered without a socket."""

from __future__ import annotations

import socket

import httpx
import pytest
import requests
import responses
import respx
from twilio.http import HttpClient
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from twilio_mock import TwilioMock

ELSEWHERE = "https://shop.example/prices"


def clients_sid(mock: TwilioMock) -> str:
    client = Client(mock.account.sid, mock.account.auth_token, region="ie1")
    sid = client.applications.create(friendly_name="Phone Me").sid
    assert sid
    return sid


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    with TwilioMock(transport="in_process") as mock:
        monkeypatch.delattr(socket, "socket")
        assert clients_sid(mock) in mock.applications
        assert mock.account.client().applications.list()


async def test_the_async_sdk_is_answered_too() -> None:
    async with TwilioMock(transport="in_process") as mock:
        transport = AsyncTwilioHttpClient(pool_connections=False)
        client = Client(mock.account.sid, mock.account.auth_token, http_client=transport)
        application = await client.applications.create_async()
        assert application.sid in mock.applications
        assert clients_sid(mock) in mock.applications


def test_it_works_inside_responses() -> None:
    with responses.RequestsMock() as others, TwilioMock(transport="in_process") as mock:
        others.get(ELSEWHERE, json=[1])
        assert clients_sid(mock) in mock.applications
        assert requests.get(ELSEWHERE, timeout=5).json() == [1]


def test_over_the_socket_responses_lets_through_what_it_is_told_to() -> None:
    with TwilioMock() as mock, responses.RequestsMock() as others:
        others.add_passthru(mock.url)
        others.get(ELSEWHERE, json=[1])
        assert clients_sid(mock) in mock.applications
        assert requests.get(ELSEWHERE, timeout=5).json() == [1]


@respx.mock
def test_respx_goes_on_beside_it() -> None:
    respx.get(ELSEWHERE).mock(return_value=httpx.Response(200, json=[1]))
    with TwilioMock() as mock:
        assert clients_sid(mock) in mock.applications
        assert httpx.get(ELSEWHERE).json() == [1]


def test_there_is_no_url() -> None:
    with (
        TwilioMock(transport="in_process") as mock,
        pytest.raises(RuntimeError, match="in_process"),
    ):
        _ = mock.url


def test_a_transport_of_the_users_own_is_told_that_it_needs_a_socket() -> None:
    with TwilioMock(transport="in_process") as mock:
        client = Client(mock.account.sid, "secret", http_client=HttpClient.__new__(HttpClient))
        with pytest.raises(RuntimeError, match="the transport is in_process"):
            client.applications.list()


def test_two_mocks_in_process_are_told_apart() -> None:
    with TwilioMock(transport="in_process") as outer, TwilioMock(transport="in_process") as inner:
        shop = outer.accounts.create()
        client = Client(shop.sid, shop.auth_token)
        assert client.applications.create().sid in shop.applications
        assert clients_sid(inner) in inner.applications


def test_a_mock_cannot_be_entered_twice() -> None:
    with (
        TwilioMock(transport="in_process") as mock,
        pytest.raises(RuntimeError, match="running already"),
    ):
        mock.__enter__()
    assert not hasattr(Client.get_hostname, "__wrapped__")


def test_another_transport_does_not_exist() -> None:
    with pytest.raises(ValueError, match="transport is socket or in_process, not 'pipe'"):
        TwilioMock(transport="pipe")  # type: ignore[arg-type]
