"""Accounts with a time to live: renewed by use, and freed by the server when it is over."""

from __future__ import annotations

import asyncio
import gc
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from freezegun import freeze_time
from twilio.base.exceptions import TwilioRestException

from tests.control.caller import Control
from twilio_mock import AccountHandle, TwilioMock, create_app, hang
from twilio_mock.state import Account
from twilio_mock.waiting import real_date

LONG = 1000.0


def bring_near_the_end(mock: TwilioMock, sid: str, left: float = 0.0) -> None:
    """Act as if nobody had asked for this account for almost all of its time."""
    leases = mock.state.leases
    with mock.state.lock:
        leases.by_sid[sid].ends -= leases.by_sid[sid].seconds - left
        leases.earliest = min(leases.earliest, leases.by_sid[sid].ends)


def left(mock: TwilioMock, sid: str) -> float:
    seconds = mock.state.leases.left(sid)
    assert seconds is not None
    return seconds


def test_an_account_says_when_it_ends(control: Control) -> None:
    opened = control("POST", "/accounts", {"ttl": 600}).value
    assert 590 < opened["ends_in"] <= 600
    at = datetime.fromisoformat(opened["ends_at"]).timestamp()
    assert abs(at - real_date() - 600) < 10
    listed = {each["sid"]: each for each in control("GET", "/accounts").value["accounts"]}
    assert 590 < listed[opened["sid"]]["ends_in"] <= 600
    assert (listed[control.mock.sid]["ends_in"], listed[control.mock.sid]["ends_at"]) == (None,) * 2


def test_an_account_can_be_opened_under_a_sid_of_ones_own(control: Control) -> None:
    sid = "AC" + "3" * 32
    answer = control("PUT", f"/accounts/{sid}", {"ttl": 600, "auth_token": "a-token"})
    assert (answer.status, answer.value["sid"], answer.value["auth_token"]) == (201, sid, "a-token")
    assert control("PUT", f"/accounts/{sid}", {}).status == 409
    other = control("PUT", "/accounts/AC" + "4" * 32, {"sid": sid})
    assert (other.status, other.value["where"]) == (400, "the body.sid")


@pytest.mark.parametrize("use", ["the API", "the control API", "a subaccount"])
def test_every_use_renews_it(control: Control, use: str) -> None:
    mock = control.mock
    account = mock.accounts.create(ttl=LONG)
    subaccount = account.subaccounts.create()
    bring_near_the_end(mock, account.sid, left=LONG / 2)
    before = left(mock, account.sid)
    if use == "the control API":
        control("GET", f"/accounts/{account.sid}/clock")
    else:
        (account if use == "the API" else subaccount).client().applications.list()
    assert before < LONG * 0.51
    assert left(mock, account.sid) > LONG * 0.9


def test_what_has_ended_is_gone_for_the_api_and_for_the_control_api(control: Control) -> None:
    mock = control.mock
    accounts = [mock.accounts.create(ttl=LONG) for _ in range(2)]
    client = accounts[0].client()
    for account in accounts:
        bring_near_the_end(mock, account.sid)
    with pytest.raises(TwilioRestException) as refused:
        client.applications.create()
    assert refused.value.code == 20003
    assert control("GET", f"/accounts/{accounts[1].sid}").status == 404
    with pytest.raises(LookupError, match="was freed"):
        _ = accounts[0].status


def test_the_memory_of_what_has_ended_is_free(control: Control) -> None:
    mock = control.mock
    account = mock.accounts.create(ttl=LONG)
    key, subaccount = account.keys.create(), account.subaccounts.create()
    sids, key_sid = [account.sid, subaccount.sid], key.sid
    bring_near_the_end(mock, account.sid)
    control("GET", "/accounts")
    assert key_sid not in mock.state.opened_by
    assert mock.state.leases.by_sid == {}
    del account, key, subaccount
    gc.collect()
    held = [each.sid for each in gc.get_objects() if isinstance(each, Account)]
    assert [sid for sid in sids if sid in held] == []


