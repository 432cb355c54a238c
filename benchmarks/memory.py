"""Memory: idle, and after a hundred thousand Applications that were created over the socket."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from pathlib import Path

from benchmarks import contenders
from benchmarks.figures import Figures
from benchmarks.peers import NotInstalled
from benchmarks.processes import HOST, ServerProcess
from benchmarks.requests_asked import LIST, TEN_PARAMETERS, of_twilio

APPLICATIONS = 100_000
# Requests that are sent before their answers are read.
AT_A_TIME = 20


def create(server: ServerProcess, count: int) -> None:
    """Create so many Applications, each with a name and URLs of its own."""
    with socket.create_connection((HOST, server.port)) as client:
        client.settimeout(60)
        for first in range(0, count, AT_A_TIME):
            client.sendall(b"".join(one(number) for number in range(first, first + AT_A_TIME)))
            receive(client, AT_A_TIME)


def one(number: int) -> bytes:
    """The request that creates one of them."""
    values = {
        name: f"{value}-{number}" if len(value) > 4 else value
        for name, value in TEN_PARAMETERS.items()
    }
    return of_twilio("POST", LIST, values).to_bytes()


def receive(client: socket.socket, answers: int) -> None:
    """Read so many answers; raises `RuntimeError` if they are no success."""
    received, wanted = b"", b"HTTP/1.1 201 Created\r\n"
    while received.count(wanted) < answers or not received.endswith(b"}"):
        piece = client.recv(1 << 20)
        if not piece or b"HTTP/1.1 4" in piece:
            raise RuntimeError(f"the answers ended with {received[-500:] + piece[:500]!r}")
        received += piece


def measure(folder: Path) -> Figures:
    """Resident memory in MiB, and KB (1,000 bytes) for each Application."""
    figures: Figures = {}
    with ExitStack() as stack:
        ours = stack.enter_context(contenders.ours(folder))
        idle = ours.resident_mib
        create(ours, APPLICATIONS)
        full = ours.resident_mib
        figures |= {
            "memory.idle_mib": idle,
            "memory.full_mib": full,
            "memory.each_kb": (full - idle) * 2**20 / APPLICATIONS / 1000,
            "memory.mib.ours": idle,
        }
        starters = {
            "bare": contenders.bare,
            "localstripe": contenders.localstripe,
            "prism": contenders.prism,
        }
        for name, start in starters.items():
            with suppress(NotInstalled):
                figures[f"memory.mib.{name}"] = stack.enter_context(start(folder)).resident_mib
    return figures
