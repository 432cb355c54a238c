"""Requests a second and CPU a request: by turns, the best of several windows on each side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contenders
from benchmarks.figures import Figures
from benchmarks.peers import NotInstalled
from benchmarks.processes import DidNotStart, ServerProcess
from benchmarks.requests_asked import Asked
from benchmarks.wrk import Window, window

# In this order: the creates, which fill the stores, come last.
OPERATIONS = ("fetch", "list", "update", "create")
COPY = "copy"


@dataclass(frozen=True, slots=True)
class Contender:
    """A running server, and what it is asked."""

    server: ServerProcess
    requests: Mapping[str, Asked]


def best(windows: Iterable[Window]) -> Window:
    """The most requests a second, and the least CPU for one."""
    seen = list(windows)
    return Window(max(each.per_second for each in seen), min(each.cpu_per_request for each in seen))


def by_turns(
    field: Mapping[str, Contender], operation: str, rounds: int, folder: Path
) -> Mapping[str, Window]:
    """The best of `rounds` windows of each contender, after one to warm up."""
    able = {name: each for name, each in field.items() if operation in each.requests}
    seen: dict[str, list[Window]] = {name: [] for name in able}
    for number in range(rounds + 1):
        for name, each in able.items():
            taken = window(each.server, each.requests[operation], 1, folder)
            if number:
                seen[name].append(taken)
    return {name: best(windows) for name, windows in seen.items()}


def started(stack: ExitStack, folder: Path, *, copy: bool) -> dict[str, Contender]:
    """The mock, aiohttp with the mock's own answers, and as the control the mock once more."""
    server = stack.enter_context(contenders.ours(folder))
    requests = contenders.filled(server)
    answers = zip(requests.values(), contenders.ask(server, requests.values()), strict=True)
    bare = stack.enter_context(contenders.bare(folder, answers))
    field = {"ours": Contender(server, requests), "bare": Contender(bare, requests)}
    if copy:
        server = stack.enter_context(contenders.ours(folder, COPY))
        field[COPY] = Contender(server, contenders.filled(server))
    return field


def peers(
    stack: ExitStack, folder: Path, requests: Mapping[str, Asked]
) -> tuple[dict[str, Contender], Figures]:
    """Those peers that are here, and why the others are not."""
    field: dict[str, Contender] = {}
    missing: Figures = {}
    try:
        server = stack.enter_context(contenders.prism(folder))
        field["prism"] = Contender(server, {name: requests[name] for name in ("fetch", "create")})
    except (NotInstalled, DidNotStart) as problem:
        missing["prism.missing"] = str(problem)
    try:
        server = stack.enter_context(contenders.localstripe(folder))
        field["localstripe"] = Contender(server, contenders.filled_localstripe(server))
    except (NotInstalled, DidNotStart) as problem:
        missing["localstripe.missing"] = str(problem)
    return field, missing


def compared(operation: str, windows: Mapping[str, Window]) -> Figures:
    """Ours as a multiple of each other one: of its requests a second, and of its CPU."""
    figures: Figures = {}
    mine = windows["ours"]
    for name, other in windows.items():
        figures[f"{operation}.per_second.{name}"] = other.per_second
        figures[f"{operation}.cpu_us.{name}"] = other.cpu_per_request * 1e6
        if name != "ours":
            figures[f"{operation}.rate.{name}"] = mine.per_second / other.per_second
            figures[f"{operation}.cpu.{name}"] = mine.cpu_per_request / other.cpu_per_request
    return figures


def measure(folder: Path, rounds: int) -> Figures:
    """The figures against all bases, and what they were made of."""
    with ExitStack() as stack:
        field = started(stack, folder, copy=True)
        others, figures = peers(stack, folder, field["ours"].requests)
        field |= others
        for operation in OPERATIONS:
            figures |= compared(operation, by_turns(field, operation, rounds, folder))
    return figures


def measure_shortly(folder: Path) -> Figures:
    """The figures against bare aiohttp, of two windows."""
    figures: Figures = {}
    with ExitStack() as stack:
        field = started(stack, folder, copy=False)
        for operation in OPERATIONS:
            figures |= compared(operation, by_turns(field, operation, 2, folder))
    return figures
