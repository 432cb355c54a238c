"""What was delivered: requests to the user's URLs, their replies and their verdicts, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from twilio_mock.pairs import Pairs

# Headers that open something: an attempt is printed without them.
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a TwiML document; `text` is what stands in it before its first child."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Element, ...] = ()

    def find(self, name: str) -> Element:
        """The first element of this name at any depth, in the order of the document.

        Raises `LookupError` if there is none.
        """
        __tracebackhide__ = True
        for element in self.walk():
            if element.name == name:
                return element
        names = ", ".join(dict.fromkeys(element.name for element in self.walk()))
        raise LookupError(f"twilio_mock: the TwiML has no <{name}>; it has: {names or 'nothing'}")

    def find_all(self, name: str) -> list[Element]:
        """All elements of this name at any depth, in the order of the document."""
        return [element for element in self.walk() if element.name == name]

    def walk(self) -> Iterator[Element]:
        """All elements below this one, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.walk()

    def __repr__(self) -> str:
        inside = " ".join(child.name for child in self.children) or repr(self.text)
        return f"<{self.name}: {inside}>"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One HTTP request to an endpoint of the user's, as it is sent.

    `url` is where it goes, with its query and without a fragment; `signed_url` is the one that
    the signature vouches for, which differs behind a proxy. Time limits are seconds.
    """

    method: str
    url: str
    headers: Pairs = field(repr=False)
    body: bytes
    parameters: Pairs
    signed_url: str = field(repr=False)  # it may have a password in it
    connect_timeout: float
    read_timeout: float
    total_timeout: float

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case; `None` if it is not sent."""
        return header(self.headers, name)

    def parameter(self, name: str) -> str | None:
        """The value of a parameter; `None` if it is not sent."""
        return dict(self.parameters).get(name)


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What an endpoint answered within `seconds`.

    `too_large` says that the body went on beyond what Twilio reads. `exception` is what an
    application raised that was asked in process, and that makes a 500.
    """

    status: int
    headers: Pairs = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    seconds: float = 0.0
    too_large: bool = False
    exception: Exception | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case; `None` if it is missing."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class WebhookFailure:
    """Why there was no reply: Twilio's code, in words, and after how many seconds."""

    error_code: int
    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way to a verdict, and what became of it."""

    request: WebhookRequest
    outcome: WebhookReply | WebhookFailure
    why: str = "asked"
    """`asked`, `retried`, `redirected` or `duplicated`."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One configured URL that was asked, with its redirects and retries, and the verdict.

    `field` is the property that holds the URL, such as `voice_url`. `error_code` is Twilio's,
    `None` if all went well; `reason` says it in words. `warnings` are what Twilio would only
    warn of, each with its code in front. `twiml` is the document, if the reply had one.
    """

    field: str
    method: str
    url: str
    hops: tuple[Hop, ...] = ()
    error_code: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    twiml: Element | None = None

    @property
    def request(self) -> WebhookRequest:
        """The last request that was sent; raises `LookupError` if none was."""
        hop = self._last_hop()
        if hop is None:
            raise LookupError(f"twilio_mock: nothing was sent to {self.field}: {self.reason}")
        return hop.request

    @property
    def reply(self) -> WebhookReply | None:
        """The last reply, or `None` if none came."""
        hop = self._last_hop()
        return hop.outcome if hop and isinstance(hop.outcome, WebhookReply) else None

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return sum(hop.outcome.seconds for hop in self.hops)

    def _last_hop(self) -> Hop | None:
        counted = [hop for hop in self.hops if hop.why != "duplicated"]
        return counted[-1] if counted else None

    def __repr__(self) -> str:
        verdict = f"{self.error_code}: {self.reason}" if self.error_code else "well"
        return f"<{self.field} {self.method} {without_password(self.url)}: {verdict}>"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a delivery: its name, more about it, and when (since 1970)."""

    name: str
    detail: str
    time: float


@dataclass(slots=True, kw_only=True)
class Delivery:
    """All that was sent for one call or one message, growing while it is being sent.

    `kind` is the simulation (`incoming_call`, ...), `cause` the Twilio-Request-Id of the API
    request that asked for it, `None` if a test did.
    """

    kind: str
    sid: str
    account_sid: str
    application_sid: str | None
    cause: str | None
    started: float
    attempts: list[Attempt] = field(default_factory=list)
    status_callbacks: list[Attempt] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    status: str = ""
    seen: bool = False
    """Whether somebody has looked at the outcome."""


def header(headers: Pairs, name: str) -> str | None:
    """The value of a header, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def without_password(url: str) -> str:
    """A URL that can be shown: user name and password are left out."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return scheme + separator + authority.rpartition("@")[2] + slash + path
