"""`twilio-mock healthcheck`: tells whether a server answers."""

from __future__ import annotations

import argparse
import http.client
import json
from collections.abc import Mapping
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from twilio_mock.command_line.failures import CannotRun

TIMEOUT = 3.0  # seconds


def healthcheck(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Ask a server whether it is well; 0 if it is, 1 and a line if it is not."""
    url = flags.url or f"http://127.0.0.1:{flags.port}"
    if not url.startswith(("http://", "https://")):
        raise CannotRun(f"{url!r} is no http URL")
    # Never through a proxy of the environment: the server is on this machine.
    opener = build_opener(ProxyHandler({}))
    headers = {"Authorization": f"Bearer {flags.control_token}"} if flags.control_token else {}
    opener.addheaders = list(headers.items())
    try:
        with opener.open(f"{url}/_twilio_mock/health", timeout=TIMEOUT) as answer:
            well = json.load(answer) == {"status": "ok"}
    except (URLError, OSError, ValueError, http.client.HTTPException) as problem:
        print(f"{url} does not answer: {getattr(problem, 'reason', problem)}")
        return 1
    print(f"{url} is {'well' if well else 'no twilio-mock'}")
    return 0 if well else 1
