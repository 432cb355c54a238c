"""The response headers that Twilio sends, as recorded in 2025 and 2026."""

from __future__ import annotations

from twilio_mock.rest.representations import rfc_2822
from twilio_mock.version import __version__

ALWAYS = {
    "X-Home-Region": "us1",
    "X-API-Domain": "api.twilio.com",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Powered-By": "AT-5000",
    "X-Shenanigans": "none",
    "Vary": "Origin",
    # So that nobody takes this for the real one.
    "X-Twilio-Mock": __version__,
}

# Sent with every answer until 2023, since then, it seems, only to browsers.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
        "If-Unmodified-Since, Idempotency-Key"
    ),
    "Access-Control-Expose-Headers": "ETag",
}


def response_headers(
    content_type: str | None, length: int, request_id: str, now: float, duration: float
) -> dict[str, str]:
    """The headers of any answer: `length` in bytes, `duration` in seconds.

    `content_type` is `None` for an answer without a body.
    """
    about = {"Content-Type": content_type, "Content-Length": str(length)} if content_type else {}
    return {
        **about,
        "Date": rfc_2822(int(now), "GMT"),
        "Twilio-Request-Id": request_id,
        "Twilio-Request-Duration": f"{duration:.3f}",
        **ALWAYS,
    }
