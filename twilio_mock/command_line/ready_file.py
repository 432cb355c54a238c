"""The file that says where the server listens, for as long as it does."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from twilio_mock.command_line.failures import CannotRun, reason


class ReadyFile:
    """A file that is there while the server listens: one that an earlier server left is removed."""

    def __init__(self, name: str | None) -> None:
        self.path = Path(name) if name else None

    def __enter__(self) -> Self:
        self.remove()
        return self

    def write(self, url: str) -> None:
        """Say where it listens; raises `CannotRun`."""
        if self.path is None:
            return
        # Written beside and moved there, so that nobody reads half of it.
        part = Path(f"{self.path}.{os.getpid()}")
        try:
            part.write_text(f"{url}\n")
            part.replace(self.path)
        except OSError as problem:
            with suppress(OSError):
                part.unlink()
            raise self.refusal(problem) from problem

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exception is None:
            self.remove()

    def remove(self) -> None:
        """Remove it; raises `CannotRun`."""
        if self.path is None:
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as problem:
            raise self.refusal(problem) from problem

    def refusal(self, problem: OSError) -> CannotRun:
        """What is wrong with the file."""
        return CannotRun(f"--ready-file {self.path}: {reason(problem)}")
