"""The ordering of positions, against a plain sorted list."""

from __future__ import annotations

from bisect import insort
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from twilio_mock.state import ordering
from twilio_mock.state.ordering import Ordering
from twilio_mock.state.records import Position

numbers = st.integers(0, 60)


def at(number: int, serial: int = 0) -> Position:
    return Position(number, serial, f"AP{number}")


class OrderingAgainstList(RuleBasedStateMachine):
    """Adds and removes at random; both sides have to agree at every step."""

    @initialize()
    def start(self) -> None:
        self.ordering = Ordering()
        self.plain: list[Position] = []

    @rule(number=numbers)
    def add(self, number: int) -> None:
        if at(number) not in self.plain:
            self.ordering.add(at(number))
            insort(self.plain, at(number))

    @rule(number=numbers)
    def remove(self, number: int) -> None:
        if self.plain:
            position = self.plain.pop(number % len(self.plain))
            self.ordering.remove(position)

    @rule()
    def clear(self) -> None:
        while self.plain:
            self.ordering.remove(self.plain.pop())

    @rule(number=numbers)
    def look_from_a_position(self, number: int) -> None:
        here = at(number)
        assert list(self.ordering.above(here)) == [p for p in self.plain if p > here]
        assert list(self.ordering.below(here)) == [p for p in self.plain if p < here][::-1]

    @rule()
    def copy(self) -> None:
        twin, before = self.ordering.copy(), self.plain[:]
        self.ordering.add(at(1000))
        self.ordering.remove(at(1000))
        twin.add(at(2000))
        assert list(twin.above()) == [*before, at(2000)]

    @invariant()
    def all_are_there_in_order(self) -> None:
        assert list(self.ordering.above()) == self.plain
        assert list(self.ordering.below()) == self.plain[::-1]
        assert bool(self.ordering) == bool(self.plain)


@pytest.mark.parametrize("chunk", [2, 3, 8])
def test_it_agrees_with_a_sorted_list_whatever_comes_and_goes(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "CHUNK", chunk)
    case = OrderingAgainstList.TestCase
    case.settings = settings(max_examples=40, stateful_step_count=40)
    case("runTest").runTest()


@pytest.mark.parametrize("way", ["up", "down", "shuffled"])
def test_it_stays_sorted_over_many_full_chunks(way: str) -> None:
    positions = [at(number, serial) for number in range(1500) for serial in range(2)]
    added = {"up": positions, "down": positions[::-1], "shuffled": positions[:]}[way]
    if way == "shuffled":
        Random(1).shuffle(added)
    one = Ordering()
    for position in added:
        one.add(position)
    assert list(one.above()) == positions
    assert list(one.below()) == positions[::-1]
    for number in range(0, 3000, 97):
        assert next(one.above(positions[number]), None) == (
            positions[number + 1] if number < 2999 else None
        )
        assert next(one.below(positions[number]), None) == (
            positions[number - 1] if number else None
        )
    for position in added:
        one.remove(position)
    assert not one


@pytest.mark.parametrize("way", ["up", "down", "shuffled"])
def test_no_chunk_grows_beyond_its_bound(way: str) -> None:
    numbers = list(range(3000))
    if way == "down":
        numbers.reverse()
    elif way == "shuffled":
        Random(2).shuffle(numbers)
    one = Ordering()
    for number in numbers:
        one.add(at(number))
    assert max(len(chunk) for chunk in one.chunks) <= ordering.CHUNK
    assert all(one.chunks)


def test_a_position_that_is_not_there_still_divides_the_others() -> None:
    one = Ordering()
    for number in (1, 3, 5):
        one.add(at(number))
    assert list(one.above(at(2))) == [at(3), at(5)]
    assert list(one.below(at(4))) == [at(3), at(1)]
    assert list(one.above(at(9))) == list(one.below(at(0))) == []


def test_an_empty_ordering_has_nothing_anywhere() -> None:
    one = Ordering()
    assert list(one.above()) == list(one.below()) == []
    assert list(one.above(at(1))) == list(one.below(at(1))) == []
    assert not one
