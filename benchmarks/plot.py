"""The plot that the README shows: SVG in two colourings, for light pages and for dark ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log10
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.figures import Figures
from benchmarks.growth import SIZES

FOLDER = Path(__file__).parent.parent / "docs"
WIDTH, HEIGHT, MARGIN = 880, 440, 24
FONT = "-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"
NAMES = {"ours": "twilio_mock", "bare": "bare aiohttp", "localstripe": "localstripe"}
NAMES |= {"prism": "Prism"}
OPERATIONS = ("fetch", "list", "update", "create")
GROWING = ("fetch", "update", "create and delete", "page", "filtered list")


@dataclass(frozen=True, slots=True)
class Colours:
    """One colouring."""

    text: str
    faint: str
    of: dict[str, str]


THEMES = {
    "light": Colours(
        "#1f2328",
        "#d1d9e0",
        {"ours": "#0a7d66", "bare": "#8c959f", "localstripe": "#bf7a00", "prism": "#8250df"},
    ),
    "dark": Colours(
        "#e6edf3",
        "#3d444d",
        {"ours": "#3fb99d", "bare": "#7d8590", "localstripe": "#d9a034", "prism": "#ab7df8"},
    ),
}


@dataclass(slots=True)
class Sheet:
    """What has been drawn so far."""

    colours: Colours
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, more: str = "") -> None:
        """Write; `more` are further attributes."""
        fill = "" if "fill=" in more else f' fill="{self.colours.text}"'
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}"{fill} {more}>{escape(words)}</text>')

    def bar(self, x: float, y: float, width: float, who: str) -> None:
        """A bar in the colour of a contender."""
        fill = self.colours.of[who]
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="9" rx="2" fill="{fill}"/>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1) -> None:
        """A line through points."""
        through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        )

    def __str__(self) -> str:
        box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-size="11" font-family="{FONT}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
        return "\n".join([head, *self.parts, "</svg>", ""])


def number(figures: Figures, name: str) -> float | None:
    """A figure, if it was measured."""
    value = figures.get(name)
    return value if isinstance(value, float | int) else None


def legend(sheet: Sheet, x: float, y: float) -> None:
    """Which colour is whose."""
    for who, name in NAMES.items():
        sheet.bar(x, y - 8, 12, who)
        sheet.text(x + 17, y, name)
        x += 30 + 6.5 * len(name)


def title(sheet: Sheet, x: float, y: float, words: str, note: str) -> None:
    """The head of a panel."""
    sheet.text(x, y, words, 'font-size="14" font-weight="600"')
    sheet.text(x, y + 16, note, 'opacity="0.7"')


def bars(
    sheet: Sheet, x: float, y: float, rows: Iterable[tuple[str, str, float]], *, log: bool
) -> None:
    """Rows of a label, a contender and a value; in a logarithmic scale from 1, or from 0."""
    rows = list(rows)
    if not rows:
        return
    most = max(value for _, _, value in rows)
    left = x + (66 if any(label for label, _, _ in rows) else 0)
    for label, who, value in rows:
        if label:
            y += 6
            sheet.text(x, y + 8, label)
        share = log10(max(value, 1)) / log10(most) if log else value / most
        sheet.bar(left, y, max(2, 250 * share), who)
        sheet.text(left + max(2, 250 * share) + 6, y + 8.5, f"{value:,.0f}", 'font-size="10"')
        y += 13


def of_all(figures: Figures, prefix: str) -> list[tuple[str, str, float]]:
    """A row for each contender that was measured, its name in front."""
    found = [(who, number(figures, f"{prefix}.{who}")) for who in NAMES]
    return [("", who, value) for who, value in found if value is not None]


def throughput(sheet: Sheet, figures: Figures, x: float, y: float) -> None:
    """Requests a second."""
    title(sheet, x, y, "Throughput", "requests/s at 8 connections, logarithmic; more is better")
    rows = []
    for operation in OPERATIONS:
        group = of_all(figures, f"{operation}.per_second")
        rows += [(operation if place == 0 else "", *row[1:]) for place, row in enumerate(group)]
    bars(sheet, x, y + 24, rows, log=True)


def growth(sheet: Sheet, figures: Figures, x: float, y: float) -> None:
    """Lines over the number of Applications."""
    title(sheet, x, y, "Growth", "microseconds of CPU in process, by Applications; flat is better")
    lines = {}
    for name in GROWING:
        found = [number(figures, f"growth.us.applications.{name}.{size}") for size in SIZES]
        costs = [cost for cost in found if cost is not None]
        if len(costs) == len(SIZES):
            lines[name] = costs
    most = max((cost for costs in lines.values() for cost in costs), default=1.0) * 1.1
    left, top, wide, high = x + 30, y + 30, 250, 190
    for step in range(5):
        at = top + high - high * step / 4
        sheet.line([(left, at), (left + wide, at)], sheet.colours.faint)
        sheet.text(left - 6, at + 4, f"{most * step / 4:.0f}", 'text-anchor="end" font-size="10"')
    places = [left + 20 + (wide - 40) * place / 2 for place in range(3)]
    for place, size in zip(places, SIZES, strict=True):
        sheet.text(place, top + high + 16, f"{size:,}", 'text-anchor="middle" font-size="10"')
    free = top + high + 13.0  # above this there is room for the next name
    for name, seen in sorted(lines.items(), key=lambda line: line[1][-1]):
        heights = [top + high - high * cost / most for cost in seen]
        sheet.line(list(zip(places, heights, strict=True)), sheet.colours.of["ours"], 2)
        free = min(heights[-1] + 4, free - 13)
        sheet.text(left + wide + 6, free, name)


def drawn(figures: Figures, colours: Colours) -> str:
    """The whole picture."""
    sheet = Sheet(colours)
    right, below = WIDTH / 2 + MARGIN, 342
    legend(sheet, MARGIN, 20)
    throughput(sheet, figures, MARGIN, 54)
    growth(sheet, figures, right, 54)
    title(sheet, MARGIN, below, "Start-up", "milliseconds to the first answer; less is better")
    bars(sheet, MARGIN, below + 26, of_all(figures, "start.ms"), log=False)
    title(sheet, right, below, "Memory", "MiB of an idle server; less is better")
    bars(sheet, right, below + 26, of_all(figures, "memory.mib"), log=False)
    return str(sheet)


def draw(figures: Figures, folder: Path = FOLDER) -> None:
    """Write `performance-light.svg` and `performance-dark.svg`."""
    for name, colours in THEMES.items():
        (folder / f"performance-{name}.svg").write_text(drawn(figures, colours))
