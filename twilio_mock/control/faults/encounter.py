"""A request that meets the faults of its account, and what they make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from twilio_mock.errors import TwilioError
from twilio_mock.pairs import Pairs
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.authentication import Caller
from twilio_mock.rest.parameters import read_pairs
from twilio_mock.rest.progress import text_of_parameters
from twilio_mock.rest.rendering import Parts
from twilio_mock.rest.routing import Path, Route
from twilio_mock.rest.task import Check
from twilio_mock.state import Account
from twilio_mock.state.records import Record
from twilio_mock.waiting import Pause
from twilio_mock.wire import USUAL, Request, Response, Sending


class Asked:
    """A request as the predicate of a fault sees it.

    `operation` is Twilio's operation id, `None` for what is not modelled; `method`, `path`,
    `query` and `headers` are as they were sent; `caller` says which credentials were used
    (`auth_token`, `secondary_auth_token` or the SID of an API key).
    """

    def __init__(
        self, request: Request, path: Path, route: Route | None, verb: Verb | None, who: Caller
    ) -> None:
        self.where = path
        self.route = route
        self.verb = verb
        self.who = who
        self.operation = route.resource.operation_id[verb] if route and verb else None
        self.method = request.method
        self.path = request.path
        self.query = request.query
        self.headers = request.headers
        self.caller = who.name
        self._request = request

    @property
    def sids(self) -> list[str]:
        """The parts of the path that can be the SID of what is asked for."""
        return list(self.where.segments[4:] or self.where.segments[3:])

    @cached_property
    def pairs(self) -> Pairs:
        """The parameters as they were sent; none if they cannot be read."""
        try:
            settings = self.who.account.state.settings
            check = Check(settings, lenient=True)
            return read_pairs(text_of_parameters(self._request, check), settings)
        except TwilioError:
            return ()

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters by their names at Twilio's; of a repeated one the last value."""
        return dict(self.pairs)


@dataclass(frozen=True, slots=True)
class Stub:
    """An answer that a test gives instead of the mock's: its status, content type and body."""

    parts: Parts
    headers: Mapping[str, str]


# Instead of an answer: the connection ends.
SILENCE = Stub((0, None, b""), {})


@dataclass(slots=True)
class Encounter:
    """What the faults of an account do to one request, as far as they were asked.

    `before` and `after` are waited for before and after the operation; `instead` takes the place
    of the operation; `changes` are made to the body of the answer; `sending` says how the answer
    is sent, and `cut`, from the length of its body, how much of it; `past` holds what a read is
    to find for records that were written lately (`None` for nothing); `on_end` is called when all
    is over.
    """

    asked: Asked
    account: Account
    names: list[str] = field(default_factory=list)
    before: list[Pause] = field(default_factory=list)
    after: list[Pause] = field(default_factory=list)
    instead: TwilioError | Stub | None = None
    changes: list[Callable[[bytes], bytes]] = field(default_factory=list)
    sending: Sending = USUAL
    cut: Callable[[int], int | None] | None = None
    past: dict[str, Record | None] = field(default_factory=dict)
    on_end: list[Callable[[], None]] = field(default_factory=list)

    def draw(self) -> float:
        """A number from 0 up to 1, from the account's own luck."""
        return self.account.faults.draw() if self.account.faults else 0.0

    def changed(self, body: bytes) -> bytes:
        """The body of the answer as the client gets to see it."""
        for change in self.changes:
            body = change(body)
        return body

    def complete(self, response: Response) -> None:
        """Add to an answer what the test gave for it, and how it is to be sent."""
        if isinstance(self.instead, Stub):
            given = {name.lower() for name in self.instead.headers}
            kept = {n: v for n, v in response.headers.items() if n.lower() not in given}
            response.headers = {**kept, **self.instead.headers}
        response.sending = self.sending
        if self.cut is not None and not self.sending.silent:
            response.sending = self.sending._replace(length=self.cut(len(response.body)))
        response.on_end = tuple(self.on_end)


class Effect:
    """What a fault does to a request that it hits: a value; see the functions that make them.

    `name` is the word for it.
    """

    name: str

    def takes_over(self) -> bool:
        """Whether it takes the place of the operation and its answer."""
        return False

    def arm(self) -> Effect:
        """What does it while a fault is set; an effect that remembers something makes a twin."""
        return self

    def strike(self, encounter: Encounter) -> bool:
        """Do it to a request; whether there was anything to do."""
        raise NotImplementedError

    def release(self, *, give_up: bool) -> None:
        """Let go the requests that it holds."""
