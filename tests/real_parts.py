"""The programs outside Python that the tests drive: which there are, and what if one is missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

DEMANDED = "TWILIO_MOCK_TESTS_REQUIRE"
"""Environment variable: the parts, comma separated, whose absence is a failure and no skip."""

ROOT = Path(__file__).parent.parent
NODE_PROJECT = ROOT / "examples" / "node"
TWILIO_CLI = ROOT / "tests" / "twilio_cli" / "node_modules" / ".bin" / "twilio"


@dataclass(frozen=True)
class RealPart:
    """A program on the PATH, the files it needs besides, and how to get both."""

    program: str
    remedy: str
    files: tuple[Path, ...] = ()

    def is_present(self) -> bool:
        """Whether the program and all its files are there."""
        return which(self.program) is not None and all(path.exists() for path in self.files)


REAL_PARTS: Mapping[str, RealPart] = {
    "chromium": RealPart("chromium", "install chromium from your system's packages"),
    "curl": RealPart("curl", "install curl from your system's packages"),
    "nginx": RealPart("nginx", "install nginx-light from your system's packages"),
    "node": RealPart(
        "node",
        "install Node.js 20 or newer, then run `npm ci --prefix examples/node`",
        files=(NODE_PROJECT / "node_modules" / "twilio",),
    ),
    "tap": RealPart(
        "tap-twilio",
        "run `pip install tap-twilio==0.2.2` in a virtual environment of its own, and link its "
        "bin/tap-twilio to a folder on the PATH",
    ),
    "twilio-cli": RealPart(
        "node",
        "install Node.js 20 or newer, then run `npm ci --prefix tests/twilio_cli`",
        files=(TWILIO_CLI,),
    ),
}


def require(name: str) -> None:
    """Skip the calling test if the part is missing, or fail it if the environment demands it."""
    demanded = set(filter(None, os.environ.get(DEMANDED, "").replace(" ", "").split(",")))
    if unknown := demanded - REAL_PARTS.keys():
        pytest.fail(f"{DEMANDED} names {sorted(unknown)}; there are: {', '.join(REAL_PARTS)}")
    part = REAL_PARTS[name]
    if part.is_present():
        return
    reason = f"{name} is missing: {part.remedy}"
    if name in demanded:
        pytest.fail(f"{reason} ({DEMANDED} demands it)")
    pytest.skip(reason)


def clean_environment(**added: str) -> dict[str, str]:
    """Our environment without what would lead a Twilio client elsewhere, and what is added."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TWILIO_") and not name.lower().endswith("_proxy")
    }
    return kept | added
