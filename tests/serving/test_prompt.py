"""The short way of a request: the bytes of the long one, and the same manners."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from freezegun import freeze_time

from tests.asking import FORM, basic
from tests.serving.talking import Host, head
from twilio_mock import Settings, TwilioMock, delay, error, respond, trickle
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.serving.app import Door
from twilio_mock.serving.prompt import PromptConnection

pytestmark = pytest.mark.usefixtures("parser")

TYPE = f"Content-Type: {FORM}"


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """The same date in all answers, and a loop that runs."""
    with freeze_time("2026-03-01 12:00", real_asyncio=True):
        yield


def request(mock: TwilioMock, method: str, rest: str, body: str = "", *lines: str) -> bytes:
    """A request of the account's own."""
    given = basic(mock.sid, mock.auth_token)
    length = [f"Content-Length: {len(body)}", TYPE] if body else []
    target = f"{method} /2010-04-01/Accounts/{mock.sid}/{rest} HTTP/1.1"
    return head(target, f"Authorization: {given}", *length, *lines) + body.encode()


@asynccontextmanager
async def hosted(mock: TwilioMock) -> AsyncIterator[Host]:
    """The server of a mock, with lines to it that are closed at the end."""
    async with mock:
        assert mock._live is not None
        host = Host(mock._live.server)
        yield host
        for line in host.lines:
            line.writer.close()
            await line.writer.wait_closed()


async def said_to(parts: list[bytes], mock: TwilioMock) -> bytes:
    """All that is answered to these requests, one after the other, on one connection."""
    async with hosted(mock) as host:
        line = await host.call()
        for part in parts:
            line.say(part)
            await host.caught_up()
        line.hang_up_half()
        answers = await line.rest()
    return re.sub(rb"(Duration: )\d\.\d+", rb"\1?", answers)


def mock_with_one() -> TwilioMock:
    mock = TwilioMock(seed="any", settings=Settings(body_limit=2000))
    mock.applications.create(friendly_name="Phone Me", voice_url="https://a.example/voice")
    return mock


def sid(mock: TwilioMock) -> str:
    return next(iter(mock.applications)).sid


Part = Callable[[TwilioMock], bytes]
SEEN: dict[str, Part] = {
    "fetch": lambda m: request(m, "GET", f"Applications/{sid(m)}.json"),
    "list": lambda m: request(m, "GET", "Applications.json?PageSize=1"),
    "create": lambda m: request(m, "POST", "Applications.json", "FriendlyName=%C3%A9"),
    "update": lambda m: request(m, "POST", f"Applications/{sid(m)}.json", "SmsMethod=GET"),
    "xml": lambda m: request(m, "GET", f"Applications/{sid(m)}"),
    "csv": lambda m: request(m, "GET", "Applications.csv"),
    "delete": lambda m: request(m, "DELETE", f"Applications/{sid(m)}.json"),
    "head": lambda m: request(m, "HEAD", "Applications.json"),
    "options": lambda m: request(m, "OPTIONS", "Applications.json"),
    "put": lambda m: request(m, "PUT", "Applications.json", "a=b"),
    "of a browser": lambda m: request(m, "GET", "Applications.json", "", "Origin: https://a.b"),
    "refused": lambda m: request(m, "POST", "Applications.json", "VoiceMethod=PUT"),
    "unknown": lambda m: request(m, "GET", "Nothing/At/All.json"),
    "too long": lambda m: request(m, "POST", "Applications.json", "a" * 2001),
    "compressed": lambda m: (
        request(m, "POST", "Applications.json", "x" * len(packed()), "Content-Encoding: deflate")
    ).replace(b"x" * len(packed()), packed()),
    "without credentials": lambda m: head("GET /2010-04-01/Accounts.json HTTP/1.1"),
    "control API": lambda m: head("GET /_twilio_mock/health HTTP/1.1"),
    "odd host": lambda m: request(m, "GET", "Applications.json").replace(b"mock", b"a b"),
    "HTTP/1.0": lambda m: (
        request(m, "GET", "Applications.json", "", "Connection: keep-alive")
    ).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "the last one": lambda m: request(m, "GET", "Applications.json", "", "Connection: close"),
}


