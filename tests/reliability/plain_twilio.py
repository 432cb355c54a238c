"""What the API should answer, said a second time: with dicts, and without a line of the package."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.reliability.plain_records import (
    CREATED_ONLY,
    FILTERS,
    PREFIXES,
    blank,
    changed,
    is_refused,
)

Shown = dict[str, Any]
# Status, code, and what the answer shows.
Expected = tuple[int, int | None, Any]
APPLICATION_LIMIT, SUBACCOUNT_LIMIT = 7, 3
AN_HOUR = 3600


class Refused(Exception):
    """The status and the code of a refusal."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(status, code)
        self.expected: Expected = (status, code, None)


def shown_date(seconds: int) -> str:
    """A date as it is shown."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))


@dataclass
class Table:
    """Records by their SID; the places of all that ever were, the deleted ones too."""

    records: dict[str, Shown] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, sid: str, record: Shown, created: int) -> None:
        self.records[sid] = record
        self.places[sid] = (created, len(self.places))


@dataclass
class Account:
    """One account: the account that opened it, its clock, and what it holds."""

    sid: str
    owner: str | None
    now: int
    tables: dict[str, Table] = field(
        default_factory=lambda: {plural: Table() for plural in PREFIXES}
    )


class PlainTwilio:
    """All the accounts."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def open(self, sid: str, now: int, shown: Shown, owner: str | None = None) -> None:
        """An account is opened, by a test or by its parent."""
        self.accounts[sid] = Account(sid, owner, now)
        family = self.accounts[owner] if owner else self.accounts[sid]
        family.tables["Accounts"].add(sid, shown, now if owner is None else family.now)

    def family(self, sid: str) -> list[str]:
        """An account and its subaccounts."""
        return [each for each, one in self.accounts.items() if sid in (each, one.owner)]

    def shown(self, sid: str) -> Shown:
        """What is shown of an account."""
        return self.table(self.accounts[sid], "Accounts").records[sid]

    def table(self, account: Account, plural: str) -> Table:
        """Where an account's records are."""
        keeper = account.owner if plural == "Accounts" and account.owner else account.sid
        return self.accounts[keeper].tables[plural]

    # What a test does.

    def free(self, sid: str) -> None:
        owner = self.accounts[sid].owner
        for each in self.family(sid):
            del self.accounts[each]
        if owner:
            del self.accounts[owner].tables["Accounts"].records[sid]

    def reset(self, sid: str, now: int) -> None:
        shown = self.shown(sid)
        created = self.table(self.accounts[sid], "Accounts").places[sid]
        for each in self.family(sid):
            if each != sid:
                del self.accounts[each]
        account = self.accounts[sid]
        kept = Account(sid, account.owner, now)
        if account.owner is None:
            kept.tables["Accounts"] = Table({sid: shown}, {sid: (created[0], 0)})
        self.accounts[sid] = kept

    def snapshot(self, sid: str) -> Any:
        return copy.deepcopy(({s: self.accounts[s] for s in self.family(sid)}, self.shown(sid)))

    def restore(self, sid: str, to: Any) -> None:
        accounts, shown = copy.deepcopy(to)
        for each in self.family(sid):
            del self.accounts[each]
        self.accounts.update(accounts)
        self.table(self.accounts[sid], "Accounts").records[sid] = shown

    # What a client does.

    def ask(self, caller: str, key: bool, account: str, method: str, path: str, **sent: Any) -> Any:
        """Status, code and body of the answer; `new` of what was sent is what was minted."""
        try:
            return self.perform(caller, key, account, method, path.split("/"), **sent)
        except Refused as refusal:
            return refusal.expected

    def perform(
        self,
        caller: str,
        key: bool,
        sid: str,
        method: str,
        path: list[str],
        form: dict[str, str],
        query: str,
        new: Shown,
    ) -> Expected:
        """The same, or `Refused`."""
        account, by_parent = self.accounts[sid], caller != sid
        if by_parent and (account.owner != caller or key):
            raise Refused(401, 20003)
        plural, record = path[0], path[1] if path[1:] else None
        if method == "DELETE" and (plural == "Accounts" or record is None):
            raise Refused(405, 20004)
        if key and plural in ("Keys", "Accounts"):
            raise Refused(401, 20003)
        of_account = plural == "Accounts" and method == "POST" and record is not None
        free = by_parent and (method == "GET" or of_account)
        if self.shown(sid)["status"] != "active" and not free:
            raise Refused(403, 20403)
        table = self.table(account, plural)
        if record is None:
            if method == "GET":
                return 200, None, self.page(account, plural, dict(parse_qsl(query, True)))
            return 201, None, self.create(account, plural, table, form, new)
        if record not in table.records:
            raise Refused(404, 20404)
        if method == "GET":
            return 200, None, table.records[record]
        if method == "DELETE":
            self.delete(account, plural, record)
            return 204, None, None
        return 200, None, self.update(account, plural, record, form, by_parent)

    def checked(self, account: Account, plural: str, form: dict[str, str], verb: str) -> None:
        """Raise the refusal that the first bad parameter gets."""
        numbers = self.table(account, "IncomingPhoneNumbers").records.values()
        code = is_refused(
            plural,
            form,
            creating=verb == "create",
            applications=self.table(account, "Applications").records,
            taken={each["phone_number"] for each in numbers},
        )
        if code:
            raise Refused(400, code)

    def create(
        self, account: Account, plural: str, table: Table, form: dict[str, str], new: Shown
    ) -> Shown:
        self.checked(account, plural, form, "create")
        if plural == "Accounts" and account.owner is not None:
            raise Refused(401, 20003)
        if plural == "Applications" and len(table.records) >= APPLICATION_LIMIT:
            raise Refused(400, 21301)
        if plural == "Accounts" and len(table.records) > SUBACCOUNT_LIMIT:
            raise Refused(400, 21480)
        # A refused create has no SID to take over; this one has to have a new one.
        assert re.fullmatch(PREFIXES[plural] + "[0-9a-f]{32}", new["sid"])
        assert new["sid"] not in table.records
        record = changed(plural, blank(plural, account.sid, new, form, account.now), form)
        record["date_created"] = record["date_updated"] = shown_date(account.now)
        if plural == "Accounts":
            self.open(new["sid"], account.now, record, account.sid)
        else:
            table.add(new["sid"], record, account.now)
        return record | {name: new[name] for name in CREATED_ONLY.get(plural, ())}

    def update(
        self, account: Account, plural: str, sid: str, form: dict[str, str], by_parent: bool
    ) -> Shown:
        self.checked(account, plural, form, "update")
        record = self.table(account, plural).records[sid]
        if plural == "Accounts" and "Status" in form:
            if account.owner is not None and not by_parent:
                raise Refused(401, 20003)
            if not by_parent:
                raise Refused(400, 21477)
            if record["status"] == "closed":
                raise Refused(400, 21479)
        record.update(changed(plural, record, form))
        record["date_updated"] = shown_date(account.now)
        return record

    def delete(self, account: Account, plural: str, sid: str) -> None:
        del account.tables[plural].records[sid]
        for number in account.tables["IncomingPhoneNumbers"].records.values():
            for name in ("voice_application_sid", "sms_application_sid"):
                if number[name] == sid:
                    number[name] = None
                    number["date_updated"] = shown_date(account.now)

    # Lists.

    def page(self, account: Account, plural: str, sent: dict[str, str]) -> Shown:
        """One page of a list, by the token's place in the order of all that ever was."""
        table = self.table(account, plural)
        filters = {n: v for n, v in sent.items() if n in FILTERS[plural] and v}
        number = int(sent.get("Page", "0"))
        size, token = int(sent.get("PageSize", "50")), sent.get("PageToken", "")
        if number and not token:
            raise Refused(400, 70002 if plural == "Accounts" else 20001)
        order, fits = self.order(account, plural), self.fitting(table, plural, filters)
        if token and token[2:] not in order:
            raise Refused(400, 21481)
        place = order.index(token[2:]) if token else -1
        if token.startswith("PB"):
            found = [sid for sid in order[:place] if fits(sid)][-size:]
        else:
            found = [sid for sid in order[place + 1 :] if fits(sid)][:size]
        there = [sid for sid in order if fits(sid)]
        root = "" if plural == "Accounts" else f"/{account.sid}/{plural}"

        def uri(page: int, token: str) -> str:
            tail = [("PageToken", token)] if token else []
            pairs = [*filters.items(), ("PageSize", size), ("Page", page), *tail]
            return f"/2010-04-01/Accounts{root}.json?{urlencode(pairs)}"

        more = found and found[-1] != there[-1]
        fewer = found and found[0] != there[0]
        return {
            "first_page_uri": uri(0, ""),
            "end": number * size + max(len(found) - 1, 0),
            "previous_page_uri": uri(max(number - 1, 0), "PB" + found[0]) if fewer else None,
            "uri": uri(number, token),
            "page_size": size,
            "page": number,
            KEYS[plural]: [table.records[sid] for sid in found],
            "next_page_uri": uri(number + 1, "PA" + found[-1]) if more else None,
            "start": number * size,
        }

    def order(self, account: Account, plural: str) -> list[str]:
        """All that ever was, in the order of the list."""
        if plural == "Accounts" and account.owner is not None:
            return [account.sid]
        places = self.table(account, plural).places
        return sorted(places, key=lambda sid: places[sid], reverse=plural != "Accounts")

    def fitting(self, table: Table, plural: str, filters: dict[str, str]) -> Callable[[str], bool]:
        """Whether a record is there and passes the filters."""

        def fits(sid: str) -> bool:
            record = table.records.get(sid)
            return record is not None and all(
                wanted in record["phone_number"] if name == "PhoneNumber" else record[key] == wanted
                for name, wanted in filters.items()
                for key in [FILTERS[plural][name]]
            )

        return fits

    def sids(self, account: str, plural: str) -> Iterable[str]:
        """What an account holds."""
        return self.table(self.accounts[account], plural).records


KEYS = {
    "Applications": "applications",
    "IncomingPhoneNumbers": "incoming_phone_numbers",
    "Keys": "keys",
    "Accounts": "accounts",
}
