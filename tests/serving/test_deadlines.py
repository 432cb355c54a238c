"""Whoever sends slowly, or nothing, is ended in time."""

from __future__ import annotations

import asyncio

import pytest

from tests.serving.talking import GET, HEADER_TIMEOUT, Gate, Line, head, hosting, post

pytestmark = pytest.mark.usefixtures("parser", "quiet")

HEAD = head("POST /form HTTP/1.1", "Content-Length: 3", "Authorization: Basic YTpi")


async def test_half_a_head_is_answered_with_408_wherever_it_ends() -> None:
    async with hosting() as host:
        lines = []
        for end in range(1, len(HEAD)):
            line = await host.call()
            line.say(HEAD[:end])
            lines.append(line)
        answers = [await line.answer() for line in lines]
        assert [answer.status for answer in answers] == [408] * len(lines)
        assert answers[0].json == {"refused": f"the head did not arrive within {HEADER_TIMEOUT} s"}
        for line in lines:
            line.hang_up_half()
            assert await line.rest() == b""


async def test_a_connection_without_a_request_is_closed_without_an_answer() -> None:
    async with hosting() as host:
        line = await host.call()
        assert await line.rest() == b""


async def test_half_a_head_on_a_kept_connection_is_answered_with_408() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(GET)
        assert (await line.answer()).status == 200
        line.say(GET[:-1])
        assert (await line.answer()).status == 408


async def trickle(line: Line) -> None:
    """Send a head byte by byte, faster than the deadline but never to its end."""
    line.say(b"GET / HTTP/1.1\r\nHost: mock\r\nA: ")
    while not line.reader.at_eof():
        line.say(b"b")
        await asyncio.sleep(HEADER_TIMEOUT / 20)


CHUNKS = head("POST /form HTTP/1.1", "Transfer-Encoding: chunked") + b"3\r\na=b\r\n0\r\n"
WHOLE = [GET, GET * 2, post(b"a=b&c=\r\n\r\nd"), CHUNKS + b"\r\n", CHUNKS + b"A: b\r\n\r\n"]


@pytest.mark.parametrize("cut", [0, 1, 7])
async def test_half_a_head_that_comes_with_the_end_of_a_request_is_ended_in_time(cut: int) -> None:
    halves = [b"G", GET[:-1], b"\r\nGET / HTTP/1.1\r\n"]
    # Longer than a busy machine takes to say both parts on all lines.
    async with hosting(header_timeout=3 * HEADER_TIMEOUT) as host:
        lines = [(await host.call(), asked, half) for asked in WHOLE for half in halves]
        for line, asked, half in lines:
            line.say(asked[: len(asked) - cut] if cut else asked + half)
        if cut:
            await host.caught_up()
            for line, asked, half in lines:
                line.say(asked[-cut:] + half)
        for line, asked, _ in lines:
            for _ in range(asked.count(b"HTTP/1.1")):
                assert (await line.answer()).status == 200
            assert (await line.answer()).status == 408


@pytest.mark.parametrize("behind", [b"", b"\r\n", b"\r\n\r\n\r\n"])
async def test_what_comes_with_the_end_of_a_request_and_is_none_is_no_half_head(
    behind: bytes,
) -> None:
    chunks = head("POST /form HTTP/1.1", "Transfer-Encoding: chunked")
    said = [GET, post(b"a\r\n\r\nb"), chunks + b"7\r\n0\r\n\r\nGE\r\n0\r\n\r\n"]
    async with hosting() as host:
        lines = [await host.call() for _ in said]
        for line, asked in zip(lines, said, strict=True):
            line.say(asked, behind)
            assert (await line.answer()).status == 200
        await asyncio.sleep(1.3 * HEADER_TIMEOUT)  # not for something to happen: for nothing
        for line in lines:
            line.say(GET)
            assert (await line.answer()).json["target"] == "/one"


async def test_a_head_that_trickles_is_ended_in_the_same_time() -> None:
    async with hosting() as host:
        line = await host.call()
        trickling = asyncio.create_task(trickle(line))
        assert (await line.answer()).status == 408
        assert await line.rest() == b""
        await trickling


async def test_half_a_head_behind_a_slow_answer_waits_for_it_and_then_is_ended() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET)
        await gate.asked.wait()
        line.say(GET[:-1])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(line.reader.read(1), 1.3 * HEADER_TIMEOUT)
        gate.may_go.set()
        assert (await line.answer()).status == 200
        assert (await line.answer()).status == 408


async def test_a_head_in_pieces_is_answered_and_its_deadline_forgotten() -> None:
    async with hosting() as host:
        line = await host.call()
        for piece in (GET[:9], GET[9:20], GET[20:]):
            line.say(piece)
            await host.caught_up()
        assert (await line.answer()).json["target"] == "/one"
        await asyncio.sleep(1.3 * HEADER_TIMEOUT)  # not for something to happen: for nothing
        line.say(GET)
        assert (await line.answer()).json["target"] == "/one"
        line.hang_up_half()
        assert await line.rest() == b""


async def test_a_head_that_is_completed_behind_a_slow_answer_has_no_deadline_left() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET)
        await gate.asked.wait()
        for piece in (GET[:9], GET[9:]):
            line.say(piece)
            await host.caught_up()
        await asyncio.sleep(1.3 * HEADER_TIMEOUT)
        gate.may_go.set()
        for _ in range(2):
            assert (await line.answer()).json["target"] == "/one"
        line.say(GET)
        assert (await line.answer()).json["target"] == "/one"


async def test_a_body_in_pieces_is_no_half_head() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        whole = post(b"a=b&c=d")
        for piece in (whole[:-7], whole[-7:-3], whole[-3:]):
            line.say(piece)
            await host.caught_up()
        gate.may_go.set()
        assert (await line.answer()).json["body"] == "a=b&c=d"
        await asyncio.sleep(1.3 * HEADER_TIMEOUT)
        line.say(GET)
        assert (await line.answer()).json["target"] == "/one"


async def test_half_a_head_behind_a_request_that_was_answered_at_once_is_answered_with_408() -> (
    None
):
    at_once = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    async with hosting(at_once=lambda _: at_once) as host:
        for known in (False, True):
            line = await host.call()
            line.say(*[GET] * known)
            for _ in range(known):
                await line.answer()
            line.say(GET, GET[:10])
            assert [(await line.answer()).status for _ in range(2)] == [200, 408]


async def test_empty_lines_between_requests_are_no_half_head() -> None:
    async with hosting(keepalive_timeout=2 * HEADER_TIMEOUT) as host:
        line = await host.call()
        line.say(GET)
        await line.answer()
        line.say(b"\r\n")
        assert await line.rest() == b""  # the end of an idle connection, not a 408


async def test_an_idle_connection_is_closed_after_its_own_time() -> None:
    async with hosting(keepalive_timeout=0.05) as host:
        line = await host.call()
        line.say(GET)
        await line.answer()
        assert await line.rest() == b""


async def test_a_body_that_does_not_arrive_is_answered_in_time_and_the_connection_closed() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(post(b"a=b")[:-1])
        answer = await line.answer()
        assert (answer.status, answer.json) == (408, {"body": "too slow"})
        assert answer.headers["connection"] == "close"
        line.hang_up_half()
        assert await line.rest() == b""


async def test_slow_clients_do_not_hold_up_another() -> None:
    async with hosting(header_timeout=5.0) as host:
        for said in (b"", GET[:-1], post(b"a=b")[:-1]):
            (await host.call()).say(said)
        assert (await host.ask(GET)).status == 200
