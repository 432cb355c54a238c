"""Whatever is asked in whatever order, no reference and no index entry is left hanging."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.accounts.loose_ends import assert_no_loose_ends
from tests.asking import Ask, basic
from tests.conftest import ask_in_process
from twilio_mock import Settings

NAMES = st.sampled_from(["", "a", "b", "x" * 65])
STATUSES = st.sampled_from(["active", "suspended", "closed", "gone"])
PLACES = st.integers(0, 5)
PARAMETERS = st.sampled_from(["VoiceApplicationSid", "SmsApplicationSid", "TrunkSid"])
EMPTY = st.booleans()
DIGITS = st.integers(0, 5)
PLURALS = st.sampled_from(["Applications", "IncomingPhoneNumbers", "Keys"])
# What may answer: never a 500, and never a 2xx that changed what it should not.
ANSWERS = {200, 201, 204, 400, 401, 403, 404}


class Sequences(RuleBasedStateMachine):
    """A parent, its subaccounts, their applications, keys and numbers, in any order."""

    @initialize()
    def start(self) -> None:
        limits = Settings(application_limit=4, subaccount_limit=3, remembered_deletions=2)
        self.parent = ask_in_process(limits)
        self.sids = {"Applications": ["AP" + "0" * 32], "IncomingPhoneNumbers": [], "Keys": []}

    def ask(self, place: int, method: str, path: str, **form: str) -> Any:
        """Ask one of the accounts with the parent's token; the JSON of the answer, or None."""
        accounts = [self.parent.account, *self.parent.account.subaccounts]
        account = accounts[place % len(accounts)]
        asked = Ask(self.parent.door, self.parent.mock, account)
        before = self.stored()
        answer = asked(method, path, form, credentials=self.parent.credentials)
        assert answer.status in ANSWERS, answer.text
        if answer.status >= 400:
            assert self.stored() == before
        return answer.json if answer.body else None

    def stored(self) -> dict[str, Any]:
        """All records, by the account and the resource."""
        return {
            sid: {
                name: dict(table.records) for name, table in account.tables.items() if table.records
            }
            for sid, account in self.parent.state.accounts.items()
        }

    def known(self, plural: str, place: int) -> str:
        """A SID that once was made, here or in another account."""
        sids = self.sids[plural] or ["nothing"]
        return sids[place % len(sids)]

    @rule(name=NAMES)
    def open_account(self, name: str) -> None:
        self.parent("POST", "/2010-04-01/Accounts.json", {"FriendlyName": name})

    @rule(place=PLACES, status=STATUSES)
    def change_status(self, place: int, status: str) -> None:
        accounts = [self.parent.account, *self.parent.account.subaccounts]
        sid = accounts[place % len(accounts)].sid
        self.ask(place, "POST", f"/2010-04-01/Accounts/{sid}.json", Status=status)

    @rule(place=PLACES)
    def free_account(self, place: int) -> None:
        subaccounts = [*self.parent.account.subaccounts]
        if subaccounts:
            self.parent.account.subaccounts.free(subaccounts[place % len(subaccounts)])

    @rule(place=PLACES, plural=PLURALS, name=NAMES, digit=DIGITS)
    def create(self, place: int, plural: str, name: str, digit: int) -> None:
        number = {"PhoneNumber": f"+141555501{digit}"} if plural.startswith("Inc") else {}
        made = self.ask(place, "POST", f"{plural}.json", FriendlyName=name, **number)
        if "sid" in made:
            self.sids[plural].append(made["sid"])

    @rule(place=PLACES, number=PLACES, application=PLACES, parameter=PARAMETERS, empty=EMPTY)
    def assign(
        self, place: int, number: int, application: int, parameter: str, empty: bool
    ) -> None:
        trunk = parameter == "TrunkSid"
        sid = "TK" + "1" * 32 if trunk else self.known("Applications", application)
        path = f"IncomingPhoneNumbers/{self.known('IncomingPhoneNumbers', number)}.json"
        self.ask(place, "POST", path, **{parameter: "" if empty else sid})

    @rule(place=PLACES, plural=PLURALS, which=PLACES, name=NAMES)
    def rename(self, place: int, plural: str, which: int, name: str) -> None:
        self.ask(place, "POST", f"{plural}/{self.known(plural, which)}.json", FriendlyName=name)

    @rule(place=PLACES, plural=PLURALS, which=PLACES)
    def delete(self, place: int, plural: str, which: int) -> None:
        self.ask(place, "DELETE", f"{plural}/{self.known(plural, which)}.json")

    @rule(place=PLACES)
    def undo(self, place: int) -> None:
        """Rewinding leaves no loose end either."""
        with self.parent.account.rollback():
            self.delete(place, "Applications", place)
            self.create(place, "Keys", "a", 0)

    @rule(which=PLACES)
    def use_a_key(self, which: int) -> None:
        """A key opens the account that holds it, if it is still there."""
        sid = self.known("Keys", which)
        account = self.parent.state.opened_by.get(sid)
        asked = self.parent("GET", "Applications.json", credentials=basic(sid, "wrong"))
        expected = "Authenticate" if account else "Authentication Error - invalid username"
        assert asked.json["message"] == expected

    @invariant()
    def nothing_hangs(self) -> None:
        if hasattr(self, "parent"):
            assert_no_loose_ends(self.parent.state)


TestAnySequence = Sequences.TestCase
TestAnySequence.settings = settings(max_examples=40, stateful_step_count=40)
