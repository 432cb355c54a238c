"""From the words of a command line, and the environment, to the values of its options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.options import Option
from twilio_mock.spelling import perhaps

HELP = ("-h", "--help")
Flags = SimpleNamespace
"""The values of the options by their names; those that may come several times are lists."""


class HelpWanted(Exception):
    """What was asked for is an explanation."""


class Parser:
    """Reads the words of one command; refuses in one line, which says where to read on."""

    def __init__(self, command: str, options: Iterable[Option]) -> None:
        self.command = command
        self.options = {option.flag: option for option in options}

    def parse(
        self, words: Sequence[str], environment: Mapping[str, str], *, leave: bool = False
    ) -> tuple[Flags, list[str]]:
        """The values, and the words that belong to no option.

        Raises `CannotRun`, and `HelpWanted` where `--help` is among the options. With `leave`
        everything is left from the first such word on. After `--` no word is an option.
        """
        given: dict[str, Any] = {}
        rest: list[str] = []
        coming = list(words)
        while coming:
            word = coming.pop(0)
            if word == "--" or (leave and not word.startswith("-")):
                rest += coming if word == "--" else [word, *coming]
                break
            if word.startswith("-") and word != "-":
                self.take(word, coming, given)
            else:
                rest.append(word)
        values = {
            option.name: given.get(option.name, self.otherwise(option, environment))
            for option in self.options.values()
        }
        return Flags(**values), rest

    def take(self, word: str, coming: list[str], given: dict[str, Any]) -> None:
        """Read one option, with its value."""
        flag, is_joined, text = word.partition("=")
        if flag in HELP:
            raise HelpWanted
        option = self.options.get(flag)
        if option is None:
            raise self.refusal(f"there is no option {flag}" + perhaps(flag, self.options))
        if not is_joined and option.is_switch:
            text = "1"
        elif not is_joined:
            if not coming or coming[0].startswith("--"):
                raise self.refusal(f"{flag} needs a value")
            text = coming.pop(0)
        value = self.read(option, flag, text)
        if option.several:
            given.setdefault(option.name, []).append(value)
        else:
            given[option.name] = value

    def otherwise(self, option: Option, environment: Mapping[str, str]) -> Any:
        """The value of an option that no flag sets; an empty variable counts as none."""
        text = environment.get(option.variable, "")
        if text == "":
            return option.default
        if option.several:
            parts = (part.strip() for part in text.split(","))
            return [self.read(option, option.variable, part) for part in parts]
        return self.read(option, option.variable, text)

    def read(self, option: Option, called: str, text: str) -> Any:
        """The value of a text; raises `CannotRun`, which says how the option was `called`."""
        try:
            return option.read(text)
        except ValueError as problem:
            raise self.refusal(f"{called}: {problem}") from None

    def refusal(self, why: str) -> CannotRun:
        """What cannot be done, and where to read on."""
        return CannotRun(f"{why} (twilio-mock {self.command} --help)")
