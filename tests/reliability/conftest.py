"""What the campaigns share: time for the long ones, and figures at the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.effort import effort, is_long

HERE = Path(__file__).parent
FIGURE = "reliability: "
LONGEST = 2 * 60 * 60  # seconds

Tell = Callable[[str, object], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long campaign may take its time, if it does not say itself how long it takes."""
    if is_long():
        for item in items:
            if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(LONGEST))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Tells a figure: it is shown at the end of the run, and `docs/reliability.md` quotes it."""

    def told(name: str, value: object) -> None:
        record_property(FIGURE + name, value)

    return told


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show the figures, also those of tests that ran in another process."""
    lines = [
        f"{report.nodeid.partition('::')[2]}: {name.removeprefix(FIGURE)}: {value}"
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name.startswith(FIGURE)
    ]
    if lines:
        terminalreporter.section(f"reliability, the {effort('short', 'long')} version")
        terminalreporter.write_line("\n".join(lines))
