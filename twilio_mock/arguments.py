"""What a test passes in, looked at before it is used: several names, numbers, kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twilio_mock.spelling import meant

# RFC 9110 and RFC 5789.
METHODS = ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


def several(name: str, given: Iterable[str]) -> frozenset[str]:
    """Names of which several can be given; raises `TypeError` for what is no collection of texts.

    One text would be taken for its characters, of which `*` lets in everything.
    """
    if isinstance(given, str):
        raise TypeError(f"twilio_mock: {name} takes several names: {name}=[{given!r}]")
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        raise TypeError(f"twilio_mock: {name} is a list of names, not {given!r}")
    found = list(given)
    for each in found:
        if not isinstance(each, str):
            raise TypeError(f"twilio_mock: {name} is a list of names, and {each!r} is none")
    return frozenset(found)


def check_number(name: str, given: object, *, whole: bool = False) -> None:
    """Raise `TypeError` for what is no number, or no whole one."""
    wanted, kinds = ("a whole number", (int,)) if whole else ("a number", (int, float))
    if not isinstance(given, kinds) or isinstance(given, bool):
        raise TypeError(f"twilio_mock: {name} is {wanted}, not {given!r}")


def check_kind(name: str, given: object, kind: type, advice: str) -> None:
    """Raise `TypeError`, which ends in the advice, for what is not of this kind."""
    if not isinstance(given, kind):
        raise TypeError(f"twilio_mock: {name} is {advice}, not {given!r}")


def check_server(transport: object, port: object, tls: bool, proxy: bool) -> None:
    """Refuse, with `ValueError` or `TypeError`, what a mock cannot be reached by."""
    if transport not in ("socket", "in_process"):
        raise ValueError(f"twilio_mock: transport is socket or in_process, not {transport!r}")
    if proxy and tls:
        raise ValueError("twilio_mock: a proxy speaks HTTP with its clients; leave out tls")
    check_number("port", port, whole=True)


def check_names(what: str, given: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Raise `TypeError` for a name that would be ignored."""
    for name in given:
        if name not in known:
            raise TypeError(f"twilio_mock: {what} takes no {name!r}; {meant(name, known)}")
