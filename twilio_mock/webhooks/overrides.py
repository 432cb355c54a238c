"""Connection overrides: how the fragment of a URL changes the way in which it is asked.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from twilio_mock.state.deliveries import WebhookFailure, WebhookReply
from twilio_mock.state.webhooks import WebhookSettings

# Milliseconds that the documentation allows.
RANGES: Mapping[str, tuple[int, int]] = {
    "ct": (100, 10_000),
    "rt": (100, 15_000),
    "tt": (100, 15_000),
    "rc": (0, 5),
}
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
EDGES = frozenset(
    {
        *("ashburn", "dublin", "frankfurt", "roaming", "sao-paulo", "singapore"),
        *("singapore-ix", "sydney", "tokyo", "umatilla", "ashburn-ix", "san-jose-ix"),
        *("london-ix", "frankfurt-ix", "sydney-ix"),
    }
)
CONNECT_TIMED_OUT = 11201
READ_TIMED_OUT = 11205


@dataclass(frozen=True, slots=True)
class Overrides:
    """How one URL is to be asked. Times are seconds; `refusal` is the error of a bad fragment."""

    connect_timeout: float
    read_timeout: float
    total_timeout: float
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})
    warnings: tuple[str, ...] = ()
    refusal: WebhookFailure | None = None

    def retry_after(self, outcome: WebhookReply | WebhookFailure) -> bool:
        """Whether such an outcome is worth another try."""
        if isinstance(outcome, WebhookFailure):
            kind = {CONNECT_TIMED_OUT: "ct", READ_TIMED_OUT: "rt"}.get(outcome.error_code, "")
        else:
            kind = {4: "4xx", 5: "5xx"}.get(outcome.status // 100, "")
            if not kind:
                return False
        return kind in self.policies or "all" in self.policies


def read_overrides(url: str, settings: WebhookSettings) -> Overrides:
    """What the fragment of a URL says, over the account's settings."""
    fragment = url.partition("#")[2]
    sent = dict(parse_qsl(fragment, keep_blank_values=True))
    numbers: dict[str, int] = {}
    warnings: list[str] = []
    for name, (least, most) in RANGES.items():
        text = sent.get(name)
        if text is None:
            continue
        if text.isascii() and text.isdigit() and least <= int(text[:9]) <= most:
            numbers[name] = int(text)
        else:
            warnings.append(f"ignored #{name}={text}: it must be from {least} to {most}")
    policies = frozenset(sent.get("rp", "ct").split(","))
    return Overrides(
        numbers.get("ct", settings.connect_timeout * 1000) / 1000,
        numbers.get("rt", settings.read_timeout * 1000) / 1000,
        numbers.get("tt", settings.total_timeout * 1000) / 1000,
        numbers.get("rc", 1),
        policies,
        tuple(warnings),
        refusal(policies, sent.get("e", "ashburn")),
    )


def refusal(policies: frozenset[str], edges: str) -> WebhookFailure | None:
    """The error of a fragment that Twilio does not take (error dictionary: 11240, 11243)."""
    unknown = sorted(policies - POLICIES)
    if unknown:
        reason = f"no retry policy is named {', '.join(unknown)}: {', '.join(sorted(POLICIES))}"
        return WebhookFailure(11243, reason)
    unknown = sorted(set(edges.split(",")) - EDGES)
    if unknown:
        return WebhookFailure(11240, f"no edge is named {', '.join(unknown)}")
    return None
