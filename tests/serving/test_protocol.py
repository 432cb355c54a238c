"""HTTP as clients speak it: order, keep-alive, methods, clients that leave, answers that fail."""

from __future__ import annotations

import asyncio
import inspect
import logging

import pytest
from aiohttp import web, web_protocol

from tests.serving.talking import GET, PATIENCE, Gate, echo, head, hosting, post
from twilio_mock.serving.protocol import BodyUnreadable, read_body

pytestmark = pytest.mark.usefixtures("parser")
quiet = pytest.mark.usefixtures("quiet")


def numbered(number: int) -> bytes:
    return head(f"POST /{number} HTTP/1.1", "Content-Length: 3") + b"a=b"


def test_aiohttp_still_keeps_parsed_requests_where_we_look_for_them() -> None:
    source = inspect.getsource(web_protocol.RequestHandler)
    for line in (
        "self._messages.append((msg, payload))",
        "= self._messages.popleft()",
        "self._upgraded = upgraded",
        "self._message_tail += data",
    ):
        assert line in source, "see twilio_mock/serving/connection.py, which reads these"


@quiet
async def test_pipelined_requests_are_answered_in_their_order() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(*[numbered(number) for number in range(100)])
        targets = [(await line.answer()).json["target"] for _ in range(100)]
        assert targets == [f"/{number}" for number in range(100)]


@quiet
async def test_half_a_body_behind_another_request_is_waited_for() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET, numbered(2)[:-1])
        await gate.asked.wait()
        gate.may_go.set()
        assert (await line.answer()).json["target"] == "/one"
        line.say(b"b", GET)
        assert (await line.answer()).json["body"] == "a=b"
        assert (await line.answer()).json["target"] == "/one"


@quiet
async def test_broken_chunks_behind_another_request_are_refused_in_their_turn() -> None:
    gate = Gate()
    known = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        known.append(request.content.exception())
        return await gate.answer(request)

    async with hosting(answer) as host:
        line = await host.call()
        line.say(GET, head("POST /two HTTP/1.1", "Transfer-Encoding: chunked"), b"1\r\na\r\n")
        await gate.asked.wait()
        line.say(b"garbage\r\n")
        await host.caught_up()
        gate.may_go.set()
        assert (await line.answer()).json["target"] == "/one"
        refusal = await line.answer()
        assert (refusal.status, refusal.headers["connection"]) == (400, "close")
        assert refusal.json["body"] == "its chunks or its compression are malformed"
        line.hang_up_half()
        assert await line.rest() == b""
    assert [type(one) for one in known] == [type(None), web.RequestPayloadError]


@quiet
async def test_a_client_that_has_shut_its_side_down_gets_all_its_answers() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(numbered(1), numbered(2), numbered(3))
        line.hang_up_half()
        await gate.asked.wait()
        gate.may_go.set()
        answers = [await line.answer() for _ in range(3)]
        assert [one.json["target"] for one in answers] == ["/1", "/2", "/3"]
        assert ["connection" in one.headers for one in answers] == [False, False, True]
        assert await line.rest() == b""


@quiet
@pytest.mark.parametrize(("said", "status"), [(b"", None), (GET[:-1], 400)])
async def test_a_client_that_has_shut_its_side_down_too_early_is_ended(
    said: bytes, status: int | None
) -> None:
    async with hosting(header_timeout=60.0) as host:
        line = await host.call()
        line.say(said)
        line.hang_up_half()
        if status is not None:
            assert (await line.answer()).status == status
        assert await line.rest() == b""


@quiet
async def test_an_idle_connection_ends_when_the_client_shuts_its_side_down() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(GET)
        await line.answer()
        line.hang_up_half()
        assert await line.rest() == b""


@quiet
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (head("GET / HTTP/1.1"), True),
        (head("GET / HTTP/1.1", "Connection: close"), False),
        (head("GET / HTTP/1.0"), False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (head("GET / HTTP/1.0", "Connection: keep-alive"), True),
    ],
)
async def test_a_connection_is_kept_as_its_version_and_its_headers_say(
    said: bytes, kept: bool
) -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(said)
        answer = await line.answer()
        assert answer.status == 200
        assert said.startswith(f"GET / {answer.version}\r\n".encode())
        if kept:
            line.say(GET)
            assert (await line.answer()).json["target"] == "/one"
        else:
            assert await line.rest() == b""


@quiet
@pytest.mark.parametrize(
    ("request_line", "target"),
    [
        ("GET https://api.twilio.com/x?y=1 HTTP/1.1", "https://api.twilio.com/x?y=1"),
        ("OPTIONS * HTTP/1.1", "*"),
        ("TRACE / HTTP/1.1", "/"),
        ("GET //a:b/%zz HTTP/1.1", "//a:b/%zz"),
        ("DELETE /a/../b#c HTTP/1.1", "/a/../b#c"),
    ],
)
async def test_a_target_reaches_the_answer_as_it_was_sent(request_line: str, target: str) -> None:
    async with hosting() as host:
        assert (await host.ask(head(request_line))).json["target"] == target


