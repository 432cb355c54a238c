"""The mock tells what happens as it happens, loses nothing silently and leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.page.streams import STREAM, listening
from twilio_mock import Settings, TwilioMock, create_app
from twilio_mock.dispatch import handle
from twilio_mock.serving import streaming
from twilio_mock.state.feed import KEPT, LISTENERS_AT_MOST, Feed, Listener
from twilio_mock.wire import Request, Response


@pytest.fixture
async def mock() -> AsyncIterator[TwilioMock]:
    async with TwilioMock(redirect=False) as mock:
        yield mock


def create(mock: TwilioMock, name: str) -> None:
    """Let the SDK create an Application."""
    mock.client().applications.create(friendly_name=name)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when a listener was forgotten."""
    event, leave = asyncio.Event(), Feed.leave

    def noted(feed: Feed, listener: Listener) -> None:
        leave(feed, listener)
        event.set()

    monkeypatch.setattr(Feed, "leave", noted)
    return event


async def test_a_listener_is_greeted_with_what_was_asked_and_told_what_is(mock: TwilioMock) -> None:
    create(mock, "before")
    async with listening(mock.url) as listener:
        hello, before = await listener.some(2)
        assert (hello.event, hello.data["resumed"]) == ("hello", False)
        assert (before.event, before.data["parameters"]) == ("request", "FriendlyName=before")
        create(mock, "now")
        now = await listener.next()
    exchange = mock.requests[-1]
    assert now.data["operation"] == "CreateApplication"
    assert (now.data["number"], now.data["request_id"]) == (2, exchange.request_id)
    assert now.id is not None
    assert now.id.rpartition("-")[0] == hello.data["epoch"]


