"""`twilio-mock healthcheck`: tells whether a server answers."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping, Sequence
from urllib.error import URLError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

from twilio_mock.command_line.failures import CannotRun, reason
from twilio_mock.command_line.parsing import Flags
from twilio_mock.control.http.root import ROOT
from twilio_mock.defaults import ASKED_AT

TIMEOUT = 3.0  # seconds


def healthcheck(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Ask a server whether it is well; 0 if it is, 1 and a line if it is not."""
    url = flags.url or url_of(flags)
    if not url.startswith(("http://", "https://")):
        raise CannotRun(f"{url!r} is no http URL")
    # Never through a proxy of the environment: the server is on this machine.
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=trusting(flags.tls_cert)))
    try:
        with opener.open(f"{url.rstrip('/')}{ROOT}/health", timeout=TIMEOUT) as answer:
            well = json.load(answer) == {"status": "ok"}
    except (URLError, OSError, ValueError, http.client.HTTPException) as problem:
        print(f"twilio-mock: {url} does not answer: {getattr(problem, 'reason', problem)}")
        return 1
    print(f"twilio-mock: {url} is {'well' if well else 'no twilio-mock'}")
    return 0 if well else 1


def url_of(flags: Flags) -> str:
    """Where a server listens that was given the same options."""
    host = ASKED_AT.get(flags.host, flags.host)
    scheme = "https" if flags.tls_cert else "http"
    return f"{scheme}://[{host}]:{flags.port}" if ":" in host else f"{scheme}://{host}:{flags.port}"


def trusting(cert: str | None) -> ssl.SSLContext:
    """What trusts the server's own certificate, whatever name is in it."""
    try:
        context = ssl.create_default_context(cafile=cert)
    except ssl.SSLError as problem:
        raise CannotRun(f"--tls-cert {cert}: cannot be read ({problem.reason})") from problem
    except OSError as problem:
        raise CannotRun(f"--tls-cert {cert}: {reason(problem)}") from problem
    context.check_hostname = cert is None
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # it need not be that of an authority
    return context
