"""The targets: what is measured, against what, and how good it has to be."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.figures import Figures


@dataclass(frozen=True, slots=True)
class Target:
    """One row of the table.

    `figure` names what was measured: a ratio to `base`, or a value in `unit`. It passes if it is
    at least or `at_most` as large as `limit`. `ours` and `theirs` name the absolute figures that
    a ratio was made of.
    """

    figure: str
    what: str
    base: str
    limit: float
    at_most: bool = False
    unit: str = ""
    ours: str = ""
    theirs: str = ""

    def passes(self, measured: float) -> bool:
        """Whether it is good enough."""
        return measured <= self.limit if self.at_most else measured >= self.limit

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"{'at most' if self.at_most else 'at least'} {self.shown(self.limit)}"

    def shown(self, value: float) -> str:
        """A figure as the table has it."""
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
        return f"{value:.{digits}f}{f' {self.unit}' if self.unit else ''}"


def rate(operation: str, what: str, limit: float, name: str = "bare", base: str = "") -> Target:
    """Requests a second against another server."""
    return Target(
        f"{operation}.rate.{name}",
        f"{what}: requests/s",
        base or "bare aiohttp, as many constant bytes",
        limit,
        ours=f"{operation}.per_second.ours",
        theirs=f"{operation}.per_second.{name}",
    )


def cpu(operation: str, what: str, limit: float) -> Target:
    """CPU for a request against bare aiohttp."""
    return Target(
        f"{operation}.cpu.bare",
        f"{what}: CPU of the server for a request",
        "bare aiohttp, as many constant bytes",
        limit,
        at_most=True,
        ours=f"{operation}.cpu_us.ours",
        theirs=f"{operation}.cpu_us.bare",
    )


def at_most(figure: str, what: str, base: str, limit: float, unit: str = "") -> Target:
    """Anything that is better when it is less."""
    return Target(figure, what, base, limit, at_most=True, unit=unit)


CREATE, UPDATE, PAGE = "create with ten parameters", "update with two parameters", "a page of 50"
PRISM = "Prism with Twilio's document"

TARGETS = (
    rate("fetch", "fetch", 0.85),
    cpu("fetch", "fetch", 1.20),
    rate("create", CREATE, 0.50),
    cpu("create", CREATE, 2.0),
    rate("update", UPDATE, 0.65),
    rate("list", PAGE, 0.55),
    rate("fetch", "fetch", 30, "prism", PRISM),
    rate("create", CREATE, 20, "prism", PRISM),
    rate("fetch", "fetch", 6, "localstripe", "localstripe"),
    rate("create", CREATE, 50, "localstripe", "localstripe"),
    rate("list", PAGE, 5, "localstripe", "localstripe"),
    at_most("start.bare", "process start to first answer", "a bare aiohttp process", 1.15),
    at_most("start.prism", "process start to first answer", PRISM, 1 / 7),
    at_most("memory.idle_mib", "memory when idle", "-", 45, "MiB"),
    at_most("memory.each_kb", "memory for each stored application", "-", 2, "KB"),
    at_most("memory.full_mib", "memory after 100,000 applications", "-", 240, "MiB"),
    at_most(
        "block.bare", "`with TwilioMock()`: start and stop", "bare aiohttp in a new thread", 1.5
    ),
    at_most("fixture.ms", "the fixture, in a test without calls", "an empty test", 0.5, "ms"),
    at_most("calls.responses", "ten SDK calls in process", "`responses`, written by hand", 0.25),
    at_most("calls.bare", "ten SDK calls over the socket", "bare aiohttp in a thread", 1.15),
    at_most("state.snapshot_ms", "snapshot and restore of 1,000 applications", "-", 5, "ms"),
    at_most("state.account_ms", "an account created and freed", "-", 0.3, "ms"),
    at_most("import.aiohttp", "`import twilio_mock`", "`import aiohttp`", 0.2),
    at_most("import.plugin_ms", "import of the pytest plugin", "-", 10, "ms"),
    at_most("growth.applications", "any operation at 100,000 applications", "at 10 of them", 1.3),
    at_most("growth.accounts", "any operation beside 100,000 accounts", "one account", 1.3),
    at_most("growth.journal", "fetch with the journal full", "with it empty", 1.1),
)

# What the short version looks at: CPU against bare aiohttp. Where the table has requests/s only,
# the CPU that goes with it. It fails at this many times what is allowed.
GROSSLY = 1.5
SHORT = (
    cpu("fetch", "fetch", 1.20),
    cpu("create", CREATE, 2.0),
    cpu("update", UPDATE, 1 / 0.65),
    cpu("list", PAGE, 1 / 0.55),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A target and how it was met; `measured` is a text where nothing could be."""

    target: Target
    measured: float | str
    against: str = ""

    @property
    def verdict(self) -> str:
        """`pass`, `FAIL`, or `-` where nothing was measured."""
        if isinstance(self.measured, str):
            return "-"
        return "pass" if self.target.passes(self.measured) else "FAIL"

    @property
    def seen(self) -> str:
        """What was measured, as the table has it."""
        if isinstance(self.measured, str):
            return self.measured
        return self.target.shown(self.measured)


def rows(figures: Figures) -> list[Row]:
    """The rows of the table, those left out that nobody asked for."""
    found = []
    for target in TARGETS:
        peer = target.figure.rpartition(".")[2]
        measured = figures.get(target.figure, figures.get(f"{peer}.missing"))
        if measured is not None:
            ours, theirs = figures.get(target.ours), figures.get(target.theirs)
            both = isinstance(ours, float) and isinstance(theirs, float)
            found.append(Row(target, measured, f"{ours:,.0f} to {theirs:,.0f}" if both else ""))
    return found
