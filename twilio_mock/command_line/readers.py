"""How the text of an option becomes its value; what cannot raises `ValueError`, which says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address

from twilio_mock.rest.routing import well_formed
from twilio_mock.rules import MISTAKES, RULES

HOST_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", re.ASCII)


def text(given: str) -> str:
    """Any text but none."""
    if not given:
        raise ValueError("must not be empty")
    return given


def port(given: str) -> int:
    """A port, or 0 for any free one."""
    if not given.isascii() or not given.isdigit() or int(given[:9]) > 65535:
        raise ValueError(f"{given!r} is no port: 1 to 65535, or 0 for any free one")
    return int(given)


def count(given: str) -> int:
    """A whole number above 0."""
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:13]) < 10**12:
        raise ValueError(f"{given!r} is no whole number above 0")
    return int(given)


def seconds(given: str) -> float:
    """A time above 0."""
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0 < value < 10**9:
        raise ValueError(f"{given!r} is no number of seconds above 0")
    return value


def host_name(given: str) -> str:
    """The name of a host, or its address, in small letters as requests are compared with it."""
    try:
        return str(ip_address(given))
    except ValueError:
        pass
    if not HOST_NAME.fullmatch(given):
        raise ValueError(f"{given!r} is no host name: no URL and no port, as in mock.example")
    return given.lower()


def account_sid(given: str) -> str:
    """An AccountSid."""
    if not well_formed(given, "AC"):
        raise ValueError(f"{given!r} is no AccountSid: AC and 32 hex digits are expected")
    return given


def account(given: str) -> tuple[str, str]:
    """An AccountSid and an auth token, which no message repeats."""
    sid, _, token = given.partition(":")
    if not sid or not token:
        raise ValueError("an AccountSid, a colon and an auth token are expected")
    return account_sid(sid), token


def rule(given: str) -> str:
    """The name of a suspected rule or of a mistake, or `all`."""
    return given if given == "all" else finding(given)


def finding(given: str) -> str:
    """The name of a suspected rule or of a mistake."""
    if given not in RULES and given not in MISTAKES:
        known = ", ".join(sorted([*RULES, *MISTAKES]))
        raise ValueError(f"no rule or mistake is named {given!r}; there are: {known}")
    return given


def yes(given: str) -> bool:
    """The value of a switch."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if given.lower() not in words:
        raise ValueError(f"{given!r} is neither 1 nor 0")
    return words[given.lower()]


def choice(*words: str) -> Callable[[str], str]:
    """One of some words."""

    def read(given: str) -> str:
        if given not in words:
            raise ValueError(f"{given!r} is none of: {', '.join(words)}")
        return given

    return read
