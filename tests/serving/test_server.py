"""A server says where it is, and stopping it leaves nothing behind."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web

from tests.serving.talking import GET, PATIENCE, Gate, Line, echo, head, hosting, post, refuse
from twilio_mock.serving.server import Server

pytestmark = pytest.mark.usefixtures("quiet", "nothing_left")


@pytest.fixture
async def nothing_left() -> AsyncIterator[None]:
    """No task and no socket outlives the test."""
    descriptors = len(os.listdir("/dev/fd"))
    yield
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert len(os.listdir("/dev/fd")) == descriptors


async def cut_rest(line: Line) -> bytes:
    """What still comes on a connection that may be reset, if something sent was not read."""
    with suppress(ConnectionError):
        return await line.rest()
    return b""


LONG = 20_000_000


def connected(address: str, port: int) -> socket.socket:
    """A client's socket."""
    return socket.create_connection((address, port), timeout=PATIENCE)


def new_server(host: str = "127.0.0.1", port: int = 0) -> Server:
    return Server(echo, refuse, header_timeout=1.0, host=host, port=port)


async def test_a_server_takes_a_free_port_and_says_where_it_is() -> None:
    server = new_server()
    await server.start()
    assert server.port > 0
    assert (server.host, server.url) == ("127.0.0.1", f"http://127.0.0.1:{server.port}")
    await server.stop()


async def test_an_ipv6_address_stands_in_brackets() -> None:
    server = new_server("::1")
    try:
        await server.start()
    except OSError as problem:
        pytest.skip(f"no IPv6 here: {problem}")
    assert server.url == f"http://[::1]:{server.port}"
    await server.stop()


@pytest.mark.parametrize(
    ("host", "asked"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("localhost", "localhost")]
)
async def test_whoever_listens_everywhere_is_asked_on_loopback(
    host: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    bind = loop.create_server

    async def bind_to_loopback(factory: Any, host: str, port: int) -> asyncio.Server:
        return await bind(factory, "127.0.0.1", port)

    monkeypatch.setattr(loop, "create_server", bind_to_loopback)
    server = new_server(host)
    await server.start()
    assert server.url == f"http://{asked}:{server.port}"
    await server.stop()


async def two_addresses(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
    """What getaddrinfo says of a name such as localhost, if both addresses were IPv4."""
    return [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in ("127.0.0.1", "127.0.0.2")
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is a loopback address on Linux")
async def test_a_name_of_several_addresses_has_the_same_port_on_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two_addresses)
    server = new_server("both.example")
    await server.start()
    for address in ("127.0.0.1", "127.0.0.2"):
        _, writer = await asyncio.open_connection(sock=connected(address, server.port))
        writer.close()
        await writer.wait_closed()
    await server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is a loopback address on Linux")
async def test_a_name_whose_addresses_share_no_free_port_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    bind = loop.create_server

    async def bind_no_given_port(factory: Any, host: str, port: int) -> asyncio.Server:
        if port:
            raise OSError(errno.EADDRINUSE, "taken")
        return await bind(factory, host, port)

    monkeypatch.setattr(loop, "getaddrinfo", two_addresses)
    monkeypatch.setattr(loop, "create_server", bind_no_given_port)
    with pytest.raises(OSError, match=r"both\.example port 0: no port was free on all"):
        await new_server("both.example").start()


async def test_a_taken_port_raises_at_once_and_says_which() -> None:
    async with hosting() as host:
        port = host.server.port
        server = new_server(port=port)
        with pytest.raises(OSError, match="port 0 takes any free one") as caught:
            await server.start()
        assert f"127.0.0.1 port {port}: " in str(caught.value)
        assert caught.value.errno
        with pytest.raises(RuntimeError, match="not running"):
            _ = server.url


async def test_a_host_that_is_none_raises_and_says_which() -> None:
    with pytest.raises(OSError, match=r"cannot listen on no\.such\.invalid port 0"):
        await new_server("no.such.invalid").start()


@pytest.mark.parametrize("port", [-1, 65536])
async def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match=f"{port} is no port"):
        new_server(port=port)


async def test_a_server_is_started_once_at_a_time_and_stopped_as_often_as_one_likes() -> None:
    server = new_server()
    await server.stop()
    for _ in range(20):
        await server.start()
        with pytest.raises(
            RuntimeError, match=f"running already, at http://127.0.0.1:{server.port}"
        ):
            await server.start()
        await server.stop()
        await server.stop()


async def test_stopping_ends_idle_connections_at_once() -> None:
    async with hosting(header_timeout=60.0) as host:
        lines = [await host.call() for _ in range(20)]
        for line in lines[:10]:
            line.say(GET)
            await line.answer()
        lines[0].say(GET[:-1])
        began = time.perf_counter()
        await host.server.stop(grace=PATIENCE)
        assert time.perf_counter() - began < PATIENCE / 2
        for line in lines:
            assert await cut_rest(line) == b""


async def test_stopping_lets_an_answer_that_is_under_way_finish() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET, GET)
        await gate.asked.wait()
        stopping = asyncio.create_task(host.server.stop(grace=PATIENCE))
        await asyncio.sleep(0)
        gate.may_go.set()
        answer = await line.answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await line.rest() == b""
        await stopping