async def test_requests_of_no_account_are_told_too(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener, aiohttp.ClientSession() as session:
        await listener.next()
        await session.get(f"{mock.url}/2010-04-01/Accounts.json")
        told = await listener.next()
    assert (told.data["account_sid"], told.data["status"]) == (None, 401)


async def test_a_listener_that_comes_back_is_told_what_it_has_missed(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener:
        await listener.next()
        create(mock, "seen")
        seen = await listener.next()
    create(mock, "missed")
    async with listening(mock.url, {"Last-Event-ID": str(seen.id)}) as listener:
        hello, missed = await listener.some(2)
        create(mock, "now")
        now = await listener.next()
    assert hello.data["resumed"]
    assert [missed.data["parameters"], now.data["parameters"]] == [
        "FriendlyName=missed",
        "FriendlyName=now",
    ]


@pytest.mark.parametrize("last", ["", "x", "00000000-1", "{epoch}-99999", "{epoch}-", "{epoch}-²"])
async def test_an_unknown_place_begins_anew(mock: TwilioMock, last: str) -> None:
    create(mock, "before")
    place = last.format(epoch=mock.state.feed.epoch).encode().decode("latin-1")
    async with listening(mock.url, {"Last-Event-ID": place}) as listener:
        hello, before = await listener.some(2)
    assert not hello.data["resumed"]
    assert before.data["parameters"] == "FriendlyName=before"


async def test_deliveries_are_told_of_as_they_go_on(mock: TwilioMock) -> None:
    application = mock.applications.create(voice_url="http://127.0.0.1:9/voice")
    async with listening(mock.url) as listener:
        await listener.next()
        delivery = await application.incoming_call()
        told = await listener.some(3)
    assert [each.data["text"] for each in told] == ["ringing", "asked", "failed"]
    assert {each.data["sid"] for each in told} == {delivery.sid}


async def test_a_listener_that_is_gone_is_forgotten(
    mock: TwilioMock, left: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LOOK_EVERY", 0.02)
    async with listening(mock.url) as listener:
        await listener.next()
        assert len(mock.state.feed.listeners) == 1
    await asyncio.wait_for(left.wait(), 10)
    assert mock.state.feed.listeners == []


async def test_a_quiet_stream_says_that_all_is_well(
    mock: TwilioMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(streaming, "HEARTBEAT_EVERY", 0.02)
    async with listening(mock.url) as listener:
        await listener.next()
        async with asyncio.timeout(10):
            assert await listener.answer.content.readline() == b": nothing happened\n"


async def test_a_stream_ends_when_the_mock_stops_and_another_can_begin() -> None:
    mock = TwilioMock(redirect=False)
    for _ in range(2):
        async with mock, listening(mock.url) as listener:
            await listener.next()
            ending = asyncio.create_task(mock.__aexit__(None, None, None))
            with pytest.raises(EOFError):
                await listener.next()
            await ending
        assert mock.state.feed.listeners == []


async def test_a_foreign_runner_does_not_wait_for_streams() -> None:
    mock = TwilioMock(redirect=False)
    runner = web.AppRunner(create_app(mock), shutdown_timeout=60)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with listening(f"http://127.0.0.1:{runner.addresses[0][1]}") as listener:
        await listener.next()
        async with asyncio.timeout(20):
            await runner.cleanup()
    assert mock.state.feed.listeners == []


async def test_who_is_too_slow_is_told_how_much_was_missed(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener:
        await listener.next()
        # All within one turn of the loop, so that nobody can take any of it.
        for number in range(KEPT + 7):
            create_in_process(mock, number)
        missed, first = await listener.some(2)
    assert (missed.event, missed.data) == ("missed", {"count": 7})
    assert first.data["parameters"] == "FriendlyName=7"


def create_in_process(mock: TwilioMock, number: int) -> None:
    path = f"/2010-04-01/Accounts/{mock.sid}/Applications.json"
    headers = {
        "Authorization": mock.authorization,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    handle(mock.state, Request("POST", path, "", headers, f"FriendlyName={number}".encode()))


async def test_who_takes_nothing_any_more_is_cut(
    mock: TwilioMock, left: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "PATIENCE", 0.05)
    monkeypatch.setattr(streaming, "TICK", 0)
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await loop.sock_connect(client, ("127.0.0.1", int(mock.url.rpartition(":")[2])))
        head = b"GET /_twilio_mock/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        await loop.sock_sendall(client, head + b"Accept: text/event-stream\r\n\r\n")
        async with asyncio.timeout(20):
            while not left.is_set():
                create_in_process(mock, 10**600)
                await asyncio.sleep(0)


def test_nothing_is_kept_while_nobody_listens() -> None:
    feed = Feed()
    assert not feed.active
    listener = feed.listen(lambda: None)
    feed.leave(listener)
    for number in range(KEPT + 1):
        assert feed.active
        feed.tell("request", None, number, "RQ")
    assert (feed.active, len(feed.recent)) == (False, 0)
    before = feed.position
    feed.wake_up()
    assert feed.since(before) is None


async def test_not_more_can_listen_than_there_is_room_for(mock: TwilioMock) -> None:
    feed = mock.state.feed
    listeners = [feed.listen(lambda: None) for _ in range(LISTENERS_AT_MOST)]
    async with listening(mock.url) as refused:
        assert refused.answer.status == 503
    for listener in listeners:
        feed.leave(listener)


async def test_who_asks_for_no_stream_gets_what_there_is(mock: TwilioMock) -> None:
    async def asked(after: str = "") -> Any:
        answer = await session.get(f"{mock.url}/_twilio_mock/events", params={"after": after})
        return await answer.json()

    create(mock, "first")
    async with aiohttp.ClientSession() as session:
        begun = await asked()
        create(mock, "second")
        later = await asked(begun["last"])
    assert [each["event"] for each in begun["events"]] == ["hello", "request"]
    assert [each["data"].get("parameters") for each in later["events"]] == [
        None,
        "FriendlyName=second",
    ]


async def test_the_newest_requests_of_all_accounts_come_in_their_order(mock: TwilioMock) -> None:
    other = mock.accounts.create()
    for number in range(3):
        create(mock, f"a{number}")
        other.client().applications.create(friendly_name=f"b{number}")
    async with listening(mock.url) as listener:
        told = (await listener.some(7))[1:]
    names = [each.data["parameters"].removeprefix("FriendlyName=") for each in told]
    assert names == ["a0", "b0", "a1", "b1", "a2", "b2"]


async def test_what_the_journal_has_dropped_or_an_account_took_along_is_missed() -> None:
    async with TwilioMock(redirect=False, settings=Settings(journal_limit=2)) as mock:
        other = mock.accounts.create()
        async with listening(mock.url) as listener:
            await listener.next()
            for number in range(4):
                create_in_process(mock, number)
            other.client().applications.create()
            mock.accounts.free(other)
            missed, *told = await listener.some(3)
    assert missed.data == {"count": 3}
    assert [each.data["parameters"] for each in told] == ["FriendlyName=2", "FriendlyName=3"]


async def test_no_secret_is_told(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener:
        await listener.next()
        create(mock, f"it is {mock.auth_token}")
        told = await listener.next()
    assert told.data["parameters"] == "FriendlyName=it is ***"


async def test_long_parameters_are_cut(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener:
        await listener.next()
        mock.client().applications.list(friendly_name="a" * 600)
        told = await listener.next()
    assert told.data["parameters"] == "FriendlyName=" + "a" * 487


async def test_a_stream_needs_the_token_and_no_foreign_page() -> None:
    async with TwilioMock(redirect=False, settings=Settings(control_token="s3cret")) as mock:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer s3cret"}, 200),
            ({"Authorization": "Bearer s3cret", "Origin": "http://evil.example"}, 403),
            ({"Authorization": "Bearer s3cret", "Host": "evil.example"}, 403),
        ):
            async with listening(mock.url, headers) as listener:
                assert listener.answer.status == status


def test_in_process_there_is_no_stream() -> None:
    refused = handle(TwilioMock().state, Request("GET", "/_twilio_mock/events", headers=STREAM))
    assert isinstance(refused, Response)
    assert refused.status == 409


async def test_the_head_of_a_stream_is_sent_alone(mock: TwilioMock, left: asyncio.Event) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await session.head(f"{mock.url}/_twilio_mock/events", headers=STREAM)
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
    await asyncio.wait_for(left.wait(), 10)


async def test_what_was_forgotten_meanwhile_is_missed_by_who_comes_back(mock: TwilioMock) -> None:
    async with listening(mock.url) as listener:
        hello = await listener.next()
    create(mock, "forgotten")
    mock.requests.clear()
    create(mock, "kept")
    async with listening(mock.url, {"Last-Event-ID": str(hello.id)}) as listener:
        greeting, missed, kept = await listener.some(3)
    assert greeting.data["resumed"]
    assert (missed.event, missed.data) == ("missed", {"count": 1})
    assert kept.data["parameters"] == "FriendlyName=kept"


async def test_nobody_is_told_while_nobody_listens(
    mock: TwilioMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(Feed, "tell", lambda *happening: told.append(happening))
    application = mock.applications.create(voice_url="http://127.0.0.1:9/voice")
    create(mock, "unheard")
    await application.incoming_call()
    assert told == []
    async with listening(mock.url):
        create(mock, "heard")
    assert len(told) == 1
