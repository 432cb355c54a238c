"""Effects that give another answer: an error, a stub, a page of a gateway, broken JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType

from twilio_mock.control.faults.encounter import Effect, Encounter, Stub
from twilio_mock.error_table import DICTIONARY
from twilio_mock.errors import AuthenticationFailed, NotFound, TwilioError

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
CONTROL = re.compile(r"[\0-\x08\n-\x1f\x7f]")  # all but the tab: RFC 9110 section 5.5
JSON, TEXT, HTML = "application/json;charset=utf-8", "text/plain;charset=utf-8", "text/html"
# What HTTP says has no body: RFC 9110 section 6.4.1.
BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Error(Effect):
    """See `error`."""

    code: int
    message: str | None
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    name: str = "error"

    def takes_over(self) -> bool:
        """Nothing is done."""
        return True

    def strike(self, encounter: Encounter) -> bool:
        """Refuse the request."""
        encounter.instead = self.refusal(encounter.asked.path)
        return True

    def refusal(self, path: str) -> TwilioError:
        """The refusal of a path, in Twilio's own words where they are known."""
        plain = self.message is None and self.status is None
        if plain and self.code == 20404:
            return NotFound(path)
        if plain and self.code == 20003:
            return AuthenticationFailed()
        return TwilioError(self.code, self.message, status=self.status, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Respond(Effect):
    """See `respond` and `gateway_page`."""

    status: int
    content_type: str | None
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    name: str = "respond"

    def takes_over(self) -> bool:
        """Nothing is done."""
        return True

    def strike(self, encounter: Encounter) -> bool:
        """Put the stub in the place of the answer."""
        encounter.instead = Stub((self.status, self.content_type, self.body), self.headers)
        return True


@dataclass(frozen=True, slots=True)
class Garble(Effect):
    """See `garble`."""

    name: str = "garble"

    def strike(self, encounter: Encounter) -> bool:
        """Break the body of the answer."""
        encounter.changes.append(garbled)
        return True


def garbled(body: bytes) -> bytes:
    """As many bytes, of which the second half is no JSON and no XML."""
    kept = len(body) // 2
    return body[:kept] + (b"}<garbled" * len(body))[: len(body) - kept]


def error(code: int, message: str | None = None, *, status: int | None = None) -> Effect:
    """Refuse with one of Twilio's errors, by its code, and do nothing.

    HTTP status, message and `more_info` are those of Twilio's error dictionary, unless `message`
    or `status` say otherwise. Raises `ValueError` for a code that is not in the dictionary, if
    no `status` is given.
    """
    if status is None and code not in DICTIONARY:
        raise ValueError(
            f"twilio_mock: {code} is not in Twilio's error dictionary as of 2026; if it should "
            f"be, say the HTTP status too: error({code}, 'message', status=400)"
        )
    check_status(status or 400, least=400)
    return Error(code, message, status)


def too_many_requests(retry_after: int | None = None) -> Effect:
    """Refuse with 429 and 20429, and do nothing; `retry_after` (seconds) adds `Retry-After`."""
    headers = NO_HEADERS if retry_after is None else {"Retry-After": str(retry_after)}
    return Error(20429, None, None, headers, "too_many_requests")


def respond(
    status: int = 200,
    body: Mapping[str, object] | Sequence[object] | str | bytes | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
) -> Effect:
    """Give this answer and do nothing: a stub, also for what the mock does not model.

    A mapping or a list is sent as JSON, a `str` as plain text in UTF-8, unless `headers` name
    another Content-Type; they come before those of the mock. Raises `ValueError` for what HTTP
    cannot carry and `TypeError` for what JSON cannot.
    """
    check_status(status)
    for name, value in headers.items():
        if not TOKEN.fullmatch(name) or CONTROL.search(value):
            raise ValueError(f"twilio_mock: HTTP cannot carry the header {name!r}: {value!r}")
    content_type: str | None = JSON
    if body is None:
        content_type, sent = None, b""
    elif isinstance(body, bytes):
        content_type, sent = "application/octet-stream", body
    elif isinstance(body, str):
        content_type, sent = TEXT, body.encode()
    else:
        sent = json.dumps(body).encode()
    if sent and status in BODILESS:
        raise ValueError(f"twilio_mock: an answer with status {status} cannot have a body")
    return Respond(status, content_type, sent, dict(headers))


def gateway_page(status: int = 502) -> Effect:
    """Answer with an HTML page, as a gateway before Twilio's API does, and do nothing."""
    check_status(status)
    phrase = HTTPStatus(status).phrase
    title = f"{status} {phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Respond(status, HTML, page.encode(), name="gateway_page")


def garble() -> Effect:
    """Do what was asked, but break the second half of the answer's body: it is no JSON.

    Status, headers and length stay. An answer without a body (204) stays as it is.
    """
    return Garble()


def check_status(status: int, least: int = 200) -> None:
    """Refuse what is no HTTP status of a final answer, with `ValueError`."""
    if not least <= status <= 599:
        raise ValueError(f"twilio_mock: {status} is no HTTP status from {least} to 599")
