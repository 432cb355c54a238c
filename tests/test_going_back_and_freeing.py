"""Going back and freeing: the accounts beside, and the requests that wait in what is gone."""

from __future__ import annotations

import pytest

from tests.asking import Ask, basic
from tests.conftest import ask_in_process
from twilio_mock import TwilioMock, delay, hang
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.dispatch import finish, handle, resume
from twilio_mock.waiting import Latch
from twilio_mock.wire import Request, Response, Wait


def test_going_back_leaves_the_accounts_in_their_order() -> None:
    mock = TwilioMock()
    second, third = mock.accounts.create(), mock.accounts.create()
    mock.subaccounts.create()
    order = mock.accounts.sids()
    for account in (mock.account, second, third):
        with account.rollback():
            account.applications.create()
    assert mock.accounts.sids() == order


def held(ask: Ask, effect: Effect) -> tuple[Wait, Latch | None]:
    """A request to this account that a fault holds."""
    ask.account.fault("ListApplication", effect)
    headers = {"Authorization": ask.credentials}
    waiting = handle(ask.state, Request("GET", f"{ask.root}/Applications.json", "", headers))
    assert isinstance(waiting, Wait)
    return waiting, waiting.pause.latch


def test_a_request_that_is_held_in_an_account_that_never_was_ends() -> None:
    ask = ask_in_process()
    with ask.account.rollback():
        waiting, latch = held(Ask(ask.door, ask.mock, ask.account.subaccounts.create()), hang())
    assert latch is not None
    assert latch.given_up
    finish(ask.state, waiting)


@pytest.mark.parametrize("effect", [hang(), delay(0.01)], ids=["hang", "delay"])
@pytest.mark.parametrize("below", [True, False])
def test_freeing_an_account_leaves_a_request_that_waits_in_it_unanswered(
    effect: Effect, below: bool
) -> None:
    ask = ask_in_process()
    account = ask.mock.subaccounts.create() if below else ask.mock.accounts.create()
    waiting, latch = held(Ask(ask.door, ask.mock, account), effect)
    ask.mock.accounts.free(account)
    if latch is None:
        answer = resume(ask.state, waiting)
        assert isinstance(answer, Response)
        assert answer.status == 401
        finish(ask.state, answer)
    else:
        assert latch.given_up
        finish(ask.state, waiting)
    assert ask.state.crashes == ()
    assert not ask.mock.unknown_requests


def test_an_answer_that_outlives_its_account_is_not_counted_in_the_next_one_of_its_sid() -> None:
    mock = TwilioMock()
    first = mock.accounts.create()
    request = Request("GET", f"/2010-04-01/Accounts/{first.sid}/Applications.json")
    request.headers = {"Authorization": basic(first.sid, first.auth_token)}
    answer = handle(mock.state, request)
    token = first.auth_token
    mock.accounts.free(first)
    mock.accounts.create(sid=first.sid, auth_token=token)
    assert isinstance(answer, Response)
    finish(mock.state, answer)
    again = handle(mock.state, request)
    assert isinstance(again, Response)
    assert again.headers["Twilio-Concurrent-Requests"] == "1"
    finish(mock.state, again)