def freed_by_itself(mock: TwilioMock, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the mock has freed an account."""
    freed, free = threading.Event(), mock.state.free_account

    def free_and_tell(account: object) -> None:
        free(account)  # type: ignore[arg-type]
        freed.set()

    monkeypatch.setattr(mock.state, "free_account", free_and_tell)
    return freed


def test_it_is_freed_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    with TwilioMock() as mock:
        freed = freed_by_itself(mock, monkeypatch)
        late, soon = mock.accounts.create(ttl=LONG), mock.accounts.create(ttl=0.02)
        assert freed.wait(10)
        assert (soon.sid in mock.accounts, late.sid in mock.accounts) == (False, True)


def test_no_other_clock_has_a_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with TwilioMock() as mock, freeze_time("2026-01-31") as frozen:
        freed = freed_by_itself(mock, monkeypatch)
        account = mock.accounts.create(ttl=LONG)
        account.clock.set(datetime(2080, 1, 1, tzinfo=UTC))
        frozen.tick(timedelta(days=365))
        account.client().applications.list()
        assert left(mock, account.sid) > LONG * 0.9
        mock.accounts.create(ttl=0.02)
        assert freed.wait(10)


def test_a_request_that_hangs_is_let_go(control: Control) -> None:
    mock = control.mock
    account = mock.accounts.create(ttl=LONG)
    account.fault("ListApplication", hang())
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            account.client(timeout=20).applications.list()
        except OSError as failure:
            failures.append(failure)

    asking = threading.Thread(target=ask)
    asking.start()
    while not account._account.in_flight:
        gc.collect(0)  # another thread's turn
    bring_near_the_end(mock, account.sid)
    control("GET", "/accounts")
    asking.join(10)
    assert len(failures) == 1


def test_going_back_and_seeding_leave_its_time_as_it_is(control: Control) -> None:
    account = control.mock.accounts.create(ttl=LONG)
    before = account.snapshot()
    bring_near_the_end(control.mock, account.sid, left=LONG / 2)
    account.seed({"applications": [{}]})
    account.restore(before)
    account.reset()
    assert 0 < left(control.mock, account.sid) < LONG * 0.51
    assert account.sid in control.mock.accounts


@pytest.mark.parametrize("ttl", [0, -1, "soon", True])
def test_a_time_that_is_none_is_refused(control: Control, ttl: object) -> None:
    count = len(control.mock.accounts)
    answer = control("POST", "/accounts", {"ttl": ttl})
    assert (answer.status, answer.value["where"]) == (400, "the body.ttl")
    assert len(control.mock.accounts) == count


def test_in_python_a_time_that_is_none_is_refused_too() -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match="ttl: seconds above 0 are expected, not 0"):
        mock.accounts.create(ttl=0)
    assert len(mock.accounts) == 1


def test_a_subaccount_lives_as_long_as_its_parent(control: Control) -> None:
    answer = control("POST", "/accounts", {"parent": control.mock.sid, "ttl": 5})
    assert (answer.status, answer.value["where"]) == (400, "the body.ttl")
    with pytest.raises(TypeError, match="a subaccount has no ttl of its own"):
        control.mock.subaccounts.create(ttl=5)


def timers() -> list[str]:
    """What the running loop would still do later."""
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return [repr(each) for each in scheduled if not each.cancelled() and "Sweep" in repr(each)]


async def test_no_timer_is_left_when_the_server_stops() -> None:
    async with TwilioMock() as mock:
        assert timers() == []
        mock.accounts.create(ttl=LONG)
        await asyncio.sleep(0)
        assert len(timers()) == 1
    assert timers() == []
    mock.accounts.create(ttl=1.0)
    await asyncio.sleep(0)
    assert timers() == []


async def test_under_a_runner_of_ones_own_it_is_freed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = TwilioMock()
    freed = freed_by_itself(mock, monkeypatch)
    async with TestClient(TestServer(create_app(mock))):
        account: AccountHandle = mock.accounts.create(ttl=0.02)
        assert await asyncio.to_thread(freed.wait, 10)
        assert account.sid not in mock.accounts
    assert timers() == []
