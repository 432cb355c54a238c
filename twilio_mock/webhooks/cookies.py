"""Cookies: what an endpoint sets is sent back to it within the same call or message.

https://www.twilio.com/docs/usage/webhooks/voice-webhooks says that Twilio keeps them as a browser
does. Of that: host, path, Secure and the end of a cookie's life; never a cookie for other hosts.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import urlsplit

from twilio_mock.pairs import Pairs


class Place(NamedTuple):
    """Where a cookie is sent."""

    host: str
    path: str
    secure: bool


class Cookies:
    """The cookies of one conversation."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Place], str] = {}

    def take(self, url: str, headers: Pairs) -> None:
        """Keep what a reply from `url` sets, and drop what it ends."""
        parts = urlsplit(url)
        for name, value in headers:
            if name.lower() != "set-cookie":
                continue
            for cookie in parsed(value):
                path = cookie.path if cookie.path.startswith("/") else folder(parts.path)
                place = Place(parts.hostname or "", path, cookie.secure)
                self._kept.pop((cookie.name, place), None)
                if not cookie.ended:
                    self._kept[cookie.name, place] = cookie.value

    def header(self, url: str) -> str:
        """The Cookie header for a request to `url`; empty if there is nothing to send."""
        parts = urlsplit(url)
        path = parts.path or "/"
        return "; ".join(
            f"{name}={value}"
            for (name, place), value in self._kept.items()
            if place.host == parts.hostname
            and (path == place.path or path.startswith(place.path.rstrip("/") + "/"))
            and (parts.scheme == "https" or not place.secure)
        )


class Cookie(NamedTuple):
    """One cookie as a reply sets it."""

    name: str
    value: str
    path: str
    secure: bool
    ended: bool


def parsed(text: str) -> list[Cookie]:
    """The cookie of a Set-Cookie header; none if it is broken."""
    try:
        morsels = SimpleCookie(text).values()
    except CookieError:
        return []
    return [
        Cookie(
            morsel.key,
            morsel.coded_value,
            morsel["path"],
            bool(morsel["secure"]),
            is_over(morsel["max-age"], morsel["expires"]),
        )
        for morsel in morsels
    ]


def is_over(max_age: str, expires: str) -> bool:
    """Whether a cookie is set in order to be forgotten; Max-Age goes before Expires."""
    if max_age:
        return max_age.startswith("-") or max_age.strip("0") == ""
    return "1970" in expires


def folder(path: str) -> str:
    """The default path of a cookie (RFC 6265 section 5.1.4)."""
    return path.rpartition("/")[0] or "/"
