"""A server in a process of its own: started, timed, weighed and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
HOST = "127.0.0.1"
# Seconds between two looks whether a server listens, and until it is given up.
GLANCE, PATIENCE = 0.001, 60.0


class DidNotStart(Exception):
    """A server ended, or did not answer in time; the text holds the end of what it said."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """A server that listens on `port` of 127.0.0.1 from `with` on, and is ended after it.

    `seconds_to_answer` is the time from its start to its first answer to `asked`, whatever that
    answer says.
    """

    seconds_to_answer: float

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        asked: bytes,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port
        self._command = command
        self._asked = asked
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        # pip compiles what it installs: nobody starts a server that was not.
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            started = time.perf_counter()
            self._process = subprocess.Popen(  # noqa: S603 (our own commands)
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        try:
            self._wait_for_answer(started + PATIENCE)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.seconds_to_answer = time.perf_counter() - started
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def cpu_seconds(self) -> float:
        """What its threads have used so far, user and system together."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def resident_mib(self) -> float:
        """What it has in memory now."""
        lines = self._read("status").splitlines()
        [size] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
        return int(size) / 1024

    def _read(self, name: str) -> str:
        return Path(f"/proc/{self._process.pid}/{name}").read_text()

    def _wait_for_answer(self, deadline: float) -> None:
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() > deadline:
                end = self._log.read_text(errors="replace")[-1000:]
                raise DidNotStart(f"{' '.join(self._command)}: {end}")
            time.sleep(GLANCE)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((HOST, self.port)) as client:
            client.settimeout(PATIENCE)
            client.sendall(self._asked)
            return bool(client.recv(1))
        return False
