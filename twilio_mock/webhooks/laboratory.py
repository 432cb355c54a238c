"""The signature laboratory: one good request to an endpoint, and bad ones that it has to refuse."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from twilio_mock.pairs import Pairs
from twilio_mock.state.deliveries import WebhookReply, WebhookRequest, without_password
from twilio_mock.webhooks.conversation import Conversation, Outcome, Talk, Target
from twilio_mock.webhooks.requests import Letter, Limits, write_request
from twilio_mock.webhooks.routes import routes_of
from twilio_mock.webhooks.signature import signature

HEADER = "X-Twilio-Signature"


@dataclass(frozen=True, slots=True)
class Trial:
    """One request of the laboratory, and what the endpoint made of it."""

    name: str
    good: bool
    request: WebhookRequest
    outcome: Outcome

    @property
    def accepted(self) -> bool:
        """Whether the endpoint let it in: it answered below 400."""
        return isinstance(self.outcome, WebhookReply) and self.outcome.status < 400

    @property
    def passed(self) -> bool:
        """Whether that is right."""
        refused = isinstance(self.outcome, WebhookReply) and 400 <= self.outcome.status < 500
        return self.accepted if self.good else refused

    def __str__(self) -> str:
        outcome = self.outcome
        said = str(outcome.status) if isinstance(outcome, WebhookReply) else outcome.reason
        return f"{'right' if self.passed else 'WRONG'}: {self.name}: {said}"


@dataclass(slots=True)
class Findings:
    """The trials of one endpoint, in the order in which they were made."""

    trials: list[Trial] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all trials of one endpoint share."""

    conversation: Conversation
    target: Target
    parameters: Pairs

    def request(self, parameters: Pairs | None = None, url: str | None = None) -> WebhookRequest:
        """The good request, or one with other parameters or to another URL, well signed."""
        url = url or self.target.url.partition("#")[0]
        settings = self.conversation.settings
        limits = Limits(settings.connect_timeout, settings.read_timeout, settings.total_timeout)
        token = self.conversation.idempotency_token()
        letter = Letter(
            self.target.method,
            self.parameters if parameters is None else parameters,
            self.conversation.auth_token,
            token,
            "",
            limits,
        )
        return write_request(letter, routes_of(url, settings).find(url))

    def signed(self, request: WebhookRequest, url: str, token: str | None = None) -> WebhookRequest:
        """The same request with the signature of another URL, or made with another token."""
        form = request.parameters if request.method == "POST" else ()
        token = token or self.conversation.auth_token
        return with_signature(request, signature(token, url, form))

    def trials(self) -> Iterator[tuple[str, WebhookRequest]]:
        """The requests; the first one is good."""
        good = self.request()
        url = good.signed_url
        secondary = self.conversation.account.record["secondary_auth_token"]
        yield "a good request", good
        yield "signed with a wrong token", self.signed(good, url, secrets.token_hex(16))
        yield "a parameter was changed", self.forged(good, changed(self.parameters))
        yield "no signature header", with_signature(good, None)
        yield "signed for the other scheme", self.signed(good, other_scheme(url))
        yield "signed for another port", self.signed(good, other_port(url))
        yield (
            "signed with the secondary token",
            self.signed(good, url, str(secondary or secrets.token_hex(16))),
        )
        yield "the body was tampered with", self.forged(good, (*self.parameters, ("Injected", "1")))
        yield "a signature of another URL", self.signed(good, other_path(url))

    def forged(self, good: WebhookRequest, parameters: Pairs) -> WebhookRequest:
        """A request with other parameters than those that were signed."""
        return with_signature(self.request(parameters), good.header(HEADER))


def examine(bench: Bench, findings: Findings) -> Talk[None]:
    """Try an endpoint out."""
    for name, request in bench.trials():
        outcome = yield request
        assert outcome is not None  # noqa: S101  # what the drivers promise
        findings.trials.append(Trial(name, not findings.trials, request, outcome))


def with_signature(request: WebhookRequest, value: str | None) -> WebhookRequest:
    """The same request with this signature, or without one."""
    headers = [(name, sent) for name, sent in request.headers if name != HEADER]
    if value is not None:
        headers.append((HEADER, value))
    return replace(request, headers=tuple(headers))


def changed(parameters: Pairs) -> Pairs:
    """The parameters with another caller."""
    return tuple((name, "+15005550199" if name == "From" else value) for name, value in parameters)


def other_scheme(url: str) -> str:
    """The same URL with http for https, or the other way round."""
    scheme, _, rest = url.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"


def other_port(url: str) -> str:
    """The same URL with another explicit port.

    Not without its port: the SDKs' validators accept a signature of the URL without it.
    """
    parts = urlsplit(url)
    port = 8443 if parts.port != 8443 else 9443
    host = parts.netloc.removesuffix(f":{parts.port}")
    return parts._replace(netloc=f"{host}:{port}").geturl()


def other_path(url: str) -> str:
    """Another URL of the same server."""
    parts = urlsplit(url)
    return parts._replace(path=parts.path.rstrip("/") + "/other").geturl()


def summary(trials: list[Trial], url: str) -> str:
    """What the laboratory has found, in a line, and below it what went wrong."""
    good = [trial for trial in trials if trial.good]
    bad = [trial for trial in trials if not trial.good]
    line = (
        f"{without_password(url)} accepts {count(good)} of {len(good)} good, "
        f"refuses {count(bad)} of {len(bad)} bad"
    )
    return "\n  ".join([line, *(str(trial) for trial in trials if not trial.passed)])


def count(trials: list[Trial], of: Callable[[Trial], bool] = lambda trial: trial.passed) -> int:
    """How many of them were right."""
    return sum(of(trial) for trial in trials)
