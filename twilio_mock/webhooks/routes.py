"""Where a URL is delivered: under which name it is signed, and who may be asked at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from twilio_mock.pairs import Pairs
from twilio_mock.state.deliveries import without_password
from twilio_mock.state.webhooks import WebhookSettings

# In a request line or in a header they would begin another line.
CONTROL = re.compile(r"[\0-\x1f\x7f]")


class Route(NamedTuple):
    """The URL that is signed, the one that is asked, and what a proxy between them adds."""

    signed: str
    asked: str
    headers: Pairs = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """The way to one configured URL and to where it redirects.

    What begins with `local` or `public` is asked at the local server and signed for the public
    one. Both are empty where there is no difference.
    """

    settings: WebhookSettings
    public: str = ""
    local: str = ""

    def find(self, url: str) -> Route:
        """The route of a URL; raises `ValueError` if its host may not be asked."""
        if CONTROL.search(url):
            raise ValueError(f"twilio_mock: {url!r} is no URL: it has control characters in it")
        for place in (self.public, self.local):
            if place and within(url, place):
                rest = url[len(place) :]
                route = Route(self.public + rest, self.local + rest, forwarded(self.public))
                break
        else:
            route = Route(url, url)
        if self.settings.deliver_to is None or isinstance(self.settings.deliver_to, str):
            check_host(route.asked, self.settings.allow_hosts)
        return route


def routes_of(url: str, settings: WebhookSettings) -> Routes:
    """The routes that begin at a configured URL."""
    if isinstance(settings.deliver_to, str):
        return Routes(settings, origin(url), settings.deliver_to.rstrip("/"))
    if settings.public_url is not None:
        return Routes(settings, settings.public_url.rstrip("/"), origin(url))
    return Routes(settings)


def origin(url: str) -> str:
    """Scheme and authority of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def within(url: str, place: str) -> bool:
    """Whether a URL lies at or below another one."""
    return url.startswith(place) and url[len(place) : len(place) + 1] in ("", "/", "?")


def forwarded(public: str) -> Pairs:
    """What a TLS proxy tells of the request that it takes; the Host stays the public one."""
    parts = urlsplit(public)
    host = parts.netloc.rpartition("@")[2]
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (
        ("Host", host),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", host),
        ("X-Forwarded-Port", str(port)),
        ("X-Forwarded-Proto", parts.scheme),
    )


def check_host(url: str, allowed: frozenset[str]) -> None:
    """Refuse, with `ValueError`, a host that is neither this machine nor allowed."""
    host = urlsplit(url).hostname or ""
    if is_loopback(host) or any(fnmatchcase(host, pattern.lower()) for pattern in allowed):
        return
    raise ValueError(
        f"twilio_mock: it would ask {without_password(url)}, which is not on this machine. "
        f"Pass deliver_to= (an application, or where it listens), or allow the host: "
        f"TwilioMock(allow_hosts=[{host!r}]), over HTTP POST .../webhooks/settings"
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def leads_somewhere(url: str) -> bool:
    """Whether this is a URL that can be asked."""
    if CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
