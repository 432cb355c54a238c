"""A walk over the pages is steady, whatever happens to the records between two pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asking import Ask
from tests.conftest import ask_in_process

NAMES = ("x", "y")
Event = tuple[str, int]


@dataclass
class StoppedClock:
    """An account's clock that a test moves, in both directions."""

    seconds: int = 1_500_000_000

    def now(self) -> float:
        return float(self.seconds)


class World:
    """An account whose records come, change and go, and what is known of each of them."""

    def __init__(self, names: list[str], wanted: str | None) -> None:
        self.ask = ask_in_process()
        self.clock = StoppedClock()
        account = self.ask.state.accounts[self.ask.account.sid]
        account.clock = self.clock  # type: ignore[assignment]  # it has the same one method
        self.wanted = wanted
        self.names: dict[str, str] = {}
        for name in names:
            self.create(name)
        self.steady = {sid for sid in self.names if self.matches(sid)}

    def matches(self, sid: str) -> bool:
        return self.wanted is None or self.names[sid] == self.wanted

    def create(self, name: str) -> None:
        self.names[self.ask.create(FriendlyName=name)["sid"]] = name

    def happen(self, event: Event) -> None:
        """Let one thing happen; what it touches was not there all along, unless it still is."""
        kind, number = event
        if kind == "clock":
            self.clock.seconds += number - 8
        elif kind == "create":
            self.create(NAMES[number % 2])
        elif self.names:
            sid = list(self.names)[number % len(self.names)]
            if kind == "delete":
                assert self.ask("DELETE", f"Applications/{sid}.json").status == 204
                del self.names[sid]
            else:
                self.names[sid] = NAMES[number // 2 % 2]
                self.ask.update(sid, FriendlyName=self.names[sid])
            if sid not in self.names or not self.matches(sid):
                self.steady.discard(sid)

    def walk(self, page: dict[str, Any], direction: str, between: list[list[Event]]) -> list[str]:
        """What is seen from this page on, with the events of `between` from page to page."""
        seen = [each["sid"] for each in page["applications"]]
        for events in [*between, *[[]] * 100]:
            if page[direction] is None:
                return seen
            for event in events:
                self.happen(event)
            page = self.ask.follow(page[direction])
            seen += [each["sid"] for each in page["applications"]]
        raise AssertionError("the walk does not end")


events = st.tuples(
    st.sampled_from(["create", "update", "update", "delete", "clock"]), st.integers(0, 16)
)
betweens = st.lists(st.lists(events, max_size=4), max_size=8)
worlds = st.builds(
    World, st.lists(st.sampled_from(NAMES), max_size=12), st.sampled_from([None, "x"])
)


def first_page(world: World, size: int) -> Any:
    query = {"FriendlyName": world.wanted} if world.wanted else {}
    return world.ask.page({**query, "PageSize": str(size)})


@settings(max_examples=70)
@given(world=worlds, size=st.integers(1, 4), between=betweens)
def test_a_walk_onward_shows_each_steady_record_exactly_once(
    world: World, size: int, between: list[list[Event]]
) -> None:
    seen = world.walk(first_page(world, size), "next_page_uri", between)
    assert len(seen) == len(set(seen))
    assert world.steady <= set(seen)


@settings(max_examples=70)
@given(world=worlds, size=st.integers(1, 4), between=betweens)
def test_a_walk_back_shows_each_steady_record_exactly_once(
    world: World, size: int, between: list[list[Event]]
) -> None:
    page = first_page(world, size)
    while page["next_page_uri"]:
        page = world.ask.follow(page["next_page_uri"])
    seen = world.walk(page, "previous_page_uri", between)
    assert len(seen) == len(set(seen))
    assert world.steady <= set(seen)


def test_a_walk_is_steady_while_others_create_update_and_delete(ask: Ask) -> None:
    steady = [ask.create()["sid"] for _ in range(6)]
    doomed = [ask.create()["sid"] for _ in range(6)]
    page, seen = ask.page("PageSize=2"), []
    while True:
        seen += [each["sid"] for each in page["applications"]]
        if page["next_page_uri"] is None:
            break
        ask.create()
        ask.update(steady[-1], FriendlyName="still here")
        if doomed:
            assert ask("DELETE", f"Applications/{doomed.pop()}.json").status == 204
        page = ask.follow(page["next_page_uri"])
    assert len(seen) == len(set(seen))
    assert set(steady) <= set(seen)


def test_a_record_renamed_into_the_filter_hides_none_on_the_way_back(ask: Ask) -> None:
    names = ["x", "x", "x", "y", "x"]
    first, second, third, other, last = [ask.create(FriendlyName=name)["sid"] for name in names]
    page = ask.page("FriendlyName=x&PageSize=2")
    page = ask.follow(page["next_page_uri"])
    assert [each["sid"] for each in page["applications"]] == [second, first]
    ask.update(other, FriendlyName="x")
    seen = []
    while page["previous_page_uri"]:
        page = ask.follow(page["previous_page_uri"])
        seen += [each["sid"] for each in page["applications"]]
    assert sorted(seen) == sorted([third, other, last])


def test_the_way_back_leads_to_the_same_records_whatever_was_created_since(ask: Ask) -> None:
    sids = [ask.create()["sid"] for _ in range(3)]
    page = ask.follow(ask.page("PageSize=2")["next_page_uri"])
    ask.create()
    page = ask.follow(page["previous_page_uri"])
    assert [each["sid"] for each in page["applications"]] == [sids[2], sids[1]]
    assert page["page"] == 0
    # One step further back there is what has come since; there is no page before 0.
    assert "&Page=0&" in page["previous_page_uri"]
    assert len(ask.follow(page["previous_page_uri"])["applications"]) == 1
