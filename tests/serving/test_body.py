"""Bodies are read within their limits, and what is wrong with one is said."""

from __future__ import annotations

import asyncio
import gzip
import logging
import tracemalloc
import zlib

import pytest
from aiohttp import web

from tests.serving.talking import BODY_LIMIT, GET, PATIENCE, Gate, Line, echo, head, hosting, post
from twilio_mock.serving import body as body_module
from twilio_mock.serving.protocol import BodyTooLarge

pytestmark = pytest.mark.usefixtures("parser", "quiet")

FORM = b"FriendlyName=Phone+Me&VoiceUrl=https%3A%2F%2Fme.example%2Fvoice"
CHUNKED = head("POST /form HTTP/1.1", "Transfer-Encoding: chunked")
CHUNK = b"1000\r\n" + b"a" * 0x1000 + b"\r\n"


def raw_deflate(plain: bytes) -> bytes:
    """A deflate stream without zlib's head and check sum."""
    return zlib.compress(plain)[2:-4]


async def test_a_form_that_came_with_its_head_needs_no_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(body_module, "receive")
    async with hosting() as host:
        assert (await host.ask(post(FORM))).json["body"] == FORM.decode()


async def test_a_form_that_comes_after_its_head_is_waited_for() -> None:
    async with hosting() as host:
        line = await host.call()
        whole = post(FORM)
        for start in range(0, len(whole), 7):
            line.say(whole[start : start + 7])
            await line.writer.drain()
        assert (await line.answer()).json["body"] == FORM.decode()


async def test_a_body_in_chunks_is_put_together() -> None:
    async with hosting() as host:
        answer = await host.ask(CHUNKED, b"3\r\na=b\r\n4;ext=1\r\n&c=d\r\n0\r\nA: trailer\r\n\r\n")
        assert answer.json["body"] == "a=b&c=d"


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(FORM, mtime=0)),
        ("X-GZip", gzip.compress(FORM, mtime=0)),
        ("deflate", zlib.compress(FORM)),
        ("deflate", raw_deflate(FORM)),
        ("identity", FORM),
        ("utf-8", FORM),
    ],
)
async def test_a_compressed_body_is_read_as_what_it_was(coding: str, sent: bytes) -> None:
    async with hosting() as host:
        answer = await host.ask(post(sent, f"Content-Encoding: {coding}"))
        assert answer.json["body"] == FORM.decode()


@pytest.mark.parametrize(
    ("coding", "sent", "reason"),
    [
        ("gzip", FORM, "it is no gzip"),
        ("gzip", gzip.compress(FORM, mtime=0)[:-1], "it does not end where its gzip stream ends"),
        ("gzip", gzip.compress(FORM, mtime=0)[:20], "it does not end where its gzip stream ends"),
        (
            "gzip",
            gzip.compress(FORM, mtime=0) + b"more",
            "it does not end where its gzip stream ends",
        ),
        ("gzip", gzip.compress(FORM, mtime=0)[:-8] + b"\0" * 8, "it is no gzip"),
        ("deflate", b"\xff" + FORM, "it is no deflate"),
        ("deflate", zlib.compress(FORM)[:-1], "it does not end where its deflate stream ends"),
        ("br", FORM, "its Content-Encoding is br; gzip and deflate are understood"),
    ],
)
async def test_a_broken_compression_is_unreadable(coding: str, sent: bytes, reason: str) -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(post(sent, f"Content-Encoding: {coding}"))
        answer = await line.answer()
        assert (answer.status, answer.json) == (400, {"body": reason})
        line.say(GET)  # the body was read to its end, so the connection is fine
        assert (await line.answer()).status == 200


async def test_an_empty_body_with_a_compression_is_empty() -> None:
    async with hosting() as host:
        assert (await host.ask(post(b"", "Content-Encoding: gzip"))).json["body"] == ""


async def test_a_body_is_limited_also_by_what_it_is_decompressed_to() -> None:
    async with hosting() as host:
        fits, bomb = (gzip.compress(b"a" * size) for size in (BODY_LIMIT, BODY_LIMIT + 1))
        assert (await host.ask(post(fits, "Content-Encoding: gzip"))).status == 200
        assert (await host.ask(post(bomb, "Content-Encoding: gzip"))).status == 413


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        body_module.decompressed(bomb, "gzip", BODY_LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * BODY_LIMIT


async def test_a_body_of_the_limit_is_read_and_one_above_is_not() -> None:
    async with hosting() as host:
        assert len((await host.ask(post(b"a" * BODY_LIMIT))).json["body"]) == BODY_LIMIT
        assert (await host.ask(post(b"a" * (BODY_LIMIT + 1)))).status == 413


async def test_a_declared_length_above_the_limit_is_refused_before_the_body_comes() -> None:
    async with hosting() as host:
        answer = await host.ask(head("POST / HTTP/1.1", f"Content-Length: {BODY_LIMIT + 1}"))
        assert (answer.status, answer.headers["connection"]) == (413, "close")


async def test_chunks_without_an_end_are_refused_at_the_limit() -> None:
    async with hosting() as host:
        answer = await host.ask(CHUNKED, *[CHUNK] * 100)
        assert answer.status == 413


async def test_a_client_that_sends_far_too_much_can_read_its_413_and_fills_no_memory() -> None:
    asked = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request)
        return await echo(request)

    async with hosting(answer) as host:
        line = await host.call()
        line.say(post(b"a" * 5_000_000))
        await line.writer.drain()
        assert (await line.answer()).status == 413
        line.hang_up_half()
        assert await line.rest() == b""
    assert asked[0].content.total_bytes < 1_000_000


