"""The steps of the model's test: each is done at both doors and in the model, and compared."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.asking import Answer
from tests.reliability.plain_records import PREFIXES, TAKES
from tests.reliability.plain_twilio import KEYS, PlainTwilio, shown_date
from tests.reliability.script import Script
from tests.reliability.two_doors import START, Both

ROOTS = ("AC" + "1" * 32, "AC" + "2" * 32)


class Asked(NamedTuple):
    """A request, as a model knows it."""

    sid: str
    by: str
    method: str
    path: str
    form: dict[str, str]
    query: str = ""

    @property
    def creates(self) -> bool:
        return self.method == "POST" and "/" not in self.path

    def at_doors(self) -> tuple[str, str, str, str, dict[str, str], str]:
        return self.sid, self.by, self.method, f"{self.path}.json", self.form, self.query


class Steps:
    """Both doors and the model."""

    def __init__(self, both: Both) -> None:
        both.clear()
        self.script = Script(both)
        self.model = PlainTwilio()
        for sid in ROOTS:
            self.open(sid)

    def open(self, sid: str) -> None:
        """Open an account, which both must show alike."""
        self.script.open(sid)
        shown = self.shown(sid)
        assert shown["date_created"] == shown_date(START)
        self.model.open(sid, START, shown)

    def shown(self, sid: str) -> dict[str, Any]:
        """An account as it is answered."""
        answer = self.script.ask(sid, "own", "GET", f"Accounts/{sid}.json", {}, "")
        return dict(json.loads(answer.body))

    # Who and what, chosen by a small number.

    def account(self, place: int) -> str:
        # Mostly one account, so that something comes together in it.
        return (
            ROOTS[0] if place < 3 else [*self.model.accounts][-(place % len(self.model.accounts))]
        )

    def by(self, sid: str, wish: str) -> str:
        """Credentials that there are."""
        keys = [*self.model.sids(sid, "Keys")]
        if wish == "key":
            return keys[0] if keys else "own"
        return "own" if wish == "parent" and not self.model.accounts[sid].owner else wish

    def which(self, sid: str, plural: str, place: int) -> str:
        """A SID that is there, that was there once, or that is another account's."""
        if plural == "Accounts":
            return sid
        here, there = (
            self.model.table(self.model.accounts[each], plural) for each in (sid, ROOTS[0])
        )
        if place < 4 and here.records:
            return [*here.records][place % len(here.records)]
        known = [*there.places, *here.places, PREFIXES[plural] + "0" * 32]
        return known[-1 - place % len(known)]

    def asked(
        self, place: int, wish: str, method: str, plural: str, which: int, form: dict[str, str]
    ) -> Asked:
        """A request for a list (`which` is -1) or for a record."""
        sid = self.account(place)
        sent = {name: text for name, text in form.items() if name in TAKES[plural]}
        for name in ("VoiceApplicationSid", "SmsApplicationSid"):
            if sent.get(name):
                sent[name] = self.which(sid, "Applications", int(sent[name]))
        by = self.by(sid, wish)
        if which >= 0:
            return Asked(sid, by, method, f"{plural}/{self.which(sid, plural, which)}", sent)
        sent.pop("Status", None)
        if plural == "Accounts" and by == "parent":  # the path names no account: it is the parent's
            sid, by = str(self.model.accounts[sid].owner), "own"
        return Asked(sid, by, method, plural, sent)

    # What happens.

    def ask(self, asked: Asked) -> Any:
        """Ask; gives what was answered."""
        return self.done(asked, self.script.ask(*asked.at_doors()))

    def done(self, asked: Asked, answer: Answer | None) -> Any:
        """Do in the model what was answered, or what was done and its answer lost."""
        if asked.by == "stranger":
            assert answer is not None
            assert answer.status == 401
            return {}
        new = self.minted(asked, answer) if asked.creates else {}
        owner = self.model.accounts[asked.sid].owner
        caller = str(owner) if asked.by == "parent" else asked.sid
        expected = self.model.ask(
            caller,
            asked.by.startswith("SK"),
            asked.sid,
            asked.method,
            asked.path,
            form=asked.form,
            query=asked.query,
            new=new,
        )
        if new and asked.path == "Accounts":
            self.script.set_clock(new["sid"], START)
            self.model.accounts[new["sid"]].now = START
        if answer is None:
            return {}
        found = json.loads(answer.body) if answer.body else None
        code = found.get("code") if found else None
        assert (answer.status, code) == expected[:2], f"the model says {expected}"
        if code is None:
            assert found == expected[2]
        return found

    def minted(self, asked: Asked, answer: Answer | None) -> dict[str, Any]:
        """What a create has made: as it was answered, or as it is found if that was lost."""
        if answer is not None:
            return dict(json.loads(answer.body)) if answer.status == 201 else {}
        account = self.script.both.accounts(asked.sid)[0]
        if asked.path == "Accounts":
            known, there = {*self.model.accounts}, [each.sid for each in account.subaccounts]
        else:
            known = {*self.model.sids(asked.sid, asked.path)}
            there = [each.sid for each in getattr(account, KEYS[asked.path])]
        for sid in there:
            if sid not in known:
                return self.shown(sid) if asked.path == "Accounts" else {"sid": sid, "secret": None}
        return {}

    def compare(self) -> None:
        """Both hold the same, and it is what the model holds."""
        accounts = self.script.both.agree()
        flat = accounts + [each for part in accounts for each in part["subaccounts"]]
        assert {each["sid"] for each in flat} == self.model.accounts.keys()
        for part in flat:
            for plural, key in KEYS.items():
                if plural != "Accounts":
                    held = {record["sid"]: record["friendly_name"] for record in part[key]}
                    records = self.model.accounts[part["sid"]].tables[plural].records
                    assert held == {s: each["friendly_name"] for s, each in records.items()}
