"""TwilioMock: its two faces, its address, its accounts, and the app for other runners."""

from __future__ import annotations

import http.client
import io
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import TestClient

from tests.asking import basic
from twilio_mock import AccountHandle, TwilioMock, create_app
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

PATH = f"/2010-04-01/Accounts/{DEFAULT_ACCOUNT_SID}/Applications.json"
HEADERS = {"Authorization": basic(DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN)}


def status(url: str) -> int:
    """What a blocking client gets for the default account's list."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", PATH, headers=HEADERS)
        return connection.getresponse().status
    finally:
        connection.close()


async def async_status(url: str) -> int:
    """What an async client gets for it."""
    async with aiohttp.ClientSession() as session, session.get(url + PATH, headers=HEADERS) as got:
        return got.status


def listens(url: str) -> bool:
    """Whether anyone takes a connection there."""
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


def test_with_runs_a_server_on_loopback_and_leaves_nothing_behind() -> None:
    before = threading.enumerate()
    with TwilioMock() as mock:
        assert mock.url.startswith("http://127.0.0.1:")
        assert (mock.running, mock.in_thread) == (True, True)
        url = mock.url
        assert status(url) == 200
    assert (mock.running, mock.in_thread) == (False, False)
    assert not listens(url)
    assert threading.enumerate() == before


async def test_async_with_runs_a_server_in_the_running_loop() -> None:
    before = threading.enumerate()
    async with TwilioMock() as mock:
        assert (mock.running, mock.in_thread) == (True, False)
        url = mock.url
        assert await async_status(url) == 200
        assert threading.enumerate() == before
    assert not mock.running
    assert not listens(url)


async def test_the_blocking_face_can_be_used_beside_a_running_loop() -> None:
    with TwilioMock() as mock:
        assert await async_status(mock.url) == 200


def test_a_mock_that_does_not_run_has_no_url() -> None:
    mock = TwilioMock()
    with pytest.raises(RuntimeError, match="twilio_mock: no server runs; enter the mock"):
        _ = mock.url
    with mock:
        assert mock.url
    with pytest.raises(RuntimeError, match="no server runs"):
        _ = mock.url


async def test_a_mock_runs_once_at_a_time() -> None:
    for mock in (TwilioMock(), TwilioMock()):
        with mock:
            url = mock.url
            with pytest.raises(RuntimeError, match="twilio_mock: this mock is running already"):
                mock.__enter__()
            with pytest.raises(RuntimeError, match="twilio_mock: this mock is running already"):
                await mock.__aenter__()
            assert (mock.url, status(url)) == (url, 200)


def test_a_mock_can_be_entered_again_and_remembers() -> None:
    mock = TwilioMock()
    for count in range(3):
        with mock:
            assert status(mock.url) == 200
            assert len(mock.applications) == count
            mock.applications.create()


async def test_a_mock_can_change_its_face() -> None:
    mock = TwilioMock()
    with mock:
        assert status(mock.url) == 200
    async with mock:
        assert await async_status(mock.url) == 200


async def test_a_taken_port_raises_at_once_and_the_mock_stays_usable() -> None:
    before = threading.enumerate()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        mock = TwilioMock(port=port)
        with pytest.raises(OSError, match=f"twilio_mock cannot listen on 127.0.0.1 port {port}"):
            mock.__enter__()
        with pytest.raises(OSError, match="port 0 takes any free one"):
            await mock.__aenter__()
        assert threading.enumerate() == before
        assert not mock.running
    with mock:
        assert mock.url == f"http://127.0.0.1:{port}"
        assert status(mock.url) == 200


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_raises_and_starts_nothing(port: int) -> None:
    before = threading.enumerate()
    with pytest.raises((ValueError, OverflowError), match="port"), TwilioMock(port=port):
        pass
    assert threading.enumerate() == before


def test_an_exception_in_the_block_comes_out_and_the_server_ends() -> None:
    mock = TwilioMock()
    urls = []

    def block() -> None:
        with mock:
            urls.append(mock.url)
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert not listens(urls[0])
    assert not mock.running


def test_two_mocks_in_one_process_never_meet() -> None:
    with TwilioMock() as one, TwilioMock() as two:
        assert one.url != two.url
        one.applications.create()
        for mock, count in ((one, 1), (two, 0)):
            assert len(mock.account.client().applications.list()) == count
        assert list(one.state.accounts) == list(two.state.accounts) == [DEFAULT_ACCOUNT_SID]
        assert list(two.state.accounts[DEFAULT_ACCOUNT_SID].journal.entries)
        assert one.state.lock is not two.state.lock


def test_further_accounts_are_given_as_a_mapping() -> None:
    further = {f"AC{digit * 32}": f"token{digit}" for digit in "12"}
    mock = TwilioMock(accounts=further)
    assert {each.sid: each.auth_token for each in mock.accounts} == {
        DEFAULT_ACCOUNT_SID: DEFAULT_AUTH_TOKEN,
        **further,
    }
    assert (mock.account.sid, mock.account.auth_token) == (DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN)


@pytest.mark.parametrize(
    "options",
    [
        {"account_sid": "nonsense"},
        {"account_sid": ""},
        {"account_sid": "AP" + "0" * 32},
        {"account_sid": "AC" + "0" * 31},
        {"auth_token": ""},
        {"accounts": {"AC1": "token"}},
        {"accounts": {"AC" + "1" * 32: ""}},
    ],
)
def test_an_account_that_could_not_be_asked_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^twilio_mock: "):
        TwilioMock(**options)


def test_secrets_are_not_shown_in_passing() -> None:
    mock = TwilioMock(auth_token="verysecret")
    for each in (mock, mock.account, mock.accounts, mock.applications, mock.applications.create()):
        assert "verysecret" not in repr(each)


Client = TestClient[Any, Any]
MakeClient = Callable[[Any], Awaitable[Client]]


async def test_the_app_runs_under_aiohttp_s_own_test_client(aiohttp_client: MakeClient) -> None:
    mock = TwilioMock()
    client = await aiohttp_client(create_app(mock))
    form = {"FriendlyName": "Phone Me"}
    async with client.post(PATH, data=form, headers=HEADERS) as answer:
        assert answer.status == 201
        sid = (await answer.json())["sid"]
    assert mock.applications.one(friendly_name="Phone Me").sid == sid
    async with client.get("/nowhere.json", headers=HEADERS) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, 20404)
    async with client.delete(f"{PATH[:-5]}/{sid}.json", headers=HEADERS) as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    async with client.get(PATH) as answer:
        assert answer.status == 401


async def test_the_app_limits_bodies_as_the_server_does(aiohttp_client: MakeClient) -> None:
    client = await aiohttp_client(create_app())
    async with client.post(PATH, data=io.BytesIO(b"x" * 2**21), headers=HEADERS) as answer:
        assert (answer.status, (await answer.json())["code"]) == (413, 20413)


async def test_each_app_without_a_mock_has_one_of_its_own(aiohttp_client: MakeClient) -> None:
    clients = [await aiohttp_client(create_app()) for _ in range(2)]
    async with clients[0].post(PATH, headers=HEADERS) as answer:
        assert answer.status == 201
    async with clients[1].get(PATH, headers=HEADERS) as answer:
        assert (await answer.json())["applications"] == []


def test_a_handle_of_an_account_is_the_same_however_it_was_reached() -> None:
    mock = TwilioMock()
    assert isinstance(mock.account, AccountHandle)
    assert mock.account == mock.accounts[DEFAULT_ACCOUNT_SID]
    assert len({mock.account, mock.accounts[DEFAULT_ACCOUNT_SID]}) == 1
