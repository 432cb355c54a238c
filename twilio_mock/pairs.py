"""Names and values in their order: of a form, of a query, of headers."""

from __future__ import annotations

from urllib.parse import unquote, unquote_to_bytes

Pairs = tuple[tuple[str, str], ...]


def pairs_of(text: str) -> Pairs:
    """The names and values of a form or a query; raises `UnicodeError` for bytes that are no UTF-8.

    A test compares it with the standard library's `parse_qsl`, which takes three times as long.
    """
    if not text:
        return ()
    if not text.isascii():
        # Bytes that were no UTF-8 come out of aiohttp as lone surrogates.
        text.encode()
    # What URLs are full of goes first, all at once. No escape is part of another one, and none
    # of these makes a new one.
    text = text.replace("+", " ").replace("%3A", ":").replace("%2F", "/")
    split = [part.partition("=") for part in text.split("&") if part]
    if "%" not in text:
        return tuple([(name, value) for name, _, value in split])
    return tuple([(decoded(name), decoded(value)) for name, _, value in split])


def decoded(text: str) -> str:
    """A text without its percent-encoding; raises `UnicodeError`."""
    if "%" not in text:
        return text
    return unquote_to_bytes(text).decode() if text.isascii() else unquote(text, errors="strict")
