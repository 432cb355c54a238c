"""The mock as a program: started as a process of its own, watched, and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real_parts import ROOT, clean_environment
from tests.reliability.both_sides import PATIENCE

# As the program starts, unless it is told otherwise.
SID = "AC0123456789abcdef0123456789abcdef"
TOKEN = "fedcba9876543210fedcba9876543210"

LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
sys.argv = ["twilio-mock", *sys.argv[1:]]
runpy.run_module("twilio_mock", run_name="__main__")
"""


@dataclass
class Program:
    """One that runs, where it listens, and what it has written to stderr."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def told(self) -> str:
        """What it has written to stderr so far."""
        return self.log.read_text()

    @property
    def processor_seconds(self) -> float:
        """How long processors have worked for it (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> int:
        """Tell it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(3 * PATIENCE)


@contextmanager
def program(folder: Path, *words: str, files: int = 0) -> Iterator[Program]:
    """Run it, with so many files that it may open; kill it if it does not end by itself."""
    start = ["-c", LIMITED.format(files=files)] if files else ["-m", "twilio_mock"]
    path = folder / "stderr"
    with path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *start, "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=clean_environment(PYTHONPATH=str(ROOT)),
        )
        with process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                yield Program(process, int(line.rpartition(":")[2]), path)
            finally:
                process.kill()
