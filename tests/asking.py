"""How the tests ask the mock: one question, two doors, one kind of answer."""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from multidict import CIMultiDict

from twilio_mock import AccountHandle, TwilioMock
from twilio_mock.dispatch import finish, handle
from twilio_mock.rules import Finding
from twilio_mock.state import State
from twilio_mock.state.exchanges import Exchange
from twilio_mock.wire import Request, Response

FORM = "application/x-www-form-urlencoded"
Pairs = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass
class Answer:
    """What came back, through whichever door."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, int, str]:
        """Status, code and message of a refusal; its envelope has to be Twilio's."""
        envelope = self.json
        assert list(envelope) == ["code", "message", "more_info", "status"]
        assert envelope["status"] == self.status
        return self.status, envelope["code"], envelope["message"]


Door = Callable[[Request], Answer]


def in_process_door(state: State) -> Door:
    """Straight to `handle`, as the in-process transport of the SDK goes."""

    def ask(request: Request) -> Answer:
        response = handle(state, request)
        assert isinstance(response, Response)  # nobody waits here
        finish(state, response)
        return Answer(response.status, CIMultiDict(response.headers), response.body)

    return ask


@dataclass
class SocketDoor:
    """Over HTTP to a running server, on one connection that stays open."""

    url: str
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)

    def __call__(self, request: Request) -> Answer:
        self.send(request)
        return self.receive()

    def send(self, request: Request) -> None:
        """Ask, and do not wait."""
        target = request.path + ("?" + request.query if request.query else "")
        headers = {
            name: value.encode() if isinstance(value, str) else value
            for name, value in request.headers.items()
        }
        body = request.body or (b"" if request.method == "POST" else None)
        self.connection.request(request.method, target, body, headers)

    def receive(self) -> Answer:
        """Wait for the answer."""
        response = self.connection.getresponse()
        return Answer(response.status, CIMultiDict(response.headers.items()), response.read())

    def close(self) -> None:
        self.connection.close()


@dataclass
class Ask:
    """Asks one account, with its own credentials unless a test says otherwise."""

    door: Door
    mock: TwilioMock
    account: AccountHandle

    @property
    def state(self) -> State:
        """What the mock remembers, for tests of what no answer shows."""
        return self.mock.state

    @property
    def root(self) -> str:
        return f"/2010-04-01/Accounts/{self.account.sid}"

    @property
    def credentials(self) -> str:
        return basic(self.account.sid, self.account.auth_token)

    def neighbour(self) -> Ask:
        """Ask another, fresh account of the same mock."""
        return Ask(self.door, self.mock, self.mock.accounts.create())

    def __call__(
        self,
        method: str,
        path: str,
        form: Pairs | None = None,
        *,
        query: Pairs | str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        credentials: str | None = "own",
    ) -> Answer:
        """Ask for a path; one that does not start with a slash belongs to the account."""
        sent = CIMultiDict[str]()
        if credentials is not None:
            sent["Authorization"] = self.credentials if credentials == "own" else credentials
        if form is not None:
            sent["Content-Type"] = FORM
            body = urlencode(encoded(form)).encode()
        sent.update(headers or {})
        path = path if path.startswith("/") else f"{self.root}/{path}"
        text = query if isinstance(query, str) else urlencode(encoded(query))
        return self.door(Request(method, path, text, sent, body))

    def create(self, **fields: str) -> Any:
        """A new application, by parameters in Twilio's spelling, as it was answered."""
        answer = self("POST", "Applications.json", fields)
        assert answer.status == 201, answer.text
        return answer.json

    def update(self, sid: str, **fields: str) -> Any:
        """The application as it is answered after an update."""
        answer = self("POST", f"Applications/{sid}.json", fields)
        assert answer.status == 200, answer.text
        return answer.json

    def fetch(self, sid: str) -> Any:
        """The application as it is now."""
        answer = self("GET", f"Applications/{sid}.json")
        assert answer.status == 200, answer.text
        return answer.json

    def page(self, query: Pairs | str = "") -> Any:
        """One page of the list."""
        answer = self("GET", "Applications.json", query=query)
        assert answer.status == 200, answer.text
        return answer.json

    def follow(self, uri: str) -> Any:
        """The page that a page's own URI leads to."""
        path, _, query = uri.partition("?")
        answer = self("GET", path, query=query)
        assert answer.status == 200, answer.text
        return answer.json

    def sids(self) -> list[str]:
        """What the account holds, looked up behind the API's back."""
        return [application.sid for application in self.account.applications]

    @property
    def journal(self) -> list[Exchange]:
        """The account's journal, oldest line first."""
        return list(self.state.accounts[self.account.sid].journal.entries)

    @property
    def last_exchange(self) -> Exchange:
        """The newest line of the account's journal."""
        return self.journal[-1]

    @property
    def findings(self) -> list[Finding]:
        """What the mock remarked on the last request."""
        return list(self.last_exchange.findings)


def encoded(pairs: Pairs) -> list[tuple[str, str]]:
    return list(pairs.items() if isinstance(pairs, Mapping) else pairs)


def basic(user: str, password: str, encoding: str = "utf-8") -> str:
    """The value of an Authorization header."""
    return "Basic " + b64encode(f"{user}:{password}".encode(encoding)).decode()
