"""What the server writes to stderr: a line for each request, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = logging.getLogger("twilio_mock")


class TextLines(logging.Formatter):
    """A time and a sentence."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and what was raised below it."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line = f"{moment:%H:%M:%S.%f}"[:12] + f" {record.getMessage()}"
        if record.levelno >= logging.WARNING:
            line = f"{line[:12]} {record.levelname.lower()}: {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """A JSON object for each line; that of a request has a key for each of its properties."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        values = {"time": moment, "level": record.levelname.lower()}
        exchange = getattr(record, "exchange", None)
        values |= exchange if isinstance(exchange, dict) else {"message": record.getMessage()}
        if record.exc_info:
            values["raised"] = self.formatException(record.exc_info)
        return json.dumps(values)


def log_to_stderr(log_format: str, *, quiet: bool, verbose: bool) -> None:
    """Let the logger of this package write to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    level = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    LOGGER.setLevel(level)
