"""Who may use the control API: whoever has the token, and no foreign web page."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from twilio_mock.control.http.page import is_page
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.http.root import ROOT
from twilio_mock.settings import Settings
from twilio_mock.wire import Request

# Whether it answers may be asked by whoever looks after a container.
HEALTH = f"{ROOT}/health"


def check_guard(settings: Settings, request: Request) -> None:
    """Refuse a caller without the token, a foreign origin, and a host that is not this one.

    A page of another site can send its visitor's browser here, also under a name of its own
    (DNS rebinding): so Origin has to be this server itself, and Host an address or a known name.
    The files of our own page need no token: a browser cannot send it before it has them.
    Raises a `Problem` (401 or 403).
    """
    host = request.headers.get("Host", "")
    if not is_own_host(host, settings.control_hosts):
        message = f"the host {host!r} is not known here; allow it with control_hosts, "
        message += "or on the command line with --allow-host"
        raise Problem(403, message)
    origin = request.headers.get("Origin")
    if origin is not None and (not host or place_of(origin) != host):
        raise Problem(403, f"a page of {origin} may not use the control API")
    free = request.path == HEALTH or is_page(request.path)
    if settings.control_token is not None and not free:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        # What a client sends need not be UTF-8.
        sent = given.encode(errors="surrogatepass")
        if not compare_digest(sent, settings.control_token.encode()):
            message = "the control API needs its token, as in: Authorization: Bearer TOKEN"
            raise Problem(401, message, headers={"WWW-Authenticate": "Bearer"})


def place_of(origin: str) -> str:
    """The host and the port of an origin; nothing if it is malformed."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def is_own_host(host: str, known: frozenset[str]) -> bool:
    """Whether a Host header names an address, localhost, or a host that was allowed."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in known or name == "localhost" or name.endswith(".localhost") or not host:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
