"""What an account remembers of its webhooks: settings, faults in waiting, and the last ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twilio_mock.arguments import check_number, several
from twilio_mock.spelling import meant
from twilio_mock.state.sids import Sids

if TYPE_CHECKING:  # slow to import, and not needed before the first call or message
    from twilio_mock.state.deliveries import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """How the URLs of one account are asked. Times are seconds of real time.

    Raises `ValueError` for a time or a number that is not above 0, and for what is no URL;
    `TypeError` for a value of the wrong kind.
    """

    connect_timeout: float = 5.0
    """Seconds for a TCP connection; Twilio tries twice."""
    read_timeout: float = 15.0
    """Seconds from the end of the request to the next piece of the reply."""
    total_timeout: float = 15.0
    """Seconds for all of one URL: retries, redirects and the whole reply."""
    body_limit: int = 64 * 1024
    """Bytes of a reply that are read; one more is error 11750."""
    redirect_limit: int = 10
    """Redirects that are followed; one more is error 11215."""
    allow_hosts: frozenset[str] = frozenset()
    """Hosts besides this machine that may be asked; `*.example.com` and `*` are understood."""
    ca_file: str | None = None
    """A file with the certificates to trust instead of the system's."""
    verify_certificates: bool = True
    """Whether certificates are checked, as Twilio's Console can switch it."""
    deliver_to: Any = None
    """Takes everything: an ASGI or WSGI application, or the base URL of a local server."""
    public_url: str | None = None
    """The base of the URLs that are signed, when the configured ones are local."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "allow_hosts", several("allow_hosts", self.allow_hosts))
        for name in NUMBERS:
            value = getattr(self, name)
            check_number(name, value, whole=not name.endswith("_timeout"))
            if not value > 0:
                raise ValueError(f"twilio_mock: {name} must be above 0, not {value}")
        if not isinstance(self.verify_certificates, bool):
            given = self.verify_certificates
            raise TypeError(f"twilio_mock: verify_certificates is True or False, not {given!r}")
        if not (self.deliver_to is None or callable(self.deliver_to)):
            check_url("deliver_to", self.deliver_to, "an ASGI or WSGI application or ")
        if self.public_url is not None:
            check_url("public_url", self.public_url)


NUMBERS = ("connect_timeout", "read_timeout", "total_timeout", "body_limit", "redirect_limit")


def check_url(name: str, given: object, otherwise: str = "") -> None:
    """Refuse what is no URL of a server: `TypeError` for no text, `ValueError` for another one."""
    advice = f"{name} is {otherwise}a URL such as http://127.0.0.1:8000, not {given!r}"
    if not isinstance(given, str):
        raise TypeError(f"twilio_mock: {advice}")
    if not given.startswith(("http://", "https://")):
        raise ValueError(f"twilio_mock: {advice}")


EFFECTS = ("delay", "drop", "duplicate", "hold")
# The properties whose URLs are asked.
FIELDS = (
    *("voice_url", "voice_fallback_url", "status_callback", "sms_url", "sms_fallback_url"),
    "message_status_callback",
)


@dataclass(slots=True, eq=False)
class WebhookFault:
    """What is to go wrong with a webhook of the account, and how often still.

    `effect` is `drop`, `duplicate`, `delay` or `hold`; `field` is the property whose URL it
    hits, `*` for any. `seconds` is how long a delay lasts. Raises `ValueError` and `TypeError`
    for what could never hit.
    """

    effect: str
    field: str = "*"
    times: int = 1
    seconds: float = 0.0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise ValueError(f"twilio_mock: no webhook fault is named {self.effect!r}")
        if self.field not in ("*", *FIELDS):
            advice = meant(str(self.field), ("*", *FIELDS))
            raise ValueError(f"twilio_mock: no URL is asked of {self.field!r}; {advice}")
        check_number("times", self.times, whole=True)
        check_number("seconds", self.seconds)
        if self.times < 1:
            raise ValueError(f"twilio_mock: times is 1 or more, not {self.times}")
        if not 0 <= self.seconds < float("inf"):
            raise ValueError(f"twilio_mock: a delay takes seconds from 0, not {self.seconds}")

    def fits(self, name: str) -> bool:
        """Whether it hits the next request to this property's URL."""
        return self.times > 0 and self.field in ("*", name)


class Webhooks:
    """The webhooks of one account.

    `ongoing` are the simulations that were begun over HTTP, by SID, and `held` the conversations
    of those that a fault has stopped: nobody else could hold them until they go on. `under_way`
    has something for each URL that is being asked, at most `most_under_way`.
    """

    __slots__ = (
        "deliveries",
        "dropped",
        "faults",
        "held",
        "most_under_way",
        "ongoing",
        "settings",
        "sids",
        "under_way",
    )

    def __init__(
        self, sids: Sids, settings: WebhookSettings, limit: int, most_under_way: int
    ) -> None:
        self.sids = sids
        self.settings = settings
        self.faults: list[WebhookFault] = []
        self.deliveries: deque[Delivery] = deque(maxlen=limit)
        self.dropped = 0
        self.most_under_way = most_under_way
        self.under_way: set[object] = set()
        self.ongoing: dict[str, Any] = {}
        self.held: dict[str, Any] = {}

    def add(self, delivery: Delivery) -> None:
        """Write one more delivery down."""
        if len(self.deliveries) == self.deliveries.maxlen:
            self.dropped += 1
            for kept in (self.ongoing, self.held):
                kept.pop(self.deliveries[0].sid, None)
        self.deliveries.append(delivery)

    def take_faults(self, name: str) -> Iterable[WebhookFault]:
        """The faults that hit the next request to this property's URL; each is used up by one."""
        hit = [fault for fault in self.faults if fault.fits(name)]
        for fault in hit:
            fault.times -= 1
            fault.hits += 1
        return hit
