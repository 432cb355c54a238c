"""Texts without the secrets that they may hold: what the journal shows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode

from twilio_mock.pairs import Pairs
from twilio_mock.resources.fields import Value
from twilio_mock.state.records import Record

MASK = "***"
# A shorter token cannot be told from a word of the text: it is looked for nowhere. Where a
# resource shows a secret, that is left out however short it is (see `hidden`).
SHORTEST = 8
# Parameters that carry a secret at Twilio, or in the code of somebody who mixes things up, in
# lower case and without what joins their words.
SECRET_PARAMETERS = {
    *("authtoken", "secondaryauthtoken", "authorization", "password", "secret", "token"),
    *("accesstoken", "apikey", "apisecret", "apikeysecret", "clientsecret"),
}
JOINTS = str.maketrans("", "", "_-")

Secrets = tuple[str, ...]


def hidden(record: Record) -> Record:
    """A record without its secrets."""
    return record.changed(dict.fromkeys(record.resource.secrets, MASK))


def secrets_in(holders: Iterable[Record | str]) -> Secrets:
    """The secrets of records, and texts that are secrets: as they are, in URLs, JSON and XML."""
    secrets: list[str] = []
    found: Iterable[Value]
    for holder in holders:
        if isinstance(holder, str):
            found, sid = [holder], ""
        else:
            found, sid = [holder[name] for name in holder.resource.secrets], holder.sid
        for secret in found:
            # Invented credentials, AC111... with 111..., must not make the SID unreadable.
            if isinstance(secret, str) and len(secret) >= SHORTEST and secret not in sid:
                secrets += spellings(secret)
    return tuple(secrets)


def spellings(secret: str) -> Iterable[str]:
    """A secret, and what becomes of it in a URL, in JSON and in XML."""
    if secret.isalnum() and secret.isascii():
        return (secret,)
    in_url = (quote(secret, safe=""), quote(secret), quote_plus(secret))
    return dict.fromkeys((secret, *in_url, json.dumps(secret)[1:-1], escape(secret, quote=False)))


def without(text: str, secrets: Secrets) -> str:
    """A text without these secrets, percent-encoded ones included."""
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, MASK)
    if "%" in text and any(secret in unquote(text) for secret in secrets):
        return without(unquote(text), secrets)
    return text


def body_without(body: bytes, secrets: Secrets) -> bytes:
    """The body of an answer without these secrets."""
    for secret in secrets:
        body = body.replace(secret.encode(errors="replace"), MASK.encode())
    return body


def pairs_without(pairs: Pairs, secrets: Secrets) -> Pairs:
    """Parameters without these secrets, and without the values that are secret by their name."""
    return tuple(
        (without(name, secrets), MASK if is_secret(name) else without(value, secrets))
        for name, value in pairs
    )


def is_secret(parameter: str) -> bool:
    """Whether a parameter carries a secret, by its name."""
    return parameter.translate(JOINTS).lower() in SECRET_PARAMETERS


def query_without(query: str, secrets: Secrets) -> str:
    """The text of a query without these secrets."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    kept = pairs_without(pairs, secrets)
    return without(query, secrets) if kept == pairs else urlencode(kept, safe=MASK)


def path_without(path: str, secrets: Secrets) -> str:
    """A path without these secrets."""
    kept = without(path, secrets)
    return kept if kept == path else quote(kept, safe=f"/{MASK}")
