"""What is asked: the requests of the benchmark, as values and as bytes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
AUTH_TOKEN = "fedcba9876543210fedcba9876543210"  # noqa: S105 (invented)
LIST = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Applications.json"

TEN_PARAMETERS = {
    "FriendlyName": "Phone Me",
    "VoiceUrl": "https://me.example.com/voice",
    "VoiceMethod": "POST",
    "VoiceFallbackUrl": "https://me.example.com/fallback",
    "VoiceFallbackMethod": "GET",
    "StatusCallback": "https://me.example.com/status",
    "StatusCallbackMethod": "POST",
    "VoiceCallerIdLookup": "true",
    "SmsUrl": "https://me.example.com/sms",
    "SmsMethod": "GET",
}
TWO_PARAMETERS = {"FriendlyName": "Phone Me", "VoiceUrl": "https://me.example.com/other"}


def basic(user: str, password: str) -> str:
    """The Authorization header of HTTP Basic credentials."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, without the host."""

    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self, *, close: bool = False) -> bytes:
        """The request as it is sent; with `close` as the last one on its connection."""
        headers = {"Host": "127.0.0.1", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        if close:
            headers["Connection"] = "close"
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", self.body]).encode()


AUTHORIZED = {"Authorization": basic(ACCOUNT_SID, AUTH_TOKEN)}


def of_twilio(method: str, path: str, parameters: Mapping[str, str] | None = None) -> Asked:
    """A request with the account's credentials."""
    if parameters is None:
        return Asked(method, path, "", AUTHORIZED)
    return Asked(method, path, urlencode(parameters), {**AUTHORIZED, "Content-Type": FORM})


def application_requests(sid: str) -> Mapping[str, Asked]:
    """The four requests that are measured, about one Application."""
    record = LIST.replace(".json", f"/{sid}.json")
    return {
        "fetch": of_twilio("GET", record),
        "create": of_twilio("POST", LIST, TEN_PARAMETERS),
        "update": of_twilio("POST", record, TWO_PARAMETERS),
        "list": of_twilio("GET", LIST + "?PageSize=50"),
    }
