"""Who is compared: how each server is started, and what it is asked for the same purpose."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import peers
from benchmarks.processes import HOST, ServerProcess, free_port
from benchmarks.requests_asked import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    FORM,
    LIST,
    TEN_PARAMETERS,
    Asked,
    application_requests,
    of_twilio,
)

# Records that each server holds before it is measured. (localstripe writes all it has to a file
# for each one more, so that it would take long to store a thousand.)
STORED = 300

STRIPE = {"Authorization": "Bearer sk_test_12345"}
CUSTOMERS = "/v1/customers"
# As many as an Application's, of those that a customer has.
CUSTOMER = {
    "name": "Phone Me",
    "description": "https://me.example.com/voice",
    "email": "me@example.com",
    "phone": "+14155550100",
    "preferred_locales[0]": "en",
    "metadata[VoiceMethod]": "POST",
    "metadata[VoiceFallbackUrl]": "https://me.example.com/fallback",
    "metadata[StatusCallback]": "https://me.example.com/status",
    "metadata[SmsUrl]": "https://me.example.com/sms",
    "metadata[SmsMethod]": "GET",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: str


def ask(server: ServerProcess, requests: Iterable[Asked]) -> list[Answer]:
    """Ask a server one thing after another on one connection; raises `RuntimeError`."""
    connection, answers = HTTPConnection(HOST, server.port), []
    for asked in requests:
        connection.request(asked.method, asked.path, asked.body or None, dict(asked.headers))
        got = connection.getresponse()
        answers.append(Answer(got.status, dict(got.getheaders()), got.read().decode()))
        if got.status >= 300:
            raise RuntimeError(f"{asked.method} {asked.path}: {answers[-1]}")
    connection.close()
    return answers


def ours(folder: Path, name: str = "ours") -> ServerProcess:
    """The mock as its command line starts it, without the log of requests."""
    port = free_port()
    flags = ["--port", str(port), "--quiet", "--application-limit", "10000000"]
    flags += ["--account-sid", ACCOUNT_SID, "--auth-token", AUTH_TOKEN]
    command = [sys.executable, "-m", "twilio_mock", "serve", *flags]
    asked = of_twilio("GET", LIST).to_bytes(close=True)
    return ServerProcess(command, port, asked, folder / f"{name}.log")


def filled(server: ServerProcess) -> Mapping[str, Asked]:
    """Have our server store Applications; what it can be asked then."""
    created = ask(server, [of_twilio("POST", LIST, TEN_PARAMETERS)] * STORED)
    return application_requests(json.loads(created[-1].body)["sid"])


def bare(folder: Path, answers: Iterable[tuple[Asked, Answer]] = ()) -> ServerProcess:
    """aiohttp that answers each of these requests with the same bytes under the same headers."""
    constant = [
        {
            "method": asked.method,
            "path": asked.path.partition("?")[0],
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": answer.body,
        }
        for asked, answer in answers
    ]
    port, file = free_port(), folder / "answers.json"
    file.write_text(json.dumps(constant))
    command = [sys.executable, "-m", "benchmarks.bare", str(port), str(file)]
    return ServerProcess(command, port, Asked("GET", "/").to_bytes(close=True), folder / "bare.log")


def prism(folder: Path) -> ServerProcess:
    """Prism, which plays Twilio's OpenAPI document; raises `peers.NotInstalled`."""
    port = free_port()
    command = [*peers.prism_command(), "--host", HOST, "--port", str(port)]
    asked = of_twilio("GET", LIST).to_bytes(close=True)
    return ServerProcess(command, port, asked, folder / "prism.log")


def localstripe(folder: Path) -> ServerProcess:
    """localstripe as it starts itself, but on loopback; raises `peers.NotInstalled`."""
    peers.find_python_peer("localstripe")
    port = free_port()
    # It keeps its store in a file in the folder for temporary files.
    environment = {"TMPDIR": str(folder)}
    command = [sys.executable, "-m", "benchmarks.peer_localstripe", str(port)]
    asked = Asked("GET", CUSTOMERS, "", STRIPE).to_bytes(close=True)
    return ServerProcess(command, port, asked, folder / "localstripe.log", environment)


def filled_localstripe(server: ServerProcess) -> Mapping[str, Asked]:
    """Have localstripe store customers; what it can be asked then."""
    create = Asked("POST", CUSTOMERS, urlencode(CUSTOMER), {**STRIPE, "Content-Type": FORM})
    created = ask(server, [create] * STORED)
    record = f"{CUSTOMERS}/{json.loads(created[-1].body)['id']}"
    return {
        "fetch": Asked("GET", record, "", STRIPE),
        "create": create,
        "list": Asked("GET", CUSTOMERS + "?limit=50", "", STRIPE),
    }
