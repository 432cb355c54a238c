"""The options of the server: each a flag, and an environment variable that the flag overrides."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.defaults import DEFAULT_PORT
from twilio_mock.rules import RULES
from twilio_mock.settings import Settings

PREFIX = "TWILIO_MOCK_"


class OneLineParser(argparse.ArgumentParser):
    """A parser that refuses in one line, with exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Raise `CannotRun`, which says what is wrong and where to read on."""
        raise CannotRun(f"{message}; see {self.prog} --help")


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what is made of its text, its default and its help.

    `several` may be given more than once, or with commas between. A `switch` takes no value; its
    variable takes 1, 0, true, false, yes or no.
    """

    name: str
    read: Callable[[str], Any]
    default: Any
    help: str
    several: bool = False
    switch: bool = False

    @property
    def flag(self) -> str:
        """`--application-limit`."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """`TWILIO_MOCK_APPLICATION_LIMIT`."""
        return PREFIX + self.name.upper()


def port(text: str) -> int:
    """A port, or 0 for any free one."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535, or 0 for any free one")
    return int(text)


def count(text: str) -> int:
    """A whole number above 0."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**12:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def rule(text: str) -> str:
    """The name of a suspected rule, or `all`."""
    if text != "all" and text not in RULES:
        known = ", ".join(sorted(RULES))
        raise argparse.ArgumentTypeError(f"no suspected rule is named {text!r}; there are: {known}")
    return text


def yes(text: str) -> bool:
    """The value of a switch in the environment."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"{text!r} is neither 1 nor 0")
    return words[text.lower()]


def log_format(text: str) -> str:
    """Text or JSON."""
    if text not in ("text", "json"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither text nor json")
    return text


def limit(name: str, help: str) -> Option:
    """The option of a limit, with the default that `Settings` has."""
    default = getattr(Settings(), name)
    return Option(name, count if isinstance(default, int) else seconds, default, help)


LIMIT_OPTIONS = (
    limit("application_limit", "Applications in an account"),
    limit("subaccount_limit", "subaccounts of an account"),
    limit("account_limit", "accounts, subaccounts included"),
    limit("body_limit", "bytes of a request's body"),
    limit("header_limit", "bytes of a request's target, and of each header"),
    limit("header_count", "header lines of a request"),
    limit("parameter_limit", "parameters of a request"),
    limit("remembered_deletions", "deleted records that a page token can still find"),
    limit("journal_limit", "exchanges that the journal of an account keeps"),
    limit("journal_bytes", "bytes that they may take"),
    limit("header_timeout", "seconds for the head of a request to arrive"),
    limit("body_timeout", "seconds for its body to arrive"),
    limit("answer_timeout", "seconds for a client to take its answer"),
    limit("connection_limit", "connections at the same time"),
    limit("webhook_limit", "URLs of an account that are asked at the same time"),
)

OPTIONS = (
    Option("host", str, "127.0.0.1", "address to listen on"),
    Option("port", port, DEFAULT_PORT, "port to listen on; 0 takes any free one"),
    Option("account_sid", str, None, "the first account (else TWILIO_ACCOUNT_SID)"),
    Option("auth_token", str, None, "its auth token (else TWILIO_AUTH_TOKEN)"),
    Option("seed_file", str, [], "seed document to start with", several=True),
    Option(
        "accounts_on_demand",
        yes,
        False,
        "open any well-formed AccountSid at its first use, with the token it came with",
        switch=True,
    ),
    Option("random_seed", str, None, "any text: the same SIDs in every run"),
    Option("enforce", rule, [], "suspected rule to enforce, or all", several=True),
    *LIMIT_OPTIONS,
    Option("control_token", str, None, "bearer token that the control API asks for"),
    Option("allow_host", str, [], "host name under which the control API answers", several=True),
    Option("log_format", log_format, "text", "text or json, a line for each request"),
    Option("quiet", yes, False, "no line for each request", switch=True),
    Option("verbose", yes, False, "what goes on inside as well", switch=True),
    Option("ready_file", str, None, "file to write the URL into when it listens"),
)

PROXY_OPTIONS = (
    Option("allow", str, [], "host that the proxy passes on, as it is", several=True),
    Option("ca_folder", str, None, "folder for the CA files (else one that is gone at the end)"),
)
HEALTH_OPTIONS = tuple(each for each in OPTIONS if each.name in ("port", "control_token"))
NOT_FOR_RUN = ("host", "port", "ready_file", "log_format", "quiet", "verbose")
RUN_OPTIONS = (*(each for each in OPTIONS if each.name not in NOT_FOR_RUN), *PROXY_OPTIONS)


def add_options(
    flags: argparse.ArgumentParser, environment: Mapping[str, str], options: tuple[Option, ...]
) -> None:
    """Add the options with their defaults, which the environment may set."""
    for option in options:
        default = from_environment(flags, option, environment)
        shown = "" if option.default in (None, [], False) else f", else {option.default}"
        help = f"{option.help} ({option.variable}{shown})"
        if option.switch:
            flags.add_argument(option.flag, action="store_true", default=default, help=help)
        elif option.several:
            flags.add_argument(
                option.flag,
                action="append",
                type=option.read,
                metavar=option.name.upper(),
                help=help,
                # The flag wins: what was given replaces what the variable says.
                default=None,
            )
            flags.set_defaults(**{f"{option.name}_else": default})
        else:
            flags.add_argument(option.flag, type=option.read, default=default, help=help)


def from_environment(
    flags: argparse.ArgumentParser, option: Option, environment: Mapping[str, str]
) -> Any:
    """The value of an option that no flag sets; raises `CannotRun` if the variable is bad."""
    text = environment.get(option.variable, "")
    if text == "":
        return option.default
    try:
        if option.several:
            return [option.read(part.strip()) for part in text.split(",")]
        return option.read(text)
    except argparse.ArgumentTypeError as problem:
        flags.error(f"{option.variable}: {problem}")


def several(flags: argparse.Namespace, name: str) -> list[str]:
    """The values of an option that may be given more than once."""
    given = getattr(flags, name)
    return list(getattr(flags, f"{name}_else") if given is None else given)
