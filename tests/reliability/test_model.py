"""Whatever is done in whatever order, both doors answer alike, and as a model of dicts says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.reliability.campaign import examples
from tests.reliability.conftest import Tell
from tests.reliability.effort import effort
from tests.reliability.plain_twilio import APPLICATION_LIMIT, SUBACCOUNT_LIMIT
from tests.reliability.script import Script
from tests.reliability.steps import ROOTS, Asked, Steps
from tests.reliability.two_doors import START, Both
from twilio_mock import Settings

LIMITS = Settings(application_limit=APPLICATION_LIMIT, subaccount_limit=SUBACCOUNT_LIMIT)

PLACES = st.integers(0, 5)
PLURALS = st.sampled_from(
    ["Applications", "Applications", "IncomingPhoneNumbers", "Keys", "Accounts"]
)
BY = st.sampled_from(["own", "own", "own", "parent", "key", "stranger"])
GOOD = "https://a.example/"
URLS = st.sampled_from([GOOD, GOOD + "b", GOOD, "", "", "nowhere"])
METHODS = st.sampled_from(["GET", "GET", "POST", "POST", "PUT"])
FORMS = st.fixed_dictionaries(
    {
        "PhoneNumber": st.sampled_from(["+14155550100", "+14155550101", "1", "+4930555010"])
        | st.integers(10**9, 10**10).map("+{}".format)
    },
    optional={
        "FriendlyName": st.sampled_from(["a", "b", "a", "", "é & ü", "x" * 65]),
        "VoiceUrl": URLS,
        "VoiceMethod": METHODS,
        "VoiceCallerIdLookup": st.sampled_from(["true", "false", "maybe"]),
        "SmsUrl": URLS,
        "SmsStatusCallback": URLS,
        "MessageStatusCallback": URLS,
        "VoiceApplicationSid": PLACES.map(str) | st.just(""),
        "SmsApplicationSid": PLACES.map(str) | st.just(""),
        "TrunkSid": st.sampled_from(["", "TK" + "1" * 32]),
        "Status": st.sampled_from(["active", "active", "suspended", "closed", "gone"]),
    },
)
FILTERS = st.fixed_dictionaries(
    {"PageSize": st.integers(1, 3).map(str)},
    optional={
        "FriendlyName": st.sampled_from(["a", "", "é & ü"]),
        "PhoneNumber": st.sampled_from(["+14155550100", "4155550", "9"]),
        "Status": st.sampled_from(["active", "closed"]),
        "Page": st.sampled_from(["0", "0", "0", "1"]),
    },
)
Request = tuple[int, str, str, str, int, dict[str, str]]
WRITES: st.SearchStrategy[Request] = st.one_of(
    st.tuples(PLACES, BY, st.just("POST"), PLURALS, st.just(-1), FORMS),
    st.tuples(PLACES, BY, st.just("POST"), PLURALS, PLACES, FORMS),
    st.tuples(PLACES, BY, st.just("DELETE"), PLURALS, PLACES, st.just({})),
)


class Doors(RuleBasedStateMachine):
    """Two accounts without a parent, and what is made in them."""

    both: ClassVar[Both]
    latest: ClassVar[Script]
    sequences: ClassVar[int] = 0
    done: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps(self.both)
        type(self).latest = self.steps.script
        for plural in ("Applications", "Applications", "IncomingPhoneNumbers", "Keys", "Accounts"):
            self.create(0, plural, {"PhoneNumber": "+14155550100", "FriendlyName": "a"})
        type(self).sequences += 1
        self.walks: list[Asked] = []
        self.held: dict[str, Asked] = {}
        self.taken: dict[str, tuple[str, Any]] = {}

    @rule(write=WRITES)
    def write(self, write: Request) -> None:
        self.steps.ask(self.steps.asked(*write))

    @rule(place=PLACES, plural=PLURALS, form=FORMS)
    def create(self, place: int, plural: str, form: dict[str, str]) -> None:
        self.steps.ask(self.steps.asked(place, "own", "POST", plural, -1, form))

    @rule(place=PLACES, name=st.sampled_from(["a", "b", ""]))
    def create_an_application(self, place: int, name: str) -> None:
        form = {"FriendlyName": name}
        self.steps.ask(self.steps.asked(place, "own", "POST", "Applications", -1, form))

    @rule(place=PLACES, which=PLACES, application=PLACES, voice=st.booleans())
    def assign(self, place: int, which: int, application: int, voice: bool) -> None:
        sent = {"VoiceApplicationSid" if voice else "SmsApplicationSid": str(application)}
        self.steps.ask(self.steps.asked(place, "own", "POST", "IncomingPhoneNumbers", which, sent))

    @rule(place=PLACES, which=PLACES, form=FORMS)
    def change_an_application(self, place: int, which: int, form: dict[str, str]) -> None:
        self.steps.ask(self.steps.asked(place, "own", "POST", "Applications", which, form))

    @rule(place=PLACES, status=st.sampled_from(["active", "suspended", "active", "closed"]))
    def change_a_status(self, place: int, status: str) -> None:
        subaccounts = [sid for sid in self.steps.model.accounts if sid not in ROOTS]
        if subaccounts:
            sid = subaccounts[place % len(subaccounts)]
            form = {"Status": status}
            self.steps.ask(Asked(sid, "parent", "POST", f"Accounts/{sid}", form))

    @rule(place=PLACES, which=PLACES)
    def delete_an_application(self, place: int, which: int) -> None:
        self.steps.ask(self.steps.asked(place, "own", "DELETE", "Applications", which, {}))

    @rule(place=PLACES, by=BY, plural=PLURALS, which=PLACES)
    def fetch(self, place: int, by: str, plural: str, which: int) -> None:
        self.steps.ask(self.steps.asked(place, by, "GET", plural, which, {}))

    @rule(place=PLACES, by=BY, plural=PLURALS, wanted=FILTERS)
    def list_(self, place: int, by: str, plural: str, wanted: dict[str, str]) -> None:
        self.walk(self.steps.asked(place, by, "GET", plural, -1, {}), urlencode(wanted))

    def walk(self, asked: Asked, query: str) -> None:
        """Ask for a page, and remember where it leads."""
        page = self.steps.ask(asked._replace(query=query))
        for name in ("next_page_uri", "previous_page_uri"):
            if page.get(name):
                self.walks.append(asked._replace(query=page[name].partition("?")[2]))

    @rule(place=st.integers(0, 9))
    def walk_on(self, place: int) -> None:
        """Go on with a walk that began at any time before."""
        walks = [each for each in self.walks if each.sid in self.steps.model.accounts]
        if walks:
            asked = walks[-1 - place % len(walks)]
            if not asked.by.startswith("SK") or asked.by in self.keys(asked.sid):
                self.walk(asked, asked.query)

    def keys(self, sid: str) -> list[str]:
        return [*self.steps.model.sids(sid, "Keys")]

    @rule(place=st.integers(0, 9))
    def delete_where_a_walk_stands(self, place: int) -> None:
        for asked in self.walks[-1 - place :][:1]:
            sid = asked.query.partition("PageToken=")[2][2:]
            if asked.sid in self.steps.model.accounts:
                self.steps.ask(Asked(asked.sid, "own", "DELETE", f"{asked.path}/{sid}", {}))
                self.walk_on(place)

    @rule(first=st.integers(0, 5), size=st.integers(1, 2))
    def walk_a_few_pages(self, first: int, size: int) -> None:
        asked = self.steps.asked(first, "own", "GET", "Applications", -1, {})
        self.walk(asked, f"PageSize={size}")
        for _ in range(first):
            self.walk_on(0)

    @rule(place=PLACES, plural=PLURALS, extension=st.sampled_from(["", ".xml", ".csv"]))
    def read_in_another_format(self, place: int, plural: str, extension: str) -> None:
        sid = self.steps.account(place)
        self.steps.script.ask(sid, "own", "GET", f"{plural}{extension}", {}, "PageSize=2")

    # Faults.

    @rule(write=WRITES, effect=st.sampled_from(["refuse", "lose"]))
    def write_and_fail(self, write: Request, effect: str) -> None:
        asked = self.steps.asked(*write)
        if asked.by == "stranger":  # who meets no fault
            return
        # A fault comes behind the credentials, and before everything else.
        answer = self.steps.script.again(effect, *asked.at_doors()[:-1])
        if effect == "refuse":
            assert answer.status == 503
        else:
            assert answer is None
            self.steps.done(asked, None)

    @rule(write=WRITES, after_write=st.booleans())
    def hold(self, write: Request, after_write: bool) -> None:
        asked = self.steps.asked(*write)
        if len(self.held) == 2 or asked.by == "stranger":
            return
        name = f"held {len(self.steps.script.lines)}"
        self.steps.script.hold(name, *asked.at_doors()[:-1], after_write)
        self.held[name] = asked._replace(query="" if after_write else "later")
        if after_write:
            self.steps.done(asked, None)

    @rule()
    def release(self) -> None:
        """Let go what has been held longest."""
        for name in [*self.held][:1]:
            asked = self.held.pop(name)
            answer = self.steps.script.release(name)
            if asked.query and answer is not None:
                self.steps.done(asked._replace(query=""), answer)

    # What a test does.

    @rule(place=PLACES)
    def take_a_snapshot(self, place: int) -> None:
        sid = self.steps.account(place)
        name = f"taken {len(self.steps.script.lines)}"
        self.steps.script.snapshot(name, sid)
        self.taken[name] = sid, self.steps.model.snapshot(sid)

    @rule(place=PLACES)
    def restore(self, place: int) -> None:
        names = [name for name, (sid, _) in self.taken.items() if sid in self.steps.model.accounts]
        if names:
            name = names[-1 - place % len(names)]
            sid, to = self.taken[name]
            self.steps.script.restore(name)
            self.steps.model.restore(sid, to)
            self.forget_the_gone()
            form = {"FriendlyName": "dated by the clock that is back"}
            self.steps.ask(Asked(sid, "own", "POST", "Applications", form))

    @rule(place=PLACES, write=WRITES)
    def roll_back(self, place: int, write: Request) -> None:
        sid = self.steps.account(place)
        before = self.steps.model.snapshot(sid)
        self.steps.script.snapshot("rolled back", sid)
        self.write(write)
        if sid in self.steps.model.accounts:
            self.steps.script.restore("rolled back")
            self.steps.model.restore(sid, before)
            self.forget_the_gone()

    @rule(place=PLACES, seconds=st.integers(0, 100_000), to=st.none() | st.integers(0, 3))
    def turn_or_freeze_the_clock(self, place: int, seconds: int, to: int | None) -> None:
        sid = self.steps.account(place)
        if to is None:
            self.steps.script.advance(sid, seconds)
            self.steps.model.accounts[sid].now += seconds
        else:
            self.steps.script.set_clock(sid, START + to)
            self.steps.model.accounts[sid].now = START + to

    @rule(place=st.integers(0, 35), reset=st.booleans())
    def free_or_reset(self, place: int, reset: bool) -> None:
        """Seldom, or nothing would ever come together."""
        if place % 6 == 5:
            self.forget(self.steps.account(place // 4), reset)

    def forget(self, sid: str, reset: bool) -> None:
        if reset:
            self.steps.script.reset(sid)
            self.steps.model.reset(sid, START)
        else:
            self.steps.script.free(sid)
            self.steps.model.free(sid)
            if sid in ROOTS:
                self.steps.open(sid)
        self.forget_the_gone(freed=sid)

    def forget_the_gone(self, freed: str = "") -> None:
        """Of an account that is gone no snapshot is restored: one of its SID may come again."""
        there = self.steps.model.accounts
        gone = {sid for sid, _ in self.taken.values() if sid not in there or sid == freed}
        self.taken = {name: each for name, each in self.taken.items() if each[0] not in gone}

    def teardown(self) -> None:
        type(self).done += len(self.steps.script.lines)

    @invariant()
    def both_are_as_the_model(self) -> None:
        self.steps.compare()


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with Both.start(LIMITS) as started:
        yield started


def test_both_doors_do_what_the_model_says(both: Both, tell: Tell) -> None:
    class Machine(Doors):
        """The doors of this test."""

    Machine.both = both
    tries = examples(20, 400, stateful_step_count=effort(40, 80))
    try:
        run_state_machine_as_test(Machine, settings=tries)
    except BaseException as problem:
        # The last one that was tried is the shortest.
        problem.add_note(f"To come there again:\n{Machine.latest}")
        raise
    tell("sequences", f"{Machine.sequences:,}")
    tell("steps", f"{Machine.done:,}")
