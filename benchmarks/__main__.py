"""Measure how fast the mock is: a table on stdout, the figures as JSON, and a plot.

The whole run takes about nine minutes, and the machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import growth, in_a_test, memory, peers, start_up, throughput
from benchmarks.figures import Figures
from benchmarks.plot import draw
from benchmarks.processes import DidNotStart
from benchmarks.report import (
    README,
    RESULTS,
    as_text,
    control,
    read,
    short_table,
    with_table,
    write,
)
from benchmarks.targets import rows
from benchmarks.wrk import LoadFailed

# On a machine that others share, the best of seven windows still differed by a tenth.
ROUNDS = 21
FAILURES = (LoadFailed, subprocess.CalledProcessError, RuntimeError)
PARTS: dict[str, Callable[[Path, int], Figures]] = {
    "throughput": throughput.measure,
    "start": start_up.measure_processes,
    "import": lambda _, rounds: start_up.measure_imports(rounds),
    "block": lambda _, rounds: start_up.measure_blocks(rounds),
    "memory": lambda folder, _: memory.measure(folder),
    "fixture": lambda _, rounds: in_a_test.measure_fixture(rounds),
    "calls": lambda _, rounds: in_a_test.measure_calls(rounds),
    "state": lambda _, rounds: in_a_test.measure_state(rounds),
    "applications": lambda _, rounds: growth.measure(rounds, "applications", growth.SIZES),
    "accounts": lambda _, rounds: growth.measure(rounds, "accounts", growth.ACCOUNTS),
    "journal": lambda _, rounds: growth.measure_journal(rounds),
}


def parser() -> argparse.ArgumentParser:
    """The options."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    flags.add_argument("--rows", help=f"parts to measure, with commas: {', '.join(PARTS)}")
    flags.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"windows on each side ({ROUNDS})"
    )
    flags.add_argument(
        "--short",
        action="store_true",
        help="20 seconds: CPU against bare aiohttp; fails only for gross regressions",
    )
    flags.add_argument("--json", type=Path, help="file for the figures (none)")
    flags.add_argument(
        "--write",
        action="store_true",
        help="put the figures, the table and the plot into the project: results.json, README, docs",
    )
    flags.add_argument(
        "--install-peers", action="store_true", help="first install what is compared with"
    )
    return flags


def measure(parts: Sequence[str], rounds: int) -> Figures:
    """Measure, one part after the other, and tell how it goes on stderr.

    Of a part that fails the figure `failed` tells; the others go on.
    """
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in parts:
            started = time.monotonic()
            try:
                figures |= PARTS[name](Path(folder), rounds)
            except (*FAILURES, DidNotStart) as problem:
                figures["failed"] = f"{name}: {problem}"
                print(f"benchmarks: {name}: {problem}", file=sys.stderr)
            took = time.monotonic() - started
            print(f"{name}: {took:.0f} s", file=sys.stderr, flush=True)
    return figures


def run_short() -> int:
    """The short version; 1 for a gross regression."""
    with tempfile.TemporaryDirectory() as folder:
        table, good = short_table(throughput.measure_shortly(Path(folder)), read())
    print(table)
    if not good:
        print("benchmarks: a request costs grossly more than its target", file=sys.stderr)
    return 0 if good else 1


def run(flags: argparse.Namespace) -> int:
    """The run that the flags ask for."""
    if flags.install_peers:
        peers.install()
    if flags.short:
        return run_short()
    parts = flags.rows.split(",") if flags.rows else list(PARTS)
    figures = measure(parts, flags.rounds)
    print(as_text(rows(figures)), control(figures), sep="\n")
    if flags.json:
        write(figures, flags.json)
    if "failed" in figures:
        return 2
    if flags.write:
        write({**(read() if flags.rows else {}), **figures}, RESULTS)
        kept = read()  # rounded
        draw(kept)
        README.write_text(with_table(README.read_text(), kept))
    return 0


def main() -> int:
    """Run it; 2 for what cannot be done."""
    flags = parser().parse_args()
    unknown = set(flags.rows.split(",") if flags.rows else ()) - PARTS.keys()
    if unknown:
        print(f"benchmarks: no rows {', '.join(sorted(unknown))}; see --help", file=sys.stderr)
        return 2
    try:
        return run(flags)
    except (*FAILURES, DidNotStart) as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
