"""The conversation with an endpoint, without I/O: it yields requests and is sent the outcomes.

Whoever drives it sends each `WebhookRequest` and gives back its reply or its failure; waits out
each `Pause`; and at a `Hold` goes away, to come back when the test lets it go on.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urljoin

from twilio_mock.pairs import Pairs
from twilio_mock.state import Account
from twilio_mock.state.deliveries import (
    Attempt,
    Delivery,
    Event,
    Hop,
    WebhookFailure,
    WebhookReply,
    WebhookRequest,
    without_password,
)
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.cookies import Cookies
from twilio_mock.webhooks.judgement import CALLBACK, Expected, judge
from twilio_mock.webhooks.overrides import Overrides, read_overrides
from twilio_mock.webhooks.requests import Letter, Limits, write_request
from twilio_mock.webhooks.routes import CONTROL, leads_somewhere, routes_of

T = TypeVar("T")
Outcome = WebhookReply | WebhookFailure

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A POST becomes a GET at these (reported for 301); the parameters move into the query.
TO_GET = frozenset({301, 302, 303})


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until the test releases the delivery."""


Step = WebhookRequest | Pause | Hold
Talk = Generator[Step, Outcome | None, T]


@dataclass(frozen=True, slots=True)
class Target:
    """A configured URL: the property that holds it, and its method."""

    field: str
    url: str
    method: str


