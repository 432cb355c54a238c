"""What can be set in the ini file, on the command line and by the marker."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from twilio_mock.spelling import meant

MARKER = "twilio_mock"
MARKER_HELP = (
    "twilio_mock(strict=..., allow=..., seed=..., faults=..., accounts=...): "
    "how the fixture `twilio_mock` is set up for this test; the closest marker wins."
)
STRICTNESS = ("off", "warn", "error")
TRANSPORTS = ("socket", "in_process")


@dataclass(frozen=True, slots=True)
class Option:
    """One option, the same in the ini file (`twilio_mock_seed`) and as a flag."""

    name: str
    help: str
    default: Any
    choices: Collection[str] = ()
    variable: str = ""
    """An environment variable that says it where nothing else does."""

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
        value = config.getini(self.ini) if given is None else given
        return value or os.environ.get(self.variable, value) if self.variable else value


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
        Option(
            "strict",
            "what the mock does about mistakes in requests: nothing, warn, or fail the test, "
            "then also about what Twilio is suspected to refuse",
            "warn",
            STRICTNESS,
        ),
        Option(
            "allow",
            "findings to let pass, by their names, and hosts of Twilio's to be asked for real",
            [],
        ),
        Option(
            "url",
            "where a running `twilio-mock serve` is asked, which all workers and other test runs "
            "share; else each has a server of its own",
            "",
        ),
        Option(
            "control_token",
            "the token of that server's control API; better set in TWILIO_MOCK_CONTROL_TOKEN",
            "",
            variable="TWILIO_MOCK_CONTROL_TOKEN",
        ),
    )
}
# What would give several tests the same AccountSid at once.
NOT_SHARED = ("accounts", "seed")
SHARED = (
    "would give tests of several workers the same AccountSid at once, on a server that they share "
    "(twilio_mock_url): leave one of the two out"
)

MAPPINGS = {
    "accounts": "AccountSids to auth tokens",
    "faults": 'what is hit to what goes wrong, as {"CreateApplication": error(20503)}',
}
BY_MARKER = ("accounts", "allow", "faults", "seed", "strict")


def declare(parser: pytest.Parser) -> None:
    """Tell pytest of all options."""
    group = parser.getgroup("twilio_mock", "twilio_mock: Twilio's Applications API for tests")
    for option in OPTIONS.values():
        option.declare(parser, group)


def check(config: pytest.Config) -> None:
    """Refuse, as a usage error, a value that is none."""
    for option in OPTIONS.values():
        check_value(option.ini, option.name, option.value(config))
    values = of_session(config)
    if values["url"]:
        check_url(values)


def check_url(values: Mapping[str, Any]) -> None:
    """Refuse, as a usage error, what a server that others share does not go together with."""
    if not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", values["url"]):
        message = f"twilio_mock_url is a URL such as http://127.0.0.1:8010, not {values['url']!r}"
        raise pytest.UsageError(f"twilio_mock: {message}")
    if values["transport"] == "in_process":
        message = "twilio_mock_url names a server in another process: leave in_process out"
        raise pytest.UsageError(f"twilio_mock: {message}")
    if values["seed"]:
        raise pytest.UsageError(f"twilio_mock: twilio_mock_seed {SHARED}")


def check_marker(item: pytest.Item, marker: pytest.Mark) -> None:
    """Refuse, as a usage error, what the marker does not have."""
    where = f"{item.nodeid}: the marker {MARKER}"
    if marker.args:
        message = f"takes names only, such as seed='any text', not {marker.args[0]!r}"
        raise pytest.UsageError(f"twilio_mock: {where} {message}")
    for name, value in marker.kwargs.items():
        if name not in BY_MARKER:
            raise pytest.UsageError(
                f"twilio_mock: {where} has no {name!r}; {meant(name, BY_MARKER)}"
            )
        if value and name in NOT_SHARED and OPTIONS["url"].value(item.config):
            raise pytest.UsageError(f"twilio_mock: {where}: {name} {SHARED}")
        check_value(f"{where}: {name}", name, value)


def check_value(where: str, name: str, value: Any) -> None:
    """Refuse, as a usage error, a value that an option cannot have."""
    if name in MAPPINGS and not isinstance(value, Mapping):
        message = f"{where} is a mapping of {MAPPINGS[name]}, not {value!r}"
        raise pytest.UsageError(f"twilio_mock: {message}")
    choices = OPTIONS[name].choices if name in OPTIONS else ()
    if choices and value not in choices:
        message = f"{where} is one of {', '.join(choices)}; not {value!r}"
        raise pytest.UsageError(f"twilio_mock: {message}")
    if name == "allow" and value:
        from twilio_mock.arguments import several
        from twilio_mock.rules import MISTAKES, RULES

        try:
            several("allow", value)
        except TypeError as problem:
            reason = str(problem).removeprefix("twilio_mock: ")
            raise pytest.UsageError(f"twilio_mock: {where}: {reason}") from None
        known = MISTAKES.keys() | RULES.keys()
        for each in value:
            if each not in known and not each.endswith(".twilio.com"):
                message = f"{where}: there is no finding {each!r}; {meant(each, known)}"
                raise pytest.UsageError(f"twilio_mock: {message}")


def of_session(config: pytest.Config) -> dict[str, Any]:
    """The values that hold for the whole session."""
    return {name: option.value(config) for name, option in OPTIONS.items()}


def of_test(item: pytest.Item) -> dict[str, Any]:
    """The values that hold for one test: of the session, and of its markers, the closest last."""
    values = of_session(item.config)
    for marker in reversed(list(item.iter_markers(MARKER))):
        values |= marker.kwargs
    return values
