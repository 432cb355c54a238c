"""What an account costs does not grow with the number of accounts, nor of numbers assigned.

The figures of docs/performance.md are made by benchmarks/accounts_scale.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.asking import Ask
from tests.conftest import ask_in_process
from tests.costs import least_costs

MANY = 3_000
# A scan over the accounts would cost a thousand times as much; a slow machine never that.
GENEROUS = 4


@pytest.fixture(scope="module")
def alone() -> Ask:
    return with_applications(ask_in_process())


@pytest.fixture(scope="module")
def among_many() -> Ask:
    ask = ask_in_process()
    for _ in range(MANY):
        with_applications(Ask(ask.door, ask.mock, ask.mock.accounts.create()))
    return with_applications(Ask(ask.door, ask.mock, ask.mock.accounts.create()))


def with_applications(ask: Ask) -> Ask:
    """The account, with a few applications in it."""
    for number in range(3):
        ask.account.applications.create(friendly_name=f"n{number}")
    return ask


def fetch(ask: Ask) -> Callable[[], object]:
    sid = ask.sids()[0]
    return lambda: ask.fetch(sid)


def first_page(ask: Ask) -> Callable[[], object]:
    return ask.page


def create(ask: Ask) -> Callable[[], object]:
    return ask.create


def open_and_free(ask: Ask) -> Callable[[], object]:
    return lambda: ask.mock.accounts.free(ask.mock.accounts.create())


def open_subaccount(ask: Ask) -> Callable[[], object]:
    return lambda: ask("POST", "/2010-04-01/Accounts.json")


def use_a_key(ask: Ask) -> Callable[[], object]:
    def run() -> None:
        key = ask("POST", "Keys.json").json
        assert ask("DELETE", f"Keys/{key['sid']}.json").status == 204

    return run


@pytest.mark.parametrize(
    "operation",
    [fetch, first_page, create, open_and_free, open_subaccount, use_a_key],
    ids=lambda each: each.__name__,
)
def test_three_thousand_other_accounts_cost_nothing(
    operation: Callable[[Ask], Callable[[], object]], alone: Ask, among_many: Ask
) -> None:
    of_one_among_many, of_one_alone = least_costs(operation(among_many), operation(alone))
    assert of_one_among_many < GENEROUS * of_one_alone


def test_an_account_is_opened_and_freed_as_cheaply_as_an_application_is_created(alone: Ask) -> None:
    opened, created = least_costs(open_and_free(alone), alone.create)
    assert opened < GENEROUS * created


def test_to_delete_an_application_costs_nothing_for_the_numbers_of_others() -> None:
    def assigned(numbers: int) -> Ask:
        ask = ask_in_process()
        kept = ask.create()["sid"]
        for number in range(numbers):
            ask.account.incoming_phone_numbers.create(
                phone_number=f"+1415{number:07}", voice_application_sid=kept
            )
        return ask

    def delete_one_that_one_number_carries(ask: Ask) -> Callable[[], object]:
        number = next(iter(ask.account.incoming_phone_numbers)).sid

        def run() -> None:
            sid = ask.create()["sid"]
            form = {"SmsApplicationSid": sid}
            assert ask("POST", f"IncomingPhoneNumbers/{number}.json", form).status == 200
            assert ask("DELETE", f"Applications/{sid}.json").status == 204

        return run

    of_few, of_many = least_costs(
        *(delete_one_that_one_number_carries(assigned(count)) for count in (10, 5_000))
    )
    assert of_many < GENEROUS * of_few
