"""Many clients, many threads: nothing is lost, nothing is mixed up, everything is counted."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.reliability.conftest import Tell
from tests.reliability.crowd import Told, crowd
from tests.reliability.effort import effort
from twilio_mock import Settings, TwilioMock
from twilio_mock.resources import APPLICATION
from twilio_mock.state import accounts, webhooks

CLIENTS, ACCOUNTS, THREADS = 256, 8, 32


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns a hundred times as often as usual."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(interval / 100)
    yield
    sys.setswitchinterval(interval)


def assert_held(mock: TwilioMock, told: Told) -> None:
    """An account holds what its clients were told, and has counted what they asked."""
    account = told.account
    assert {each.sid: each.friendly_name for each in account.applications} == told.applications
    carried = {
        sid: None if application in told.deleted else application
        for sid, application in told.numbers.items()
    }
    found = {
        each.sid: each.voice_application_sid or None for each in account.incoming_phone_numbers
    }
    assert found == carried
    kept = mock.state.accounts[account.sid]
    assert len(kept.journal.lines) + kept.journal.dropped == told.asked
    assert {each.account_sid for each in account.requests} == {account.sid}
    assert kept.in_flight == 0
    assert kept.crashes == ()


def test_the_end_is_what_256_clients_of_8_accounts_were_told(tell: Tell) -> None:
    seconds = effort(3.0, 60.0)
    with TwilioMock(redirect=False) as mock:
        told = asyncio.run(crowd(mock, CLIENTS, ACCOUNTS, seconds))
    for each in told:  # now that what was answered has been counted out
        assert_held(mock, each)
    assert (mock.state.crashes, len(mock.unknown_requests)) == ((), 0)
    asked = sum(each.asked for each in told)
    assert asked > CLIENTS
    assert sum(each.walks for each in told) > ACCOUNTS
    tell("requests", f"{asked:,} by {CLIENTS} clients of {ACCOUNTS} accounts in {seconds:g} s")
    tell("walks", f"{sum(each.walks for each in told):,}")
    tell("assignments to what had just been deleted", sum(each.refused for each in told))


def in_threads(work: Callable[[int], None], count: int = THREADS) -> None:
    """Run a function in many threads at once, and raise what any of them raises."""
    problems: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise BaseExceptionGroup("in threads", problems)


def site(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """An application of the user's."""
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<Response><Say>Hello</Say></Response>"]


def test_the_blocking_face_serves_32_threads_at_once(restless: None, tell: Tell) -> None:
    rounds = effort(4, 50)
    with TwilioMock(settings=Settings(application_limit=2 * THREADS * rounds)) as mock:
        mock.webhooks.configure(deliver_to=site)

        def work(number: int) -> None:
            client = mock.account.client()
            for turn in range(rounds):
                name = f"{number}-{turn}"
                url = "https://me.example/voice"
                sid = str(client.applications.create(friendly_name=name, voice_url=url).sid)
                seeded = mock.applications.create(friendly_name=f"seeded {name}")
                call = mock.applications[sid].incoming_call()
                assert call.twiml.find("Say").text == "Hello"
                call.hang_up()
                assert mock.applications.one(friendly_name=name).sid == sid
                mock.requests.assert_called("CreateApplication", FriendlyName=name)
                client.applications(sid).delete()
                assert sid not in mock.applications
                assert seeded in list(mock.applications)

        in_threads(work)
        names = {each.friendly_name for each in mock.applications}
        assert names == {f"seeded {n}-{t}" for n in range(THREADS) for t in range(rounds)}
        deliveries = len(mock.webhooks) + mock.webhooks.dropped
        assert deliveries == THREADS * rounds
        journal = mock.state.accounts[mock.sid].journal
        assert len(journal.lines) + journal.dropped == 2 * THREADS * rounds
    tell("calls, creates and deletes in each of 32 threads", rounds)


@pytest.mark.parametrize("made", ["Webhooks", "Table"])
def test_what_is_made_when_it_is_first_needed_is_made_once(
    made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mock, meeting = TwilioMock(redirect=False), threading.Barrier(2)
    place = webhooks if made == "Webhooks" else accounts
    account, real = mock.state.accounts[mock.sid], getattr(place, made)

    def meet(*values: object) -> object:
        """Make one, but not before another thread is about to, if one ever is."""
        with suppress(threading.BrokenBarrierError):
            meeting.wait(0.2)
        return real(*values)

    monkeypatch.setattr(place, made, meet)
    found: list[object] = []

    def look(_: int) -> None:
        found.append(account.webhooks if made == "Webhooks" else account.table(APPLICATION))

    in_threads(look, 2)
    assert found[0] is found[1]