def packed() -> bytes:
    """A form without any x."""
    return zlib.compress(b"FriendlyName=small").replace(b"x", b"x")


async def both_ways(
    parts: list[Part], monkeypatch: pytest.MonkeyPatch, *effects: Effect
) -> tuple[bytes, bytes]:
    """What is answered on the short way and on the long one."""
    answers = []
    for short in (True, False):
        mock = mock_with_one()
        for effect in effects:
            mock.fault("FetchApplication", effect)
        with monkeypatch.context() as patch:
            if not short:
                patch.setattr(PromptConnection, "_can_answer", lambda _: False)
            answers.append(await said_to([part(mock) for part in parts], mock))
    return answers[0], answers[1]


@pytest.mark.parametrize("name", SEEN)
async def test_the_bytes_are_those_of_the_long_way(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = await both_ways([SEEN[name]], monkeypatch)
    assert short == long
    assert short.startswith(b"HTTP/1.")


async def test_what_follows_on_the_same_connection_is_answered_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("fetch", "update", "head", "control API", "fetch", "refused", "list", "the last one")
    short, long = await both_ways([SEEN[name] for name in names], monkeypatch)
    assert short == long
    assert short.count(b"HTTP/1.1 ") == len(names)


@pytest.mark.parametrize(
    "effect",
    [
        delay(0),
        error(20503),
        trickle(10_000),
        respond(200, {"a": 1}, headers={"connection": "close", "X-Own": "1"}),
        respond(200, {"a": 1}, headers={"X-Half-A-Pair": "\ud800"}),
        respond(204, ""),
        respond(304, ""),
        respond(599, "odd"),
    ],
    ids=repr,
)
async def test_a_fault_spoils_both_ways_alike(
    effect: Effect, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = await both_ways([SEEN["fetch"], SEEN["list"]], monkeypatch, effect)
    assert short == long


async def test_an_ordinary_request_needs_no_task_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    for name in ("answer", "go_on"):
        monkeypatch.setattr(Door, name, never)
    mock = mock_with_one()
    ordinary = [SEEN[name](mock) for name in ("fetch", "create", "refused", "list", "delete")]
    answers = await said_to(ordinary, mock)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200", b"201", b"400", b"200", b"204"]


async def test_a_failure_on_the_short_way_is_the_500_of_the_long_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("twilio_mock.serving.app.handle", fail)
    mock = mock_with_one()
    answer = await said_to([SEEN["fetch"](mock)], mock)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert "ZeroDivisionError" in mock.state.crashes[0].traceback


async def test_pipelined_requests_and_pieces_are_answered_in_their_order() -> None:
    mock = mock_with_one()
    async with hosted(mock) as host:
        line = await host.call()
        fetch, listing = SEEN["fetch"](mock), SEEN["list"](mock)
        line.say(fetch, listing, fetch[:20])
        first, second = await line.answer(), await line.answer()
        line.say(fetch[20:], listing[:-1])
        third = await line.answer()
        line.say(listing[-1:])
        fourth = await line.answer()
    assert first.json == third.json
    assert second.json == fourth.json
    assert first.json["sid"] == second.json["applications"][0]["sid"]


async def test_a_connection_that_is_used_does_not_count_as_idle() -> None:
    mock = mock_with_one()
    async with hosted(mock) as host:
        line = await host.call()
        assert host.server._web is not None
        [connection] = host.server._web.connections
        assert isinstance(connection, PromptConnection)
        due = []
        for _ in range(2):
            line.say(SEEN["fetch"](mock))
            await line.answer()
            due.append(connection._next_keepalive_close_time)
        assert due[0] < due[1]
        assert connection._head_timer is None


async def test_a_request_with_its_body_is_parsed_at_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []  # bytes
    parse = web.RequestHandler.data_received

    def counted(self: web.RequestHandler, data: bytes) -> None:
        parsed.append(len(data))
        parse(self, data)

    monkeypatch.setattr(web.RequestHandler, "data_received", counted)
    mock = mock_with_one()
    posts = [SEEN["create"](mock), SEEN["update"](mock)]
    assert (await said_to(posts, mock)).count(b"HTTP/1.1 20") == len(posts)
    assert {len(post) for post in posts} <= set(parsed)