async def long_answer(request: web.BaseRequest) -> web.StreamResponse:
    """An `answer` that no socket's buffers can hold."""
    return web.Response(body=b"a" * LONG)


async def test_stopping_waits_until_a_long_answer_is_read() -> None:
    async with hosting(long_answer) as host:
        line = await host.call()
        line.say(GET)
        await line.reader.readexactly(1)
        stopping = asyncio.create_task(host.server.stop(grace=PATIENCE))
        assert len(await line.rest()) > LONG
        await stopping


async def hang(request: web.BaseRequest) -> web.StreamResponse:
    """An `answer` that never comes."""
    await asyncio.Event().wait()
    raise AssertionError


async def test_stopping_cuts_what_hangs() -> None:
    asked = asyncio.Semaphore(0)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.release()
        try:
            return await hang(request)
        finally:
            await asyncio.sleep(0.005)  # what it has to tidy up

    async with hosting(answer) as host:
        for said in (GET, post(b"a=b")[:-1], GET + GET):
            line = await host.call()
            line.say(said)
            await asyncio.wait_for(asked.acquire(), PATIENCE)
        began = time.perf_counter()
        await host.server.stop()
        assert time.perf_counter() - began < PATIENCE / 2
        assert asyncio.all_tasks() == {asyncio.current_task()}
        for line in host.lines:
            assert await cut_rest(line) == b""


async def test_stopping_does_not_wait_for_what_will_not_be_cancelled() -> None:
    asked: asyncio.Future[asyncio.Task[Any]] = asyncio.get_running_loop().create_future()

    async def stubborn(request: web.BaseRequest) -> web.StreamResponse:
        asked.set_result(request.task)
        with suppress(asyncio.CancelledError):
            await hang(request)
        return await hang(request)

    async with hosting(stubborn) as host:
        line = await host.call()
        line.say(GET)
        task = await asyncio.wait_for(asked, PATIENCE)
        began = time.perf_counter()
        await host.server.stop()
        assert time.perf_counter() - began < PATIENCE / 2
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])


async def test_stopping_cuts_a_client_that_does_not_read_its_answer() -> None:
    async with hosting(long_answer) as host:
        line = await host.call()
        line.say(GET)
        await line.reader.readexactly(1)
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await host.server.stop()
        line.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await cut_rest(line)) < LONG


async def test_stopping_does_not_wait_for_a_client_that_was_refused_while_sending() -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(head("POST / HTTP/1.1", f"Content-Length: {10**12}"))
        assert (await line.answer()).status == 413
        began = time.perf_counter()
        await host.server.stop(grace=PATIENCE)
        assert time.perf_counter() - began < PATIENCE / 2


async def test_a_connection_that_is_accepted_while_the_server_stops_is_closed() -> None:
    server = new_server()
    await server.start()
    # The connection is made in the kernel; the loop has had no chance yet to accept it.
    with connected("127.0.0.1", server.port) as client:
        accepting = asyncio.create_task(asyncio.sleep(0))
        await accepting
        await server.stop()
        await asyncio.sleep(0.01)
        with suppress(ConnectionError):
            assert client.recv(1) == b""


async def test_a_stop_that_is_cancelled_still_cuts() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET)
        await gate.asked.wait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(host.server.stop(grace=PATIENCE), 0.01)
        assert await line.rest() == b""
