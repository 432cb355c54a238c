"""How long it takes until something is ready: a server process, an import, a `with` block."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import contenders
from benchmarks.bare import BareThread
from benchmarks.figures import Figures
from benchmarks.peers import NotInstalled, find_python_peer
from benchmarks.processes import ROOT, ServerProcess
from twilio_mock import TwilioMock

IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
STATEMENTS = {
    "ours": "import twilio_mock",
    "aiohttp": "import aiohttp",
    "plugin": "import pytest; t = time.perf_counter(); import twilio_mock.pytest_plugin",
}
# Prism takes seconds, so it gets fewer rounds.
PRISM_ROUNDS = 2
BLOCKS = 20


def measure_processes(folder: Path, rounds: int) -> Figures:
    """From the start of a process to its first answer: the best of several, in seconds."""
    starters: dict[str, Callable[[Path], ServerProcess]] = {
        "ours": contenders.ours,
        "bare": contenders.bare,
        "localstripe": contenders.localstripe,
        "prism": contenders.prism,
    }
    figures: Figures = {}
    seen: dict[str, list[float]] = {name: [] for name in starters}
    for number in range(rounds + 1):
        for name, start in starters.items():
            if name == "prism" and number > PRISM_ROUNDS:
                continue
            with suppress(NotInstalled), start(folder) as server:
                seen[name].append(server.seconds_to_answer)
    best = {name: min(times) for name, times in seen.items() if times}
    for name, seconds in best.items():
        figures[f"start.ms.{name}"] = seconds * 1e3
        figures[f"start.{name}"] = best["ours"] / seconds
    return figures


def import_seconds(statement: str) -> float:
    """What an import takes in a new interpreter."""
    command = [sys.executable, "-c", IMPORT.format(statement)]
    return float(subprocess.check_output(command, cwd=ROOT))  # noqa: S603 (our own command)


def measure_imports(rounds: int) -> Figures:
    """The best of several imports, by turns."""
    seen: Mapping[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(rounds + 1):
        for name, statement in STATEMENTS.items():
            seen[name].append(import_seconds(statement))
    best = {name: min(times) for name, times in seen.items()}
    return {
        "import.aiohttp": best["ours"] / best["aiohttp"],
        "import.plugin_ms": best["plugin"] * 1e3,
        **{f"import.ms.{name}": seconds * 1e3 for name, seconds in best.items()},
    }


def block_seconds(make: Callable[[], AbstractContextManager[object]]) -> float:
    """What it takes to enter a block and to leave it, in the middle of several."""
    times = []
    for _ in range(BLOCKS):
        started = perf_counter()
        with make():
            pass
        times.append(perf_counter() - started)
    return median(times)


def measure_blocks(rounds: int) -> Figures:
    """`with TwilioMock()` against bare aiohttp in a new thread: the best of several medians."""
    block_seconds(BareThread)  # the first of each imports what it needs
    block_seconds(TwilioMock)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(block_seconds(TwilioMock))
        bare.append(block_seconds(BareThread))
    figures: Figures = {
        "block.bare": min(ours) / min(bare),
        "block.ms.ours": min(ours) * 1e3,
        "block.ms.bare": min(bare) * 1e3,
    }
    with suppress(NotInstalled):
        find_python_peer("pytest_httpserver")
        from pytest_httpserver import HTTPServer  # type: ignore[import-not-found]

        figures["block.ms.pytest-httpserver"] = block_seconds(HTTPServer) * 1e3
    return figures
