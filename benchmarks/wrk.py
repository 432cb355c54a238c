"""Load by `wrk`: how many requests a server answers in a window, and at what cost to it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import HOST, ServerProcess
from benchmarks.requests_asked import Asked

CONNECTIONS = 8
# What is said at the end: requests, microseconds, answers that are no success, broken sockets.
REPORT = """
function done(summary)
    local e = summary.errors
    io.write(string.format("\\nWINDOW %d %d %d %d\\n", summary.requests, summary.duration,
        e.status, e.connect + e.read + e.write + e.timeout))
end
"""


class LoadFailed(Exception):
    """The load could not be put on, or was not answered well."""


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen in one window."""

    per_second: float
    cpu_per_request: float
    """Seconds of the server's CPU, user and system."""


def quoted(text: str) -> str:
    """A text as Lua writes it."""
    return f"[==[{text}]==]"


def script(asked: Asked) -> str:
    """The Lua program that has wrk send this request."""
    lines = [f"wrk.method = {quoted(asked.method)}"]
    lines += [f"wrk.headers[ {quoted(k)} ] = {quoted(v)}" for k, v in asked.headers.items()]
    if asked.body:
        lines.append(f"wrk.body = {quoted(asked.body)}")
    return "\n".join(lines) + REPORT


def window(server: ServerProcess, asked: Asked, seconds: int, folder: Path) -> Window:
    """Ask as fast as it answers, for whole seconds; raises `LoadFailed`."""
    if shutil.which("wrk") is None:
        raise LoadFailed("wrk is not installed; in Debian: apt-get install wrk")
    program = folder / "asked.lua"
    program.write_text(script(asked))
    url = f"http://{HOST}:{server.port}{asked.path}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(program), url]
    before = server.cpu_seconds
    ended = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 (our own)
    spent = server.cpu_seconds - before
    said = [line.split() for line in ended.stdout.splitlines() if line.startswith("WINDOW")]
    if not said:
        raise LoadFailed(f"wrk: {ended.stderr or ended.stdout}")
    requests, duration, refused, broken = map(int, said[0][1:])
    if not requests or refused or broken:
        raise LoadFailed(f"{asked.method} {asked.path}: {requests=} {refused=} {broken=}")
    return Window(requests / duration * 1e6, spent / requests)
