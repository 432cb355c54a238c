"""`python -m twilio_mock`, which is also `twilio-mock`: finds the command and runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.options import (
    HEALTH_OPTIONS,
    PROXY_OPTIONS,
    RUN_OPTIONS,
    SERVE_OPTIONS,
    Groups,
)
from twilio_mock.command_line.parsing import HELP, Flags, HelpWanted, Parser
from twilio_mock.spelling import perhaps
from twilio_mock.version import __version__

Work = Callable[[Flags, Sequence[str], Mapping[str, str]], int]


class Command(NamedTuple):
    """One command: its usage, what it is about, its options, and the words that it takes besides.

    `most` is how many of them there may be; `None` takes all, also those that look like options.
    One that needs a word has an `example`.
    """

    usage: str
    about: str
    options: Groups
    most: int | None = 0
    example: str = ""


COMMANDS = {
    "serve": Command(
        "serve [OPTION ...]",
        "Run the server until SIGTERM or Ctrl-C. When it listens it prints one line on stdout, "
        "TWILIO_MOCK_URL=http://...; all else goes to stderr.",
        SERVE_OPTIONS,
    ),
    "proxy": Command(
        "proxy [OPTION ...]",
        "Run the server, and play api.twilio.com for programs that are not to be changed. When it "
        "listens it prints TWILIO_MOCK_URL=http://... and the variables that lead a program "
        "through it, each on a line of its own.",
        PROXY_OPTIONS,
    ),
    "run": Command(
        "run [OPTION ...] [--] COMMAND ...",
        "Run a command behind a proxy of its own, and say what it asked. The exit status is that "
        "of the command.",
        RUN_OPTIONS,
        most=None,
        example="run -- python provision.py",
    ),
    "init": Command(
        "init [FILE]", "Write a starter seed file, seed.json unless it is named.", {}, most=1
    ),
    "validate": Command(
        "validate FILE",
        "Check a seed file. An error names the path to the value.",
        {},
        most=1,
        example="validate seed.json",
    ),
    "healthcheck": Command(
        "healthcheck [OPTION ...]",
        "Ask a server whether it is well: exit status 0 if it is, 1 if it is not.",
        HEALTH_OPTIONS,
    ),
}


def work_of(command: str) -> Work:
    """What a command does: imported only now, so that none waits for what another one needs."""
    if command == "serve":
        from twilio_mock.command_line.serve import serve as work
    elif command == "proxy":
        from twilio_mock.command_line.proxying import proxy as work
    elif command == "run":
        from twilio_mock.command_line.proxying import run as work
    elif command == "init":
        from twilio_mock.command_line.seeds import init as work
    elif command == "validate":
        from twilio_mock.command_line.seeds import validate as work
    else:
        from twilio_mock.command_line.healthcheck import healthcheck as work
    return work


def perform(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Do what the words of a command line say; raises `CannotRun`."""
    first = words[0] if words else "serve"
    if first == "--version":
        print(f"twilio-mock {__version__}")
        return 0
    if first in HELP:
        return show_help(None)
    name, rest = ("serve", words) if first.startswith("-") else (first, words[1:])
    command = COMMANDS.get(name)
    if command is None:
        advice = f"{perhaps(name, COMMANDS)} (twilio-mock --help)"
        raise CannotRun(f"there is no command {name}{advice}")
    parser = Parser(name, (option for group in command.options.values() for option in group))
    try:
        flags, left = parser.parse(rest, environment, leave=command.most is None)
    except HelpWanted:
        return show_help(command)
    if not left and command.example:
        raise CannotRun(f"{name} needs to be told what, as in: twilio-mock {command.example}")
    if command.most is not None and len(left) > command.most:
        raise CannotRun(f"{left[command.most]!r} is too much: twilio-mock {command.usage}")
    return work_of(name)(flags, left, environment)


def show_help(command: Command | None) -> int:
    """Print the help on a command, or on all of them."""
    from twilio_mock.command_line import help_text

    if command is None:
        text = help_text.of_all()
    else:
        text = help_text.of_command(command.usage, command.about, command.options)
    print(text, end="")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 for what cannot be done as it was asked for."""
    try:
        return perform(sys.argv[1:] if arguments is None else arguments, os.environ)
    except CannotRun as problem:
        print(f"twilio-mock: {problem}", file=sys.stderr)
        return problem.status
    except KeyboardInterrupt:
        return 130  # as a shell says that SIGINT ended it


if __name__ == "__main__":
    sys.exit(main())
