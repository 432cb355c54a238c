"""What a request costs does not grow with the number of records stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.asking import Ask
from tests.conftest import ask_in_process
from tests.costs import least_costs
from twilio_mock import Settings

FEW, MANY = 200, 20_000
# A mere copy of the order costs four times as much, a scan far more.
GENEROUS = 3


def seeded(count: int) -> Ask:
    """Ask an account with so many applications, of which ten are named alike."""
    ask = ask_in_process(Settings(application_limit=MANY + 10))
    for number in range(count):
        rare = number % (count // 10) == 0
        ask.account.applications.create(friendly_name="rare" if rare else f"n{number}")
    return ask


@pytest.fixture(scope="module")
def small() -> Ask:
    return seeded(FEW)


@pytest.fixture(scope="module")
def large() -> Ask:
    return seeded(MANY)


def token(ask: Ask, prefix: str) -> str:
    """A token that stands in the middle of the list."""
    sids = ask.sids()
    return prefix + sids[len(sids) // 2]


def first_page(ask: Ask) -> Callable[[], object]:
    return lambda: ask.page("PageSize=5")


def page_onward(ask: Ask) -> Callable[[], object]:
    query = f"PageSize=5&Page=9&PageToken={token(ask, 'PA')}"
    return lambda: ask.page(query)


def page_back(ask: Ask) -> Callable[[], object]:
    query = f"PageSize=5&Page=9&PageToken={token(ask, 'PB')}"
    return lambda: ask.page(query)


def filtered_page(ask: Ask) -> Callable[[], object]:
    return lambda: ask.page("PageSize=5&FriendlyName=rare")


def filter_without_a_match(ask: Ask) -> Callable[[], object]:
    return lambda: ask.page("FriendlyName=nobody")


def fetch(ask: Ask) -> Callable[[], object]:
    sid = token(ask, "")
    return lambda: ask.fetch(sid)


def rename(ask: Ask) -> Callable[[], object]:
    sid = token(ask, "")
    return lambda: [ask.update(sid, FriendlyName=name) for name in ("a", "b")]


def create_and_delete(ask: Ask) -> Callable[[], object]:
    return lambda: ask("DELETE", f"Applications/{ask.create()['sid']}.json")


OPERATIONS = [
    first_page,
    page_onward,
    page_back,
    filtered_page,
    filter_without_a_match,
    fetch,
    rename,
    create_and_delete,
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
def test_a_hundred_times_as_many_records_cost_no_more(
    operation: Callable[[Ask], Callable[[], object]], small: Ask, large: Ask
) -> None:
    of_many, of_few = least_costs(operation(large), operation(small))
    assert of_many < GENEROUS * of_few
