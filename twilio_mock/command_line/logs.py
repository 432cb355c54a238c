"""What the server writes to stderr: a line for each request, as text or as JSON."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from twilio_mock.command_line.scribe import STDERR, Scribe, line_of
from twilio_mock.rest.log_lines import one_line
from twilio_mock.rules import MISTAKES

LOGGER = logging.getLogger("twilio_mock")
GREEN, YELLOW, RED, PLAIN = "\33[32m", "\33[33m", "\33[31m", "\33[0m"


class TextLines(logging.Formatter):
    """A time and a sentence; a request with a mistake is a warning, if `warn` is set."""

    def __init__(self, *, warn: bool, colours: bool) -> None:
        super().__init__()
        self.warn = warn
        self.colours = colours

    def format(self, record: logging.LogRecord) -> str:
        """One line, and what was raised below it, indented: nothing can forge a line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        text, exchange = record.getMessage(), exchange_of(record)
        said = mistakes(exchange) if self.warn else []
        if said:
            text = f"{text} ({'; '.join(said)})"
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        text = "\n    ".join(one_line(line) for line in text.split("\n"))
        if self.colours and exchange:
            arrow = f"-> {exchange['status']}"
            text = text.replace(arrow, f"{colour_of(exchange['status'])}{arrow}{PLAIN}", 1)
        level = "warning" if said else record.levelname.lower()
        if said or record.levelno >= logging.WARNING:
            mark = f"{YELLOW if level == 'warning' else RED}{level}:{PLAIN}"
            text = f"{mark if self.colours else f'{level}:'} {text}"
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03} {text}"


class JsonLines(logging.Formatter):
    """A JSON object for each line; that of a request has a key for each of its parts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        exchange = exchange_of(record)
        if exchange:
            return json.dumps({"time": moment, **exchange})
        values = {
            "time": moment,
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            values["raised"] = self.formatException(record.exc_info)
        return json.dumps(values)


def as_json(message: str) -> str:
    """The line of JSON for what is said before anything is logged."""
    level = logging.WARNING if ": warning: " in message else logging.INFO
    return JsonLines().format(line_of(level, message))


def exchange_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """The parts of a request's line; nothing for every other line."""
    parts: Mapping[str, Any] = getattr(record, "exchange", {})
    return parts


def mistakes(exchange: Mapping[str, Any]) -> list[str]:
    """What is surely wrong with a request, in words."""
    findings = exchange.get("findings", ())
    return [each["message"] for each in findings if each["rule"] in MISTAKES]


def colour_of(status: int) -> str:
    """The colour of an answer."""
    return GREEN if 200 <= status < 400 else YELLOW if 400 <= status < 500 else RED


@contextmanager
def log_to_stderr(
    log_format: str,
    environment: Mapping[str, str],
    *,
    warn: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> Iterator[None]:
    """Let the logger of this package write to stderr while the block runs.

    Colours are for a terminal whose user has not set NO_COLOR (https://no-color.org).
    """
    scribe = Scribe()
    plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    colours = not plain and os.isatty(STDERR)
    lines = JsonLines() if log_format == "json" else TextLines(warn=warn, colours=colours)
    scribe.setFormatter(lines)
    before = LOGGER.propagate, LOGGER.level
    LOGGER.addHandler(scribe)
    LOGGER.propagate = False
    LOGGER.setLevel(logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO)
    try:
        yield
    finally:
        LOGGER.propagate = before[0]
        LOGGER.setLevel(before[1])
        LOGGER.removeHandler(scribe)
        scribe.close()
