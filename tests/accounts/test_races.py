"""Many at once: several accounts, and deletes that race with assignments."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.accounts.loose_ends import assert_no_loose_ends
from tests.asking import Ask, Door, SocketDoor, in_process_door
from tests.conftest import DOORS
from twilio_mock import TwilioMock

WORKERS = 6
ROUNDS = 25


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture(params=DOORS)
def doors(request: pytest.FixtureRequest, mock: TwilioMock) -> Iterator[list[Door]]:
    """A way in for each worker; over the socket each has a connection of its own."""
    if request.param == "in_process":
        yield [in_process_door(mock.state)] * WORKERS
        return
    connections = [SocketDoor(mock.url) for _ in range(WORKERS)]
    yield [*connections]
    for connection in connections:
        connection.close()


def test_several_accounts_at_once_do_not_meet(doors: list[Door], mock: TwilioMock) -> None:
    together = Barrier(WORKERS)

    def work(door: Door) -> tuple[Ask, int, int]:
        parent = Ask(door, mock, mock.account)
        together.wait(10)
        opened = parent("POST", "/2010-04-01/Accounts.json").json
        ask = Ask(door, mock, mock.accounts[opened["sid"]])
        keys = 0
        for number in range(ROUNDS):
            sid = ask.create(FriendlyName=f"n{number}")["sid"]
            form = {"PhoneNumber": f"+1415{number:07}", "VoiceApplicationSid": sid}
            assert ask("POST", "IncomingPhoneNumbers.json", form).status == 201
            keys += ask("POST", "Keys.json").status == 201
            if number % 2:
                assert ask("DELETE", f"Applications/{sid}.json").status == 204
            assert len(ask.page()["applications"]) == len(ask.sids())
        return ask, len(ask.sids()), keys

    with ThreadPoolExecutor(WORKERS) as pool:
        done = [*pool.map(work, doors)]
    assert len(mock.account.subaccounts) == WORKERS
    for ask, applications, keys in done:
        assert (applications, keys) == ((ROUNDS + 1) // 2, ROUNDS)
        numbers = ask.account.incoming_phone_numbers
        assert len(numbers) == ROUNDS
        carried = {each.voice_application_sid for each in numbers} - {None}
        assert carried == {*ask.sids()}
    assert len(mock.applications) == 0
    assert_no_loose_ends(mock.state)


def assign(ask: Ask, applications: list[str], together: Barrier) -> set[int]:
    """Put each application on some number; the codes of the answers, 0 for a success."""
    numbers = [number.sid for number in ask.account.incoming_phone_numbers]
    together.wait(10)
    codes = set()
    for place, sid in enumerate(applications):
        kind = ("VoiceApplicationSid", "SmsApplicationSid")[place % 2]
        path = f"IncomingPhoneNumbers/{numbers[place % len(numbers)]}.json"
        codes.add(ask("POST", path, {kind: sid}).json.get("code", 0))
    return codes


def delete(ask: Ask, applications: list[str], together: Barrier) -> int:
    """Delete each application; how many were still there."""
    together.wait(10)
    answers = [ask("DELETE", f"Applications/{sid}.json") for sid in applications]
    return [answer.status for answer in answers].count(204)


def watch(mock: TwilioMock, together: Barrier) -> None:
    """Look again and again."""
    together.wait(10)
    for _ in range(20):
        assert_no_loose_ends(mock.state)


def test_no_number_ever_points_to_an_application_that_is_gone(
    doors: list[Door], mock: TwilioMock
) -> None:
    account = mock.account
    applications = [account.applications.create().sid for _ in range(4 * ROUNDS)]
    for number in range(10):
        account.incoming_phone_numbers.create(phone_number=f"+1415{number:07}")
    together = Barrier(WORKERS + 1)
    asks = [Ask(door, mock, account) for door in doors]
    with ThreadPoolExecutor(WORKERS + 1) as pool:
        watching = pool.submit(watch, mock, together)
        deleting = [pool.submit(delete, ask, applications, together) for ask in asks[:2]]
        assigning = [pool.submit(assign, ask, applications, together) for ask in asks[2:]]
        watching.result()
        assert sum(each.result() for each in deleting) == len(applications)
        assert set().union(*(each.result() for each in assigning)) <= {0, 21420}
    assert len(account.applications) == 0
    for each in account.incoming_phone_numbers:
        assert not each.voice_application_sid
        assert not each.sms_application_sid
    assert_no_loose_ends(mock.state)


def test_a_number_is_sold_to_one_of_many_who_want_it(doors: list[Door], mock: TwilioMock) -> None:
    together = Barrier(WORKERS)

    def buy(door: Door) -> list[int]:
        ask = Ask(door, mock, mock.account)
        together.wait(10)
        forms = [{"PhoneNumber": f"+1415{number:07}"} for number in range(ROUNDS)]
        return [ask("POST", "IncomingPhoneNumbers.json", form).status for form in forms]

    with ThreadPoolExecutor(WORKERS) as pool:
        statuses = [*pool.map(buy, doors)]
    for answers in zip(*statuses, strict=True):
        assert sorted(answers) == [201] + [400] * (WORKERS - 1)
    assert len(mock.incoming_phone_numbers) == ROUNDS
    assert_no_loose_ends(mock.state)
