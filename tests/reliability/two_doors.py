"""Two mocks that are told the same, one in process and one over the socket, and must agree."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from multidict import CIMultiDict

from tests.asking import FORM, Answer, SocketDoor, basic
from twilio_mock import AccountHandle, Settings, TwilioMock, error, hang, lose_response
from twilio_mock.control.faults.handles import FaultHandle
from twilio_mock.dispatch import finish, handle, resume
from twilio_mock.state.snapshots import Snapshot
from twilio_mock.wire import Request, Response, Wait

START = 1_000_000_000
# What is a matter of the moment, and what only a connection has.
TIMES = {"date", "twilio-request-duration"}
OF_THE_WIRE = {"server", "connection", "keep-alive"}


@dataclass
class Held:
    """A request that both mocks hold."""

    faults: list[FaultHandle]
    waiting: Wait
    door: SocketDoor


@dataclass
class Both:
    """The two mocks. What is done to them is plain values, so that a script can do it again."""

    mocks: tuple[TwilioMock, TwilioMock]
    door: SocketDoor
    held: dict[str, Held] = field(default_factory=dict)
    snapshots: dict[str, tuple[str, list[Snapshot]]] = field(default_factory=dict)

    @classmethod
    def start(cls, settings: Settings | None = None) -> Self:
        """Two empty mocks, of which the second runs."""
        mocks = [TwilioMock(redirect=False, settings=settings, seed="both") for _ in range(2)]
        mocks[1].__enter__()
        return cls((mocks[0], mocks[1]), SocketDoor(mocks[1].url))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()
        self.door.close()
        self.mocks[1].__exit__(None, None, None)

    def clear(self) -> None:
        """Forget every account but the default one."""
        for mock in self.mocks:
            for account in [each for each in mock.accounts if each.sid != mock.sid]:
                if account.sid in mock.accounts:
                    mock.accounts.free(account)
        self.end_given_up()
        assert not self.held  # their accounts were freed
        self.snapshots.clear()

    def accounts(self, sid: str) -> list[AccountHandle]:
        return [mock.accounts[sid] for mock in self.mocks]

    # What a test says.

    def open(self, sid: str) -> None:
        """An account without a parent, the same in every run, whose clock stands."""
        for mock in self.mocks:
            mock.accounts.create(sid=sid, auth_token=sid[2:], seed="both", date_created=START)
        self.set_clock(sid, START)

    def free(self, sid: str) -> None:
        for mock in self.mocks:
            mock.accounts.free(sid)
        self.end_given_up()

    def reset(self, sid: str) -> None:
        for account in self.accounts(sid):
            account.reset()
        self.end_given_up()
        self.set_clock(sid, START)

    def set_clock(self, sid: str, seconds: int) -> None:
        for account in self.accounts(sid):
            account.clock.set(datetime.fromtimestamp(seconds, UTC))

    def advance(self, sid: str, seconds: int) -> None:
        for account in self.accounts(sid):
            account.clock.advance(seconds)

    def snapshot(self, name: str, sid: str) -> None:
        self.snapshots[name] = sid, [account.snapshot() for account in self.accounts(sid)]

    def restore(self, name: str) -> None:
        sid, snapshots = self.snapshots[name]
        for account, to in zip(self.accounts(sid), snapshots, strict=True):
            account.restore(to)
        self.end_given_up()

    # What a client does.

    def credentials(self, sid: str, by: str) -> str:
        """Those of `own`, of `parent`, of a `stranger`, or of a key by its SID."""
        account = self.accounts(sid)[0]
        owner = account._account.owner
        if by == "parent" and owner is not None:
            return basic(owner.sid, str(owner.record["auth_token"]))
        if by.startswith("SK"):
            return basic(by, str(account.keys[by].secret))
        return basic(sid, "wrong" if by == "stranger" else account.auth_token)

    def request(
        self, sid: str, by: str, method: str, path: str, form: dict[str, str], query: str
    ) -> Request:
        headers = CIMultiDict({"Authorization": self.credentials(sid, by)})
        if method == "POST":
            headers["Content-Type"] = FORM
        root = "/2010-04-01" if path.startswith("Accounts") else f"/2010-04-01/Accounts/{sid}"
        return Request(method, f"{root}/{path}", query, headers, urlencode(form).encode())

    def ask(
        self, sid: str, by: str, method: str, path: str, form: dict[str, str], query: str = ""
    ) -> Answer | None:
        """Ask both; they must agree. `None` if the answer was lost."""
        request = self.request(sid, by, method, path, form, query)
        response = handle(self.mocks[0].state, request)
        assert isinstance(response, Response)
        finish(self.mocks[0].state, response)
        return self.agreed(response, self.over_the_socket(self.door, request))

    def over_the_socket(self, door: SocketDoor, request: Request) -> Answer | None:
        try:
            return door(request)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            door.close()
            return None

    def agreed(self, response: Response | None, other: Answer | None) -> Answer | None:
        """The one answer that both have given."""
        if response is None or response.sending.silent:
            assert other is None, f"in process the answer was lost, the socket said {other}"
            return None
        assert other is not None, f"over the socket the answer was lost, in process {response}"
        answer = Answer(response.status, CIMultiDict(response.headers), response.body)
        assert (answer.status, answer.body) == (other.status, other.body)
        one, two = ({n.lower(): v for n, v in x.headers.items()} for x in (answer, other))
        differing = {n: (v, two.get(n)) for n, v in one.items() if v != two.get(n)}
        assert not differing.keys() - TIMES, differing
        assert two.keys() - one.keys() <= OF_THE_WIRE
        return answer

    def again(
        self, effect: str, sid: str, by: str, method: str, path: str, form: dict[str, str]
    ) -> Answer | None:
        """Ask both while a fault is set that hits this one request."""
        effects = {"refuse": error(20503), "lose": lose_response()}
        faults = [each.fault("*", effects[effect], times=1) for each in self.accounts(sid)]
        answer = self.ask(sid, by, method, path, form)
        for fault in faults:
            fault.remove()
        return answer

    def hold(
        self,
        name: str,
        sid: str,
        by: str,
        method: str,
        path: str,
        form: dict[str, str],
        after_write: bool,
    ) -> None:
        """Have both hold a request until it is released."""
        request = self.request(sid, by, method, path, form, "")
        came = threading.Event()

        def note(_: object) -> bool:
            came.set()
            return True

        here, there = (hang(after_write=after_write) for _ in self.mocks)
        faults = [
            self.accounts(sid)[0].fault("*", here, times=1),
            self.accounts(sid)[1].fault("*", there, times=1, when=note),
        ]
        waiting = handle(self.mocks[0].state, request)
        assert isinstance(waiting, Wait)
        door = SocketDoor(self.mocks[1].url)
        door.send(request)
        assert came.wait(10)
        with self.mocks[1].state.lock:  # it came with the lock held: now it waits
            self.held[name] = Held(faults, waiting, door)

    def release(self, name: str) -> Answer | None:
        """Let both go on with a request; `None` if its account is gone."""
        held = self.held.pop(name, None)
        if held is None:
            return None
        for fault in held.faults:
            fault.remove()
        latch = held.waiting.pause.latch
        outcome: Response | None = None
        if latch is not None and not latch.given_up:
            resumed = resume(self.mocks[0].state, held.waiting)
            assert isinstance(resumed, Response)
            outcome = resumed
        finish(self.mocks[0].state, outcome or held.waiting)
        try:
            other: Answer | None = held.door.receive()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            other = None
        held.door.close()
        return self.agreed(outcome, other)

    def end_given_up(self) -> None:
        """End at both doors the requests whose account is gone; the socket does so by itself."""
        for name, held in list(self.held.items()):
            if held.waiting.pause.latch is not None and held.waiting.pause.latch.given_up:
                assert self.release(name) is None

    def agree(self) -> Any:
        """What is stored, which is the same in both."""
        here, there = (mock.export()["accounts"] for mock in self.mocks)
        # The default account of each is nobody's business here; its dates are those of its start.
        assert here[1:] == there[1:]
        return here[1:]
