"""What it takes until the server listens, while it idles, and to end it, beside aiohttp alone.

    python benchmarks/startup_cost.py [RUNS]

The best of the runs counts: the machine does other things as well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

RUNS = 20
BARE = "import aiohttp.web; print(flush=True); import sys; sys.stdin.read()"


def started(words: list[str]) -> tuple[subprocess.Popen[str], float]:
    """A process that has printed its first line, and the seconds that this took."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    if process.stdout is not None:
        process.stdout.readline()
    return process, time.perf_counter() - began


def resident(process: subprocess.Popen[str]) -> float:
    """MiB that a process takes; not a number where there is no /proc."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return float("nan")
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def measured(words: list[str]) -> tuple[float, float, float, float]:
    """Seconds until it is ready, of the processor until its end, MiB, and seconds to end it."""
    process, ready = started(words)
    memory = resident(process)
    began = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    process.communicate()
    return ready, used.ru_utime + used.ru_stime, memory, seconds


def main() -> None:
    """Print the best of the runs."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {version}, best of {runs}")
    commands = {"aiohttp.web": ["-c", BARE], "twilio-mock": ["-m", "twilio_mock", "--port", "0"]}
    for name, words in commands.items():
        found = [measured(words) for _ in range(runs)]
        ready, processor, memory, end = (min(column) for column in zip(*found, strict=True))
        print(
            f"{name:12} ready in {ready:.3f} s ({processor:.3f} s of processor time in all), "
            f"idle {memory:.1f} MiB, ends in {end:.3f} s"
        )


if __name__ == "__main__":
    main()
