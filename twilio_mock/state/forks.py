"""What a forked process finds where its parent had locks: nothing that it could wait for in vain.

A fork may happen while another thread holds a lock. That thread is not there in the child, so
nobody would ever give it back.
"""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Protocol
from weakref import WeakSet


class Locked(Protocol):
    """What has a lock, and perhaps a server behind it in this process."""

    lock: threading.RLock | LostLock
    served: bool


class LostLock:
    """In place of a lock whose server runs in the parent: what comes to it is not seen here."""

    def __init__(self, process: int) -> None:
        self.process = process

    def __enter__(self) -> None:
        raise RuntimeError(
            f"twilio_mock: the server of this mock runs in process {self.process}, of which this "
            "one is a fork: what comes to it is not seen here. Clients may ask it from here; look "
            "at what it holds where it runs, or make a new mock here"
        )

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Never reached: it cannot be entered."""


class Forks:
    """All that has a lock in this process, as long as anybody else knows it."""

    def __init__(self) -> None:
        self.known: WeakSet[Locked] = WeakSet()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        """Give all of them locks that nobody holds."""
        for each in self.known:
            if isinstance(each.lock, LostLock):
                continue  # a fork of a fork
            each.lock = LostLock(os.getppid()) if each.served else threading.RLock()


# One for a process, because a fork is one of all of it.
FORKS = Forks()
