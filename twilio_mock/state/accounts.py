"""The accounts: each an island with its own records, journal, clock and SIDs."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from twilio_mock.complaints import EscapedRequest
from twilio_mock.errors import MockRefusal
from twilio_mock.resources.fields import Field
from twilio_mock.resources.registry import registered
from twilio_mock.resources.schema import Resource
from twilio_mock.settings import Settings
from twilio_mock.state.clock import Clock
from twilio_mock.state.faults import Faults
from twilio_mock.state.feed import Feed
from twilio_mock.state.forks import FORKS, LostLock
from twilio_mock.state.journal import Journal
from twilio_mock.state.leases import Leases
from twilio_mock.state.records import Record
from twilio_mock.state.renderings import Renderings
from twilio_mock.state.sids import Sids
from twilio_mock.state.tables import Table

if TYPE_CHECKING:  # most accounts never send a webhook
    from twilio_mock.state.webhooks import Webhooks, WebhookSettings

# Crashes, and requests that would have escaped: enough to see what goes wrong.
TOLD_AT_MOST = 20


class Crash(NamedTuple):
    """An unexpected exception inside the mock: on which request, and its traceback."""

    request: str
    traceback: str


Crashes = tuple[Crash, ...]


class Account:
    """Everything that belongs to one AccountSid; no two accounts share anything that changes,
    but for the table of accounts, which a parent keeps for its subaccounts too.

    `owner` is the parent of a subaccount. `in_flight` counts the requests whose answer is not
    sent yet. `faults` is made when the first one is set. `crashes` are the
    unexpected exceptions inside the mock, `escapes` the requests of the SDK that were stopped
    before they left for the real Twilio.
    """

    __slots__ = (
        "clock",
        "crashes",
        "escapes",
        "faults",
        "in_flight",
        "journal",
        "owner",
        "request_ids",
        "sid",
        "sids",
        "snapshots",
        "state",
        "tables",
        "webhooks_in_use",
    )

    def __init__(
        self, sid: str, state: State, owner: Account | None, seed: str | None = None
    ) -> None:
        seed = state.seed if seed is None else seed
        self.sid = sid
        self.state = state
        self.owner = owner
        self.clock = Clock()
        self.sids = Sids(seed, sid)
        self.request_ids = Sids(f"{seed} requests", sid)
        settings = state.settings
        self.journal = Journal(settings.journal_limit, settings.journal_bytes, state.feed)
        self.crashes: Crashes = ()
        self.escapes: tuple[EscapedRequest, ...] = ()
        self.faults: Faults | None = None
        self.in_flight = 0
        self.tables: dict[str, Table] = {}
        # By a name, those that were taken over HTTP, where nothing else can hold them.
        self.snapshots: dict[str, Any] = {}
        self.webhooks_in_use: Webhooks | None = None

    @property
    def webhooks(self) -> Webhooks:
        """The account's webhooks; most accounts never send one, so they are made when asked for."""
        if self.webhooks_in_use is None:
            with self.state.lock:  # two threads may come first
                if self.webhooks_in_use is None:
                    self.webhooks_in_use = self._new_webhooks()
        return self.webhooks_in_use

    def _new_webhooks(self) -> Webhooks:
        # SIDs of their own: a simulated call must not change those of the next records.
        from twilio_mock.state.webhooks import Webhooks, WebhookSettings

        sids = Sids(f"{self.state.seed} webhooks", self.sid)
        limits, settings = self.state.settings, self.state.webhook_settings or WebhookSettings()
        return Webhooks(sids, settings, limits.journal_limit, limits.webhook_limit)

    def table(self, resource: Resource) -> Table:
        """The records of a resource; those of the accounts are kept by the parent."""
        if resource.is_account and self.owner is not None:
            return self.owner.table(resource)
        table = self.tables.get(resource.name)
        if table is None:
            opened = self.state.opened_by if resource.opens_account else None
            limit = self.state.settings.remembered_deletions
            # Two threads may come first: both get the one that is put there first.
            made = Table(resource, limit, self.sid, opened)
            table = self.tables.setdefault(resource.name, made)
        return table

    @property
    def is_open(self) -> bool:
        """Whether it has not been freed."""
        return self.state.accounts.get(self.sid) is self

    @property
    def record(self) -> Record:
        """What is stored of the account itself; raises `LookupError` once it was freed."""
        # Each request asks for it a few times: table() would take three times as long.
        keeper = self if self.owner is None else self.owner
        table = keeper.tables.get(self.state.account_resource.name)
        record = None if table is None else table.records.get(self.sid)
        if record is None:
            message = f"twilio_mock: account {self.sid} was freed, nothing is left of it"
            raise LookupError(message)
        return record

    @property
    def active(self) -> bool:
        """Whether it may be used: neither it nor its parent is suspended or closed."""
        if self.record["status"] != "active":
            return False
        return self.owner is None or self.owner.active


