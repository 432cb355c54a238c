"""The program under load, out of files, and told to end in the middle of it."""

from __future__ import annotations

import asyncio
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.asking import basic
from tests.reliability.both_sides import PATIENCE
from tests.reliability.conftest import Tell
from tests.reliability.effort import effort
from tests.reliability.programs import SID, TOKEN, Program, program

HEALTH = b"GET /_twilio_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
CREATE = (
    f"POST /2010-04-01/Accounts/{SID}/Applications.json HTTP/1.1\r\nHost: mock\r\n"
    f"Authorization: {basic(SID, TOKEN)}\r\nContent-Length: 0\r\n\r\n"
).encode()
CLIENTS = 50


class Outcome:
    """What the clients under load have seen."""

    def __init__(self) -> None:
        self.whole = 0
        self.cut = 0
        self.refused = 0


async def hammer(port: int, outcome: Outcome, ready: asyncio.Event, enough: int) -> None:
    """Ask without a pause until the other side ends."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        outcome.refused += 1
        return
    try:
        while True:
            writer.write(CREATE)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith((b"HTTP/1.1 201 ", b"HTTP/1.1 400 ")), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            body = await reader.readexactly(length)
            assert body.endswith(b"}")
            outcome.whole += 1
            if outcome.whole >= enough:
                ready.set()
    except (asyncio.IncompleteReadError, ConnectionError):
        outcome.cut += 1
    finally:
        writer.close()


def test_sigterm_under_load_ends_it_in_time_with_status_0(tmp_path: Path, tell: Tell) -> None:
    tries, answers, longest = effort(1, 20), 0, 0.0
    for _ in range(tries):
        with program(tmp_path, "--quiet") as running:
            outcome, took, status = asyncio.run(load_and_end(running))
        assert status == 0, running.told
        assert outcome.cut + outcome.refused == CLIENTS
        assert "Traceback" not in running.told
        answers, longest = answers + outcome.whole, max(longest, took)
    tell("SIGTERM under load", f"{tries} times; {answers:,} whole answers, none broken")
    tell("longest from SIGTERM to the end", f"{longest:.2f} s")


async def load_and_end(running: Program) -> tuple[Outcome, float, int]:
    """Hammer it, and end it in the middle: what was seen, how long it took, its exit status."""
    outcome, ready = Outcome(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(hammer(running.port, outcome, ready, enough=20 * CLIENTS))
        await ready.wait()
        began = monotonic()
        status = await asyncio.to_thread(running.end)
        took = monotonic() - began
    return outcome, took, status


def answer(wire: socket.socket, seconds: float = PATIENCE) -> bytes:
    """What comes within some seconds: nothing is an empty text."""
    ready, _, _ = select.select([wire], [], [], seconds)
    return wire.recv(65536) if ready else b""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes at the end what a test has opened."""
    with ExitStack() as opened:
        yield opened


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_without_files_left_it_waits_quietly_and_then_accepts_again(
    tmp_path: Path, stack: ExitStack, tell: Tell
) -> None:
    rounds = effort(1, 10)
    with program(tmp_path, files=64) as running:
        kept = stack.enter_context(connected(running))
        assert asked(kept).startswith(b"HTTP/1.1 200 ")
        for _ in range(rounds):
            crowd = [stack.enter_context(connected(running)) for _ in range(100)]
            crowd[-1].sendall(HEALTH)
            used = running.processor_seconds
            assert answer(crowd[-1], 2.0) == b"", "there were files left for it"
            used = running.processor_seconds - used
            assert used < 0.5, f"it used {used} s of a processor in two seconds"
            assert asked(kept).startswith(b"HTTP/1.1 200 ")  # who is in is not hurt
            for wire in crowd[:-1]:
                wire.close()
            assert answer(crowd[-1]).startswith(b"HTTP/1.1 200 ")  # nothing is lost
            crowd[-1].close()
        with connected(running) as new:
            assert asked(new).startswith(b"HTTP/1.1 200 ")
        assert running.end() == 0
        told = running.told
    assert "new connections wait, because this process may open no more files" in told
    assert "Traceback" not in told
    assert len(told.splitlines()) < 20 + 10 * rounds
    tell("times without files left", rounds)


@pytest.mark.skipif(sys.platform != "linux", reason="it has another limit elsewhere")
def test_it_ends_well_while_no_files_are_left(tmp_path: Path, stack: ExitStack) -> None:
    with program(tmp_path, files=64) as running:
        crowd = [stack.enter_context(connected(running)) for _ in range(100)]
        crowd[-1].sendall(HEALTH)
        assert answer(crowd[-1], 0.3) == b""
        assert running.end() == 0
        assert "Traceback" not in running.told


def connected(running: Program) -> socket.socket:
    """A connection, which its queue takes also while nobody accepts it."""
    return socket.create_connection(("127.0.0.1", running.port), PATIENCE)


def asked(wire: socket.socket) -> bytes:
    """Whether it is well."""
    wire.sendall(HEALTH)
    return answer(wire)
