"""The figures as a table for the terminal, as Markdown for the README, and as JSON."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.targets import GROSSLY, SHORT, Row, Target, rows

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
README = FOLDER.parent / "README.md"
MARKED = re.compile(r"(<!-- performance -->\n).*?(<!-- end -->)", re.DOTALL)
HEAD = ("what", "against", "target", "measured", "")


def cells(row: Row) -> tuple[str, ...]:
    """One row as texts."""
    return row.target.what, row.target.base, row.target.wanted, row.seen, row.verdict


def as_text(found: Sequence[Row]) -> str:
    """The table for the terminal, with the absolute figures behind it."""
    lines = [HEAD, *(cells(row) for row in found)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    behind = ["", *(row.against for row in found)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=True)), end])
        for line, end in zip(lines, behind, strict=True)
    )


def as_markdown(figures: Figures) -> str:
    """The table for the README."""
    lines = [HEAD, ["---"] * len(HEAD), *(cells(row) for row in rows(figures))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def with_table(text: str, figures: Figures) -> str:
    """A document with the table between its markers."""
    return MARKED.sub(lambda found: f"{found[1]}\n{as_markdown(figures)}\n{found[2]}", text)


def control(figures: Figures) -> str:
    """What two copies of the same server differ by, in a sentence; empty if that is not known."""
    seen = [figures.get(f"fetch.{kind}.copy") for kind in ("rate", "cpu")]
    if not all(isinstance(each, float) for each in seen):
        return ""
    return (
        f"control: the mock against a second copy of itself: {seen[0]:.2f} of its requests/s, "
        f"{seen[1]:.2f} of its CPU"
    )


def short_table(figures: Figures, kept: Figures) -> tuple[str, bool]:
    """The rows of the short version, and whether none is grossly worse than it should be.

    That is its target, or what was `kept` of the last whole run, where that misses its target.
    """
    found = [Row(target, figures[target.figure]) for target in SHORT]
    good = all(number(figures, each.figure) <= GROSSLY * allowed(each, kept) for each in SHORT)
    return as_text(found), good


def allowed(target: Target, kept: Figures) -> float:
    """What is no regression."""
    return max(target.limit, number(kept, target.figure))


def number(figures: Figures, name: str) -> float:
    """A figure; 0 where there is none."""
    value = figures.get(name, 0.0)
    return 0.0 if isinstance(value, str) else value


def machine() -> dict[str, str | int]:
    """What it was measured on and with."""
    return {
        "python": platform.python_version(),
        "aiohttp": version("aiohttp"),
        "twilio_mock": version("twilio-mock"),
        "system": sys.platform,
        "cores": os.cpu_count() or 0,
    }


def write(figures: Figures, file: Path) -> None:
    """Write all of it down."""
    rounded = {
        name: float(f"{value:.4g}") if isinstance(value, float) else value
        for name, value in figures.items()
    }
    document = {"measured_with": machine(), "figures": rounded}
    file.write_text(json.dumps(document, indent=1) + "\n")


def read(file: Path = RESULTS) -> Figures:
    """The figures of a run that was written down."""
    figures: Figures = json.loads(file.read_text())["figures"]
    return figures
