"""Header lines that are known are not parsed again, and mean what the parser would read in them."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from aiohttp import http_parser, web
from aiohttp.http_exceptions import HttpProcessingError
from hypothesis import example, given
from hypothesis import strategies as st

from tests.serving.conftest import PARSERS
from tests.serving.talking import GET, head, hosting, post
from twilio_mock.serving.known_heads import LONGEST, MOST, KnownHeads
from twilio_mock.serving.prompt import is_ordinary
from twilio_mock.wire import Request, split_target

LINE_LIMIT = 8190
AT_ONCE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
POST = post(b"a=b", "Authorization: Basic YTpi")


def parsed(said: bytes, name: str) -> tuple[Request, object] | None:
    """What aiohttp's parser makes of it, if that is one whole request."""
    parser = getattr(http_parser, PARSERS[name])(
        Mock(), Mock(), 2**16, max_line_size=LINE_LIMIT, max_field_size=LINE_LIMIT
    )
    try:
        messages, upgraded, tail = parser.feed_data(said)
    except (HttpProcessingError, ValueError):
        return None
    if len(messages) != 1 or upgraded or tail:
        return None
    message, body = messages[0]
    if not body.is_eof():
        return None
    path, query = split_target(message.path)
    content = body.read_nowait()
    return Request(message.method, path, query, message.headers, content), message


def learnt(*all_said: bytes) -> KnownHeads:
    """The lines of these requests."""
    heads = KnownHeads(LINE_LIMIT)
    for said in all_said:
        found = parsed(said, "C")
        assert found is not None
        heads.learn(said, found[1])  # type: ignore[arg-type]
    return heads


METHODS = (b"GET ", b"POST ", b"DELETE ", b"HEAD ", b"get ")
PATHS = (b"/one", b"/a%41?b=c&d", b"//a:b@c", b"?", b"/" + b"a" * LINE_LIMIT)
ODD_PATHS = (b"/a#b", b"http://a/b", b"*", b"/\xc3\xa9", b"/a b", b'/"<>', b"/[]")
VERSIONS = (b" HTTP/1.1", b" HTTP/1.0", b"  HTTP/1.1", b" HTTP/1.1 ")
ENDS = (b"\r\n", b"\n", b"\r", b"\0", b"\r\n\r\n", b"a=b", b"xyz")
LINES = (b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Connection: close", b"Host: mock")
KNOWN = (GET[GET.index(b"\r\n") :], POST[POST.index(b"\r\n") :])
PIECES = st.sampled_from([*METHODS, *PATHS, *ODD_PATHS, *VERSIONS, *ENDS, *LINES, *KNOWN])
PARTS = (METHODS, (*PATHS, *ODD_PATHS), VERSIONS, KNOWN, (b"", *ENDS))
ALMOST = st.tuples(*[st.sampled_from(part) for part in PARTS])


@pytest.mark.parametrize("name", PARSERS)
@given(st.one_of(ALMOST, st.lists(PIECES, max_size=8)).map(b"".join))
@example(b"DELETE //two?x" + GET[GET.index(b" HTTP") :])
@example(b"GET /two?x" + POST[POST.index(b" HTTP") :])
def test_what_is_known_is_what_the_parser_reads(name: str, said: bytes) -> None:
    heads = learnt(GET, POST)
    known = heads.read(said)
    if known is not None:
        found = parsed(said, name)
        assert found is not None
        assert found[0] == known


@pytest.mark.parametrize(
    "said",
    [GET.replace(b"/one", b"/two?x=%20"), GET.replace(b"GET", b"DELETE"), POST[:-3] + b"xyz"],
)
def test_another_request_line_and_another_body_are_read_by_known_lines(said: bytes) -> None:
    read = learnt(GET, POST).read(said)
    assert read is not None
    assert read == parsed(said, "C")[0]  # type: ignore[index]


@pytest.mark.parametrize(
    "said",
    [
        GET.replace(b"mock", b"mocks"),
        GET + GET,
        GET + b"\r\n",
        GET[:-1],
        POST[:-1],
        POST + b"x",
        GET.replace(b"/one", b"/o#e"),
        GET.replace(b"/one", b"/one?a#b"),
        GET.replace(b"/one", b"/" + b"a" * LINE_LIMIT),
        GET.replace(b"GET", b"HEAD"),
        GET.replace(b"1.1", b"1.0"),
        b"\r\n" + GET,
    ],
)
def test_anything_else_is_left_to_the_parser(said: bytes) -> None:
    assert learnt(GET, POST).read(said) is None


def test_what_stands_behind_an_empty_line_is_not_learnt() -> None:
    # Or a request line of its own would be taken for the first of the headers.
    assert learnt(b"\r\n" + GET).read(b"GET /two HTTP/1.1\r\n" + GET) is None


def test_only_so_many_and_none_that_are_long() -> None:
    several = [head("GET / HTTP/1.1", f"X: {number}") for number in range(MOST + 1)]
    heads = learnt(*several)
    assert [number for number, said in enumerate(several) if not heads.read(said)] == [0]
    long = head("GET / HTTP/1.1", f"X: {'a' * LONGEST}")
    assert learnt(long).read(long) is None


@pytest.mark.usefixtures("parser", "quiet")
async def test_known_lines_are_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[bytes] = []
    parse = web.RequestHandler.data_received

    def noted(self: web.RequestHandler, data: bytes) -> None:
        fed.append(data)
        parse(self, data)

    monkeypatch.setattr(web.RequestHandler, "data_received", noted)
    two = GET.replace(b"/one", b"/two")
    asked: list[str] = []

    def at_once(request: Request) -> bytes:
        asked.append(request.path)
        return AT_ONCE

    async with hosting(at_once=at_once) as host:
        for _ in range(2):  # also on another connection
            line = await host.call()
            for said in (GET, two):
                line.say(said)
                await line.answer()
    assert fed == [GET]
    assert asked == ["/one", "/two"] * 2


@pytest.mark.usefixtures("parser", "quiet")
async def test_lines_that_come_in_pieces_are_parsed_and_not_learnt() -> None:
    asked: list[str] = []

    def at_once(request: Request) -> bytes:
        asked.append(request.path)
        return AT_ONCE

    async with hosting(at_once=at_once) as host:
        line = await host.call()
        inner = GET.replace(b"/one", b"/inner")
        line.say(b"GET /outer HTTP/1.1\r\nX: ")
        await host.caught_up()
        line.say(inner)
        await line.answer()
        assert host.server._web is not None
        assert host.server._web._heads.read(GET) is None  # type: ignore[attr-defined]
    assert asked == ["/outer"]


def test_what_is_not_ordinary_would_not_be_learnt() -> None:
    for line in (
        "Connection: close",
        "Content-Encoding: gzip",
        "Upgrade: a\r\nConnection: upgrade",
    ):
        found = parsed(head("GET / HTTP/1.1", line), "C")
        assert found is None or not is_ordinary(found[1])  # type: ignore[arg-type]