@dataclass(slots=True)
class Conversation:
    """All that is said to the endpoints of one call or message; cookies live as long as it."""

    account: Account
    settings: WebhookSettings
    delivery: Delivery
    cookies: Cookies = field(default_factory=Cookies)

    def note(self, name: str, detail: str = "") -> None:
        """Write down what happened."""
        delivery = self.delivery
        delivery.events.append(Event(name, detail, self.account.clock.now()))
        feed = self.account.state.feed
        if feed.active:
            with self.account.state.lock:
                place = len(delivery.events)
                feed.tell("delivery", delivery.account_sid, place, delivery.sid, name)

    def ask(
        self,
        targets: tuple[Target, Target | None],
        parameters: Callable[[tuple[int, str] | None], Pairs],
        expected: Expected,
    ) -> Talk[None]:
        """Ask the first URL for TwiML, and the second one if that fails.

        `parameters` is given the error code and the URL that failed, `None` at first.
        """
        primary, fallback = targets
        attempt = yield from self.fetch(primary, parameters(None), expected)
        self.delivery.attempts.append(attempt)
        if attempt.error_code is None or fallback is None:
            return
        failed = (attempt.error_code, primary.url.partition("#")[0])
        attempt = yield from self.fetch(fallback, parameters(failed), expected)
        self.delivery.attempts.append(attempt)

    def notify(self, target: Target | None, parameters: Pairs) -> Talk[None]:
        """Tell a status callback, if there is one; what it answers changes nothing."""
        if target is None:
            return
        attempt = yield from self.fetch(target, parameters, CALLBACK)
        self.delivery.status_callbacks.append(attempt)

    def fetch(self, target: Target, parameters: Pairs, expected: Expected) -> Talk[Attempt]:
        """Ask one URL until there is a verdict."""
        overrides = read_overrides(target.url, self.settings)
        self.note("asked", f"{target.field} {target.method} {without_password(target.url)}")
        hops: list[Hop] = []
        if overrides.refusal is not None:
            verdict: Outcome = overrides.refusal
        else:
            verdict = yield from self.send_among_others(target, parameters, overrides, hops)
        if isinstance(verdict, WebhookFailure):
            code, reason = verdict.error_code, verdict.reason
            attempt = self.attempt(target, hops, code, reason, overrides.warnings, None)
        else:
            found = judge(verdict, expected, hops[-1].request.url)
            warnings = overrides.warnings + found.warnings
            attempt = self.attempt(
                target, hops, found.error_code, found.reason, warnings, found.root
            )
        self.note("failed" if attempt.error_code else "answered", repr(attempt))
        return attempt

    def send_among_others(
        self, target: Target, parameters: Pairs, overrides: Overrides, hops: list[Hop]
    ) -> Talk[Outcome]:
        """Send the requests to one URL, unless too many URLs are being asked already."""
        webhooks, place = self.account.webhooks, object()
        with self.account.state.lock:
            if len(webhooks.under_way) >= webhooks.most_under_way:
                reason = f"{webhooks.most_under_way} URLs are being asked already (webhook_limit)"
                return WebhookFailure(20429, f"twilio_mock: {reason}")
            webhooks.under_way.add(place)
        try:
            return (yield from self.send(target, parameters, overrides, hops))
        finally:
            webhooks.under_way.discard(place)  # without the lock: this may be the garbage collector

    @staticmethod
    def attempt(target: Target, hops: list[Hop], *verdict: object) -> Attempt:
        """What became of a target."""
        return Attempt(target.field, target.method, target.url, tuple(hops), *verdict)  # type: ignore[arg-type]

    def send(
        self, target: Target, parameters: Pairs, overrides: Overrides, hops: list[Hop]
    ) -> Talk[Outcome]:
        """Send the requests to one URL: with what faults do to them, again, and elsewhere."""
        url, method = target.url.partition("#")[0], target.method
        routes = routes_of(url, self.settings)
        token = self.idempotency_token()
        copies = yield from self.suffer_faults(target.field)
        redirects = tries = 0
        why = "asked"
        while True:
            left = overrides.total_timeout - sum(hop.outcome.seconds for hop in hops)
            limits = Limits(overrides.connect_timeout, overrides.read_timeout, left)
            if left <= 0:
                return WebhookFailure(11203, "the time for all tries was over")
            letter = Letter(
                method, parameters, self.auth_token, token, self.cookies.header(url), limits
            )
            request = write_request(letter, routes.find(url))
            outcome = yield from self.deliver(request, copies, hops, why)
            if tries < overrides.retries and overrides.retry_after(outcome):
                tries, why = tries + 1, "retried"
                self.note("retried", target.field)
                continue
            location = None
            if isinstance(outcome, WebhookReply):
                self.cookies.take(url, outcome.headers)
                location = redirect_of(outcome, url)
            if location is None:
                return outcome
            redirects, why = redirects + 1, "redirected"
            refusal = self.refused_redirect(redirects, location)
            if refusal is not None:
                return refusal
            self.note("redirected", without_password(location))
            if isinstance(outcome, WebhookReply) and outcome.status in TO_GET:
                method = "GET"
            url = location

    def deliver(
        self, request: WebhookRequest, copies: list[str], hops: list[Hop], why: str
    ) -> Talk[Outcome]:
        """Send one request, or lose it, or send it twice: then the first outcome counts."""
        effect = copies.pop() if copies else ""
        if effect == "drop":
            return WebhookFailure(11203, "a webhook fault has dropped the request")
        outcome = yield request
        assert outcome is not None  # noqa: S101  # what the drivers promise
        hops.append(Hop(request, outcome, why))
        if effect == "duplicate":
            second = yield request
            assert second is not None  # noqa: S101
            hops.append(Hop(request, second, "duplicated"))
        return outcome

    def suffer_faults(self, name: str) -> Talk[list[str]]:
        """What the account's faults do to the next request: wait here, and name the rest."""
        with self.account.state.lock:
            faults = self.account.webhooks.take_faults(name)
        for fault in faults:
            self.note("fault", f"{fault.effect} {name}")
            if fault.effect == "delay":
                yield Pause(fault.seconds)
            elif fault.effect == "hold":
                yield Hold()
        return [fault.effect for fault in faults if fault.effect in ("drop", "duplicate")]

    def refused_redirect(self, redirects: int, location: str) -> WebhookFailure | None:
        """Why a redirect is not followed (error dictionary: 11215, 11216)."""
        if not leads_somewhere(location):
            return WebhookFailure(11216, f"it redirects to {location!r}, which is no URL")
        if redirects > self.settings.redirect_limit:
            return WebhookFailure(11215, f"it redirected {redirects} times")
        return None

    @property
    def auth_token(self) -> str:
        """What requests are signed with: the account's own primary token, no other."""
        return str(self.account.record["auth_token"])

    def idempotency_token(self) -> str:
        """A UUID that the retries of a request share; the same in every run with one seed."""
        with self.account.state.lock:
            return str(uuid.UUID(hex=self.account.webhooks.sids.mint(""), version=4))


def redirect_of(reply: WebhookReply, url: str) -> str | None:
    """Where a reply redirects to, without a fragment; `None` if it does not."""
    if reply.status not in REDIRECTS:
        return None
    location = (reply.header("Location") or "").partition("#")[0]
    if CONTROL.search(location):
        return location  # urljoin would leave some of them out
    try:
        return urljoin(url, location) if location else ""
    except ValueError:
        return location
