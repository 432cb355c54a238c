"""What can be set in the ini file, on the command line and by the marker."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import pytest

MARKER = "twilio_mock"
MARKER_HELP = (
    "twilio_mock(strict=..., seed=..., allow=..., accounts=...): "
    "how the fixture `twilio_mock` is set up for this test; the closest marker wins."
)
TRANSPORTS = ("socket", "in_process")


@dataclass(frozen=True, slots=True)
class Option:
    """One option, the same in the ini file (`twilio_mock_seed`) and as a flag."""

    name: str
    help: str
    default: Any
    choices: Collection[str] = ()

    @property
    def ini(self) -> str:
        """Its name in the ini file."""
        return f"twilio_mock_{self.name}"

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return "--" + self.ini.replace("_", "-")

    def declare(self, parser: pytest.Parser, group: pytest.OptionGroup) -> None:
        """Tell pytest of it."""
        several = isinstance(self.default, list)
        kind: Literal["args", "string"] = "args" if several else "string"
        parser.addini(self.ini, self.help, type=kind, default=self.default)
        group.addoption(
            self.flag,
            dest=self.ini,
            help=self.help,
            choices=self.choices or None,
            action="append" if several else "store",
        )

    def value(self, config: pytest.Config) -> Any:
        """What was set: the flag wins."""
        given = config.getoption(self.ini, None)
        return config.getini(self.ini) if given is None else given


OPTIONS = {
    option.name: option
    for option in (
        Option(
            "transport",
            "how the SDK reaches the mock: over a socket, or in process without one",
            "socket",
            TRANSPORTS,
        ),
        Option("seed", "any text: the same seed gives every test the same SIDs in every run", ""),
        Option("allow", "hosts of Twilio's that may be asked for real", []),
    )
}

BY_MARKER = ("accounts", "allow", "seed")


def declare(parser: pytest.Parser) -> None:
    """Tell pytest of all options."""
    group = parser.getgroup("twilio_mock", "twilio_mock: Twilio's Applications API for tests")
    for option in OPTIONS.values():
        option.declare(parser, group)


def check(config: pytest.Config) -> None:
    """Refuse, as a usage error, a value that is none."""
    for option in OPTIONS.values():
        value = option.value(config)
        if option.choices and value not in option.choices:
            expected = ", ".join(option.choices)
            raise pytest.UsageError(
                f"twilio_mock: {option.ini} is one of {expected}; not {value!r}"
            )


def check_marker(item: pytest.Item, marker: pytest.Mark) -> None:
    """Refuse, as a usage error, what the marker does not have."""
    if marker.args:
        message = f"takes names only, such as seed='any text', not {marker.args[0]!r}"
        raise pytest.UsageError(f"twilio_mock: {item.nodeid}: the marker {MARKER} {message}")
    for name in marker.kwargs:
        if name not in BY_MARKER:
            near = difflib.get_close_matches(name, BY_MARKER, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(BY_MARKER)}"
            message = f"the marker {MARKER} has no {name!r}: {advice}"
            raise pytest.UsageError(f"twilio_mock: {item.nodeid}: {message}")


def of_session(config: pytest.Config) -> dict[str, Any]:
    """The values that hold for the whole session."""
    return {name: option.value(config) for name, option in OPTIONS.items()}


def of_test(item: pytest.Item) -> dict[str, Any]:
    """The values that hold for one test: of the session, and of its markers, the closest last."""
    values = of_session(item.config)
    for marker in reversed(list(item.iter_markers(MARKER))):
        values |= marker.kwargs
    return values