async def test_a_client_whose_body_nobody_reads_can_read_its_answer() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        # Above this aiohttp reads no more; it has no event for that.
        while request.content.total_bytes <= 2**19:  # noqa: ASYNC110
            await asyncio.sleep(0)
        return web.json_response({}, status=403)

    async with hosting(answer) as host:
        line = await host.call()
        line.say(post(b"a" * 20_000_000))
        await asyncio.wait_for(line.writer.drain(), PATIENCE)
        assert (await line.answer()).status == 403


async def send_for_ever(line: Line) -> None:
    """Send until the server cuts the connection."""
    while True:
        line.say(b"a" * 10_000)
        await line.writer.drain()


async def test_a_client_that_never_stops_sending_is_cut_off() -> None:
    async with hosting(linger_time=0.05) as host:
        line = await host.call()
        line.say(head("POST / HTTP/1.1", f"Content-Length: {10**12}"))
        assert (await line.answer()).status == 413
        with pytest.raises(ConnectionError):
            await send_for_ever(line)


@pytest.mark.parametrize(
    "rest",
    [
        b"zz\r\nabc\r\n",
        b"3\r\nabcde",
        b"3\r\nabc\r\n0\r\nA: " + b"b" * 9000 + b"\r\n\r\n",
        b"3\r\nabc\r\n0\r\n" + b"A: b\r\n" * 300 + b"\r\n",
    ],
)
async def test_chunks_that_break_while_the_body_is_read_make_it_unreadable(rest: bytes) -> None:
    asked = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request)
        line.say(rest)
        return await echo(request)

    async with hosting(answer) as host:
        line = await host.call()
        line.say(CHUNKED, b"1\r\na\r\n")
        answer_ = await line.answer()
        assert answer_.status == 400
        assert answer_.json["body"] == "its chunks or its compression are malformed"
        line.hang_up_half()
        assert await line.rest() == b""
    assert len(asked) == 1


async def test_chunks_that_broke_before_the_client_left_are_still_said_to_be_broken() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(CHUNKED, b"1\r\na\r\n")
        await gate.asked.wait()
        line.say(b"1\r\nb\r\n0\r\nTrailer: ", b"c" * 9000, b"\r\n\r\n")
        line.hang_up_half()
        await host.caught_up()
        gate.may_go.set()
        answer = await line.answer()
        assert answer.json["body"] == "its chunks or its compression are malformed"


@pytest.mark.parametrize("before", [b"", GET])
async def test_a_body_that_is_cut_off_is_unreadable(before: bytes) -> None:
    gate = Gate()
    async with hosting(gate.answer, linger_time=60.0) as host:
        for said in (post(FORM)[:-1], CHUNKED + b"3\r\nab"):
            line = await host.call()
            line.say(before, said)
            line.hang_up_half()
            await host.caught_up()
            gate.may_go.set()
            if before:
                assert (await line.answer()).status == 200
            answer = await line.answer()
            assert answer.status == 400
            assert answer.json["body"] == "the client ended it before it was complete"
            assert await line.rest() == b""
        await host.emptied()


async def test_a_client_that_waits_for_leave_to_send_its_body_gets_it() -> None:
    async with hosting() as host:
        line = await host.call()
        whole = post(FORM, "Expect: 100-continue")
        line.say(whole[: -len(FORM)])
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.say(FORM)
        assert (await line.answer()).json["body"] == FORM.decode()


async def test_a_client_that_waits_to_send_far_too_much_gets_its_413_at_once() -> None:
    async with hosting() as host:
        answer = await host.ask(
            head("POST / HTTP/1.1", f"Content-Length: {BODY_LIMIT + 1}", "Expect: 100-continue")
        )
        assert answer.status == 413


async def test_http_1_0_gets_no_interim_answer() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(head("POST / HTTP/1.0", "Content-Length: 3", "Expect: 100-continue"))
        assert (await line.answer()).status == 408


async def test_under_a_foreign_runner_a_body_comes_decompressed_and_is_limited_all_the_same() -> (
    None
):
    foreign = web.Server(echo, logger=logging.getLogger("foreign"))
    listener = await asyncio.get_running_loop().create_server(foreign, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    for sent, status in (
        (gzip.compress(FORM, mtime=0), 200),
        (gzip.compress(b"a" * (BODY_LIMIT + 1), mtime=0), 413),
        (b"\xff" + FORM, 400),
    ):
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        line.say(post(sent, "Content-Encoding: gzip", "Connection: close"))
        assert (await line.answer()).status == status
        line.writer.close()
        await line.writer.wait_closed()
    listener.close()
    await foreign.shutdown(1)
