"""The peers that are compared with: installed into a folder of their own, and found there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / ".peers"
PYTHON, NODE = FOLDER / "python", FOLDER / "node" / "node_modules"
PIP_PACKAGES = ("localstripe", "pytest-httpserver")
# The second one carries Twilio's OpenAPI document.
NODE_PACKAGES = ("@stoplight/prism-cli@5", "@twilio/cli-core")
PRISM = NODE / "@stoplight" / "prism-cli" / "dist" / "index.js"
DOCUMENT = NODE / "@twilio" / "cli-core" / "src/services/twilio-api/twilio_api_v2010.json"
# Names another copy of Twilio's OpenAPI document.
VARIABLE = "TWILIO_OPENAPI_DOCUMENT"
ADVICE = "run: python -m benchmarks --install-peers"


class NotInstalled(Exception):
    """A peer is not here; the text says how to get it."""


def install() -> None:
    """Install all of them; raises `subprocess.CalledProcessError`."""
    pip = [sys.executable, "-m", "pip", "install", "--upgrade", "--target", str(PYTHON)]
    npm = ["npm", "install", "--prefix", str(FOLDER / "node"), "--ignore-scripts", "--no-audit"]
    subprocess.run([*pip, *PIP_PACKAGES], check=True)  # noqa: S603 (our own command)
    subprocess.run([*npm, "--no-fund", *NODE_PACKAGES], check=True)  # noqa: S603


def prism_command() -> list[str]:
    """Prism with Twilio's document, without address; raises `NotInstalled`."""
    document = Path(os.environ.get(VARIABLE) or DOCUMENT)
    if shutil.which("node") is None or not PRISM.exists():
        raise NotInstalled(f"Prism is not installed; {ADVICE}")
    if not document.exists():
        raise NotInstalled(f"no OpenAPI document of Twilio's; set {VARIABLE}, or {ADVICE}")
    return ["node", str(PRISM), "mock", str(document)]


def find_python_peer(package: str) -> None:
    """Make one of the Python packages importable, behind what is installed; or `NotInstalled`.

    Behind: so that a peer runs on the very aiohttp that we run on.
    """
    if not (PYTHON / package).exists():
        raise NotInstalled(f"{package} is not installed; {ADVICE}")
    sys.path.append(str(PYTHON))