@quiet
async def test_head_is_answered_without_a_body() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(head("HEAD / HTTP/1.1"), GET)
        assert int((await line.answer("HEAD")).headers["content-length"]) > 0
        assert (await line.answer()).json["target"] == "/one"


@quiet
async def test_connect_has_no_body_to_wait_for() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = await read_body(request, limit=10, timeout=60.0)
        return web.json_response({"read": len(body)}, status=405)

    async with hosting(answer) as host:
        for target in ("api.twilio.com:443", "/"):
            answer_ = await host.ask(head(f"CONNECT {target} HTTP/1.1"))
            assert (answer_.status, answer_.json) == (405, {"read": 0})


@quiet
async def test_an_answer_that_left_the_body_unread_closes_the_connection() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({})

    async with hosting(answer) as host:
        line = await host.call()
        line.say(post(b"a=b")[:-1])
        assert (await line.answer()).headers["connection"] == "close"
        line.hang_up_half()
        assert await line.rest() == b""


async def noticed(request: web.BaseRequest) -> None:
    """Wait until the server knows that the client has left."""
    async with asyncio.timeout(PATIENCE):
        while request.transport is not None:  # noqa: ASYNC110 (there is no event to wait for)
            await asyncio.sleep(0)


@quiet
async def test_what_a_client_has_asked_for_is_done_although_it_has_left() -> None:
    finished = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        line.reset()
        await noticed(request)
        finished.set()
        response = web.json_response({})
        await response.prepare(request)
        await response.write_eof()  # raises ConnectionError
        raise AssertionError("nobody was there to write to")

    async with hosting(answer) as host:
        line = await host.call()
        line.say(GET)
        await asyncio.wait_for(finished.wait(), PATIENCE)


@quiet
async def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_nobody_waiting() -> None:
    read = asyncio.get_running_loop().create_future()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        line.reset()
        try:
            await read_body(request, limit=10, timeout=60.0)
        except BodyUnreadable as problem:
            read.set_result(str(problem))
        return web.json_response({})

    async with hosting(answer) as host:
        line = await host.call()
        line.say(post(b"a=b")[:-1])
        why = await asyncio.wait_for(read, PATIENCE)
        assert why == "the client ended it before it was complete"


@quiet
async def test_a_client_that_leaves_in_the_middle_of_its_answer_leaves_nothing() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"long": "a" * 20_000_000})

    async with hosting(answer) as host:
        line = await host.call()
        line.say(GET)
        await line.reader.readexactly(1)
        line.reset()
        other = await host.call()
        other.say(head("HEAD / HTTP/1.1"))
        assert (await other.answer("HEAD")).status == 200


@quiet
@pytest.mark.parametrize("sends_itself", [False, True])
async def test_an_answer_may_cut_the_connection_instead(sends_itself: bool) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        response = web.json_response({})
        if sends_itself:
            await response.prepare(request)
            await response.write_eof()
        return response

    async with hosting(answer) as host:
        line = await host.call()
        line.say(GET)
        assert await line.rest() == b""


@pytest.mark.parametrize("problem", [ValueError("a bug"), TimeoutError(), web.HTTPNotFound()])
async def test_an_exception_is_answered_with_500_and_logged_once_with_its_traceback(
    problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/one":
            return await echo(request)
        raise problem

    async with hosting(answer) as host:
        line = await host.call()
        line.say(head("GET /two?a=%0A HTTP/1.1"), GET)
        first = await line.answer()
        assert (first.status, (await line.answer()).status) == (500, 200)
    assert first.json["refused"] == "it failed to answer; the log of twilio_mock has the traceback"
    (record,) = caplog.records
    assert record.getMessage() == "twilio_mock: failed to answer GET '/two'"
    assert record.exc_info
    assert record.exc_info[1] is problem


async def test_an_exception_behind_an_interim_answer_is_answered_all_the_same() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await read_body(request, limit=10, timeout=60.0)
        raise ValueError("a bug")

    async with hosting(answer) as host:
        line = await host.call()
        line.say(head("POST / HTTP/1.1", "Content-Length: 1", "Expect: 100-continue"))
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.say(b"a")
        assert (await line.answer()).status == 500


async def test_half_an_answer_that_failed_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        raise ValueError("a bug")

    async with hosting(answer) as host:
        line = await host.call()
        line.say(GET)
        sent = await line.rest()
        assert sent.endswith(b"4\r\nhalf\r\n")  # neither an end of the chunks nor a second answer
    assert [one.levelno for one in caplog.records] == [logging.ERROR]


async def test_a_refusal_that_fails_closes_the_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(status: int, reason: str) -> web.Response:
        raise ValueError("a bug")

    async with hosting(refuse=refuse) as host:
        line = await host.call()
        line.say(b"garbage\r\n\r\n")
        assert await line.rest() == b""
    assert any(one.exc_info for one in caplog.records)
