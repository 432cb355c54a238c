"""The mirror of accounts that another process keeps: what is read of them is fetched first.

So everything that reads (collections, searches, assertions, differences, simulations) is the
same code for an account of this process and for one of another.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from twilio_mock.control.seed_file import seed_account
from twilio_mock.remote.faults import MirroredFaults
from twilio_mock.remote.journals import MirroredJournal
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.schema import Resource
from twilio_mock.serving.control_caller import ControlCaller
from twilio_mock.settings import Settings
from twilio_mock.state import Account, State
from twilio_mock.state.accounts import Crash, Crashes
from twilio_mock.state.clock import Clock
from twilio_mock.state.records import Record
from twilio_mock.state.sids import Sids
from twilio_mock.state.tables import Table

# What the server has let pass is not refused here.
UNLIMITED = Settings(application_limit=10**9, subaccount_limit=10**9, account_limit=10**9)


class Mirror(State):
    """Of a mock in another process: those accounts that were opened from here."""

    def __init__(self, ask: ControlCaller) -> None:
        super().__init__(RESOURCES, UNLIMITED)
        self.ask = ask
        self.kept_at = ask.url
        self.journal = MirroredJournal(ask, "/unknown_requests")

    def add(self, sid: str, owner: MirroredAccount | None) -> MirroredAccount:
        """Mirror one more account."""
        account = self.accounts[sid] = MirroredAccount(sid, self, owner)
        return account


class MirroredAccount(Account):
    """One account: its records, journal, clock and faults are there, its webhooks are here.

    Calls and messages are simulated by this process, so that they reach what listens here.
    """

    __slots__ = ("_ask", "_place")

    def __init__(self, sid: str, state: Mirror, owner: MirroredAccount | None) -> None:
        self._ask = state.ask
        self._place = f"/accounts/{sid}"
        self.sid = sid
        self.state = state
        self.owner = owner
        self.sids = self.request_ids = Sids(secrets.token_hex(8), sid)
        self.journal = MirroredJournal(state.ask, f"{self._place}/requests")
        self.escapes = ()
        self.faults = MirroredFaults(state.ask, self._place)
        self.in_flight = 0
        self.tables = {}
        self.snapshots = {}
        self.webhooks_in_use = None

    def table(self, resource: Resource) -> Table:
        """The records of a resource, as they are now.

        Raises `LookupError` for an account that was freed, and for a resource of one's own.
        """
        if resource not in self.state.resources:
            where = f"the mock at {self._ask.url}"
            raise LookupError(
                f"twilio_mock: {where} has no {resource.plural}: they are a resource "
                "of your own, and work with a TwilioMock of this process"
            )
        self.refresh()
        return super().table(resource)

    @property
    def record(self) -> Record:
        """What is stored of the account itself now; raises `LookupError` once it was freed."""
        self.refresh()
        return super().record

    def refresh(self) -> None:
        """Fetch what the account and its subaccounts hold."""
        if isinstance(self.owner, MirroredAccount):
            self.owner.refresh()
            return
        try:
            document = self._ask("GET", self._place)
        except LookupError:
            message = f"twilio_mock: account {self.sid} was freed, nothing is left of it"
            raise LookupError(message) from None
        there = State(RESOURCES, UNLIMITED)
        seed_account(there, document, "the account")
        mirror = self.state
        assert isinstance(mirror, Mirror)  # noqa: S101  # for the checker
        with mirror.lock:
            family = [each for each in mirror.accounts.values() if each.owner is self]
            for gone in family:
                if gone.sid not in there.accounts:
                    del mirror.accounts[gone.sid]
            for sid, found in there.accounts.items():
                mine = mirror.accounts.get(sid) or mirror.add(sid, self)
                mine.tables = found.tables
            mirror.opened_by.update(there.opened_by)

    @property
    def clock(self) -> Clock:  # type: ignore[override]
        """A clock that shows what the one there shows."""
        shown = self._ask("GET", f"{self._place}/clock")
        moment, clock = datetime.fromisoformat(shown["now"]).timestamp(), Clock()
        if shown["stopped"]:
            clock.stop(moment)
        else:
            clock.advance(moment - datetime.now(UTC).timestamp())
        return clock

    @property
    def crashes(self) -> Crashes:  # type: ignore[override]
        """The unexpected exceptions inside the mock there."""
        found = self._ask("GET", f"{self._place}/crashes")["crashes"]
        return tuple(Crash(**each) for each in found)
