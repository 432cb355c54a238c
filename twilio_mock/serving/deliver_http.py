"""A request to an endpoint over HTTP or HTTPS, and what each way to fail is called by Twilio."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from ipaddress import ip_address

import aiohttp
from aiohttp import AddrInfoType
from yarl import URL

from twilio_mock.serving.body import BodyTooLarge, BodyUnreadable, decompressed
from twilio_mock.state.deliveries import WebhookFailure, WebhookReply, WebhookRequest
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.waiting import real_clock
from twilio_mock.webhooks.routes import is_loopback

_seconds = real_clock(time)
# OpenSSL's X509_V_ERR_ numbers.
EXPIRED = frozenset({9, 10})
OTHER_NAME = frozenset({62, 64})


async def send_over_http(
    request: WebhookRequest, settings: WebhookSettings
) -> WebhookReply | WebhookFailure:
    """Send one request on a connection of its own, and read the reply up to the limit."""
    started = _seconds()
    try:
        return await ask(request, settings, started)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
        code, reason = named(problem, request)
        return WebhookFailure(code, reason, _seconds() - started)


async def ask(request: WebhookRequest, settings: WebhookSettings, started: float) -> WebhookReply:
    """The reply; raises what aiohttp raises."""
    times = aiohttp.ClientTimeout(
        total=request.total_timeout,
        sock_connect=request.connect_timeout,
        sock_read=request.read_timeout,
    )
    url = URL(request.url, encoded=True)
    connector = aiohttp.TCPConnector(
        ssl=trust(settings) if url.scheme == "https" else True,
        socket_factory=socket_here if is_loopback(url.host or "") else None,
    )
    async with (
        aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=times,
        ) as session,
        session.request(
            request.method,
            url,
            data=request.body or None,
            headers=request.headers,
            skip_auto_headers=("Accept-Encoding", "Content-Type"),
            allow_redirects=False,
        ) as answer,
    ):
        body, too_large = await read(answer, settings.body_limit)
        return WebhookReply(
            answer.status,
            tuple(answer.headers.items()),
            body,
            _seconds() - started,
            too_large,
        )


def socket_here(address: AddrInfoType) -> socket.socket:
    """A socket for an address of this machine; raises `OSError` for any other.

    The name localhost leads where the system's configuration says.
    """
    family, kind, protocol, _, place = address
    if not ip_address(place[0]).is_loopback:
        raise OSError(errno.EADDRNOTAVAIL, f"{place[0]} is not on this machine")
    return socket.socket(family, kind, protocol)


async def read(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """The body up to the limit, and whether there was more."""
    body = bytearray()
    while len(body) <= limit and (piece := await answer.content.readany()):
        body += piece
    if len(body) > limit:
        return bytes(body[:limit]), True
    try:
        return decompressed(bytes(body), answer.headers.get("Content-Encoding", ""), limit), False
    except BodyTooLarge:
        return b"", True
    except BodyUnreadable as problem:
        raise aiohttp.ClientPayloadError(str(problem)) from problem


def trust(settings: WebhookSettings) -> ssl.SSLContext:
    """Which certificates are good; self-signed ones are not (documented)."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    if not settings.verify_certificates:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def named(problem: Exception, request: WebhookRequest) -> tuple[int, str]:
    """Twilio's code for a failure (error dictionary, 11200 to 11240), and the failure in words."""
    if isinstance(problem, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return 11210, "no such host"
    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        return certificate(problem.certificate_error)
    if isinstance(problem, aiohttp.ClientSSLError | ssl.SSLError):
        return 11220, f"TLS handshake: {problem}"
    if isinstance(problem, aiohttp.ConnectionTimeoutError):
        return 11201, f"no connection within {request.connect_timeout:g} s"
    if isinstance(problem, aiohttp.SocketTimeoutError) and request.read_timeout < (
        request.total_timeout
    ):
        return 11205, f"nothing came for {request.read_timeout:g} s"
    if isinstance(problem, TimeoutError):
        return 11203, f"no whole reply within {request.total_timeout:.3g} s"
    if isinstance(problem, aiohttp.ClientConnectorError) and isinstance(
        problem.os_error, ConnectionRefusedError
    ):
        return 11202, "the connection was refused"
    if isinstance(problem, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return 11206, f"this is not HTTP: {problem}"
    if isinstance(problem, ValueError):
        return 11100, f"this is no URL: {request.url}"
    return 11205, f"the connection failed: {problem}"


def certificate(problem: Exception) -> tuple[int, str]:
    """What is wrong with a certificate."""
    code = getattr(problem, "verify_code", 0)
    words = getattr(problem, "verify_message", "") or str(problem)
    if code in EXPIRED:
        return 11236, f"certificate: {words}"
    if code in OTHER_NAME:
        return 11235, f"certificate: {words}"
    return 11237, f"certificate: {words}"
