"""Writes the log to stderr in a thread of its own, so that nobody waits for who reads it."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from queue import Full, Queue
from threading import Thread

STDERR = 2
# Lines that may wait for a reader; later ones are dropped, and counted.
WAITING = 1000
# Seconds in which what waits is written at the end.
LAST_WORDS = 0.05


class Scribe(logging.Handler):
    """A handler that never blocks: a pipe that nobody reads must not hold up the server.

    A test suite may well start the server with a pipe for its stderr, and never look into it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waiting: Queue[logging.LogRecord | None] = Queue(WAITING)
        self.dropped = 0
        self.thread: Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Have a line written."""
        if self.thread is None:
            self.thread = Thread(target=self.write_all, name="twilio_mock log", daemon=True)
            self.thread.start()
        try:
            self.waiting.put_nowait(record)
        except Full:
            self.dropped += 1

    def write_all(self) -> None:
        """Write what comes, until there is nobody to read it or nothing more will come."""
        # Not through sys.stderr: a thread that hangs in there would abort the interpreter's end.
        with suppress(OSError):
            while record := self.waiting.get():
                if self.dropped:
                    told = f"twilio-mock: nobody read here: {self.dropped} lines were dropped"
                    self.dropped = 0
                    write(self.format(line_of(logging.WARNING, told)) + "\n")
                write(self.format(record) + "\n")

    def close(self) -> None:
        """Write what is left, as far as that does not take long."""
        if self.thread is not None:
            with suppress(Full):
                self.waiting.put_nowait(None)
            self.thread.join(LAST_WORDS)
        super().close()


def write(text: str) -> None:
    """Write a text whole; raises `OSError` if nobody reads any more."""
    rest = text.encode("utf-8", "backslashreplace")
    while rest:
        rest = rest[os.write(STDERR, rest) :]


def line_of(level: int, message: str) -> logging.LogRecord:
    """A line that comes from no logger."""
    return logging.LogRecord("twilio_mock", level, "", 0, message, None, None)
