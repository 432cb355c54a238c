"""What a process holds: threads, tasks, open files, mocks that somebody still knows."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from contextlib import suppress
from typing import NamedTuple

from twilio_mock.state import State


class Held(NamedTuple):
    """How much of each."""

    threads: tuple[str, ...]
    tasks: int
    files: tuple[str, ...]
    states: int


def held() -> Held:
    """What this process holds now; Linux tells which files are open, elsewhere none are counted."""
    gc.collect()
    tasks = 0
    with suppress(RuntimeError):
        tasks = len(asyncio.all_tasks())
    states = sum(isinstance(each, State) for each in gc.get_objects())
    threads = sorted(each.name for each in threading.enumerate())
    return Held(tuple(threads), tasks, open_files(), states)


def open_files() -> tuple[str, ...]:
    """What each open file descriptor leads to, without the numbers of sockets and pipes."""
    found = []
    with suppress(FileNotFoundError):
        for name in os.listdir("/proc/self/fd"):
            with suppress(OSError):  # that of the listing itself
                found.append(os.readlink(f"/proc/self/fd/{name}").partition(":[")[0])
    return tuple(sorted(found))
