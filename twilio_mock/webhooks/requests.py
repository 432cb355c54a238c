"""How one request to an endpoint is written: its URL, its form, its headers and its signature.

Headers: requests recorded in 2023 and 2024.
"""

from __future__ import annotations

import base64
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from twilio_mock.pairs import Pairs
from twilio_mock.state.deliveries import WebhookRequest
from twilio_mock.webhooks.routes import Route
from twilio_mock.webhooks.signature import signature

FORM = "application/x-www-form-urlencoded"
USER_AGENT = "TwilioProxy/1.1"


class Limits(NamedTuple):
    """Seconds that a request may take."""

    connect: float
    read: float
    total: float


class Letter(NamedTuple):
    """What is to be sent, before it is known under which name the receiver goes."""

    method: str
    parameters: Pairs
    auth_token: str
    idempotency_token: str
    cookies: str
    limits: Limits


def write_request(letter: Letter, route: Route) -> WebhookRequest:
    """The request that takes this route, signed."""
    signed, asked, body = route.signed, route.asked, b""
    form: Pairs = ()
    if letter.method == "POST":
        form = letter.parameters
        body = urlencode(form).encode()
    else:
        signed = with_query(signed, letter.parameters)
        asked = with_query(asked, letter.parameters)
    added = dict(route.headers)
    bare, authorization = without_userinfo(asked)
    headers = [("Host", added.pop("Host", urlsplit(bare).netloc))]
    if letter.method == "POST":
        headers += [("Content-Type", FORM), ("Content-Length", str(len(body)))]
    headers += [
        ("I-Twilio-Idempotency-Token", letter.idempotency_token),
        ("Accept", "*/*"),
        ("User-Agent", USER_AGENT),
        ("X-Home-Region", "us1"),
        ("X-Twilio-Signature", signature(letter.auth_token, signed, form)),
        *added.items(),
    ]
    if letter.cookies:
        headers.append(("Cookie", letter.cookies))
    if authorization:
        headers.append(("Authorization", authorization))
    return WebhookRequest(
        letter.method, bare, tuple(headers), body, letter.parameters, signed, *letter.limits
    )


def with_query(url: str, parameters: Pairs) -> str:
    """A URL with parameters behind its own query; those that it has already are not repeated."""
    own = {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    added = urlencode([(name, value) for name, value in parameters if name not in own])
    if not added:
        return url
    return url + ("&" if "?" in url else "?") + added


def without_userinfo(url: str) -> tuple[str, str]:
    """A URL without user name and password, and the header that carries them instead."""
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ""
    encoded = base64.b64encode(unquote(userinfo).encode()).decode()
    return url.replace(parts.netloc, host, 1), f"Basic {encoded}"
