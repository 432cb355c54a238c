"""The accounts: each an island with its own records, journal, clock and SIDs."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable

from twilio_mock.resources.schema import Resource
from twilio_mock.settings import Settings
from twilio_mock.state.clock import Clock
from twilio_mock.state.journal import Journal
from twilio_mock.state.records import Record
from twilio_mock.state.sids import Sids
from twilio_mock.state.tables import Table


class Account:
    """Everything that belongs to one AccountSid; no two accounts share anything that changes."""

    __slots__ = ("auth_token", "clock", "in_flight", "journal", "sid", "sids", "tables")

    def __init__(self, sid: str, auth_token: str, state: State) -> None:
        self.sid = sid
        self.auth_token = auth_token
        self.clock = Clock()
        self.sids = Sids(state.seed, sid)
        self.journal = Journal(state.settings.journal_limit)
        self.in_flight = 0
        self.tables = {
            resource.name: Table(resource, state.settings.remembered_deletions)
            for resource in state.resources
        }


class State:
    """All that one mock remembers: a dict of accounts, and the lock that guards it.

    `journal`, `sids` and `clock` serve the requests that reach no account. `renderings` holds the
    bytes of records that were shown lately.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        settings: Settings,
        seed: str | None = None,
    ) -> None:
        self.resources = tuple(resources)
        self.settings = settings
        self.seed = secrets.token_hex(8) if seed is None else seed
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.clock = Clock()
        self.sids = Sids(self.seed, "")
        self.journal = Journal(settings.journal_limit)
        self.renderings: dict[Record, bytes] = {}

    def add_account(self, sid: str, auth_token: str) -> Account:
        """Open an account; raises `ValueError` if there is one with this SID."""
        if sid in self.accounts:
            raise ValueError(f"twilio_mock: there is already an account {sid}")
        account = Account(sid, auth_token, self)
        self.accounts[sid] = account
        return account