class State:
    """All that one mock remembers: a dict of accounts, and the lock that guards it.

    `opened_by` tells which account a credential (an API key) belongs to, `leases` which accounts
    live for a while only. `kept_at` is the URL of another process that keeps the state, if this is
    but a mirror of it. `journal`, `crashes`, `escapes`, `sids` and `clock` serve the requests
    that reach no account. `feed` tells what happens.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        settings: Settings,
        seed: str | None = None,
    ) -> None:
        self.resources = registered(resources)
        self.resource = {each.name: each for each in self.resources}
        self.account_resource = next(each for each in self.resources if each.is_account)
        self.credentials = next(each for each in self.resources if each.opens_account)
        self.references = references(self.resources)
        self.settings = settings
        self.seed = secrets.token_hex(8) if seed is None else seed
        self.lock: threading.RLock | LostLock = threading.RLock()
        self.served = False  # whether a server of this process answers out of it
        FORKS.known.add(self)
        self.kept_at: str | None = None
        self.accounts: dict[str, Account] = {}
        self.renderings = Renderings()
        self.opened_by: dict[str, str] = {}
        self.leases = Leases()
        self.clock = Clock()
        self.sids = Sids(self.seed, "")
        self.request_ids = Sids(f"{self.seed} requests", "")
        self.feed = Feed()
        self.journal = Journal(settings.journal_limit, settings.journal_bytes, self.feed)
        self.crashes: Crashes = ()
        self.escapes: tuple[EscapedRequest, ...] = ()
        self.webhook_settings: WebhookSettings | None = None  # those that all accounts begin with

    def check_room(self) -> None:
        """Refuse, with 503, one account more than there may be."""
        limit = self.settings.account_limit
        if len(self.accounts) >= limit:
            raise MockRefusal(503, f"there are {limit} accounts already (account_limit)")

    def open_account(self, sid: str, owner: Account | None) -> Account:
        """Make room for everything that belongs to an account whose record is stored."""
        account = Account(sid, self, owner)
        self.accounts[sid] = account
        return account

    def release_all(self) -> None:
        """End, without an answer, the requests that a fault holds, and whoever listens to events:
        nobody will wait for them."""
        with self.lock:
            self.feed.close()
            for account in self.accounts.values():
                if account.faults is not None:
                    account.faults.release(give_up=True)

    def use(self, account: Account, now: float) -> None:
        """An account is asked for something at this moment: begin its time to live anew."""
        self.leases.renew((account.owner or account).sid, now)

    def sweep(self, now: float) -> None:
        """Free the accounts whose time to live is over."""
        if now < self.leases.earliest:
            return
        for sid in self.leases.take_ended(now):
            if sid in self.accounts:
                self.free_account(self.accounts[sid])

    def free_account(self, account: Account) -> None:
        """Forget an account and its subaccounts: their records, journals and credentials."""
        families = account.tables.get(self.account_resource.name)
        for sid in list(families.records) if families else [account.sid]:
            freed = self.accounts.pop(sid)
            if freed.faults is not None:
                freed.faults.release(give_up=True)
            for key in freed.table(self.credentials).records:
                del self.opened_by[key]
            freed.tables.clear()
            self.leases.end(sid)
        if account.owner is not None:
            account.table(self.account_resource).remove(account.record)


def references(resources: Iterable[Resource]) -> Mapping[str, list[tuple[Resource, Field]]]:
    """By the name of a resource: the fields of other resources that refer to its records."""
    found: dict[str, list[tuple[Resource, Field]]] = {each.name: [] for each in resources}
    for resource in resources:
        for field in resource.references:
            found[field.refers_to].append((resource, field))
    return found
