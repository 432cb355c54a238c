"""The control API keeps what its own OpenAPI document promises: asked by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.asking import Ask, SocketDoor
from tests.reliability.campaign import examples
from twilio_mock import TwilioMock
from twilio_mock.control.http.openapi import openapi
from twilio_mock.control.http.table import OPERATIONS

schema = schemathesis.openapi.from_dict(openapi(OPERATIONS))


@pytest.fixture(scope="module")
def running() -> Iterator[TwilioMock]:
    with TwilioMock(redirect=False) as mock:
        yield mock


@pytest.fixture
def ask(running: TwilioMock) -> Iterator[Ask]:
    """Ask the API itself, by the side of the control API."""
    door = SocketDoor(running.url)
    yield Ask(door, running, running.account)
    door.close()
    running.reset()
    for account in running.accounts:
        if account.sid != running.sid:
            running.accounts.free(account)


@schema.parametrize()
@examples(4, 300)
def test_every_answer_is_as_the_document_says_and_a_refusal_changes_nothing(
    case: schemathesis.Case[Any], ask: Ask
) -> None:
    mock = ask.mock
    before, accounts = mock.export(), mock.accounts.sids()
    if "AccountSid" in case.path_parameters and case.path_parameters["AccountSid"][-1:] > "c":
        case.path_parameters["AccountSid"] = mock.sid
    # What is well-formed can still be refused: an account that is not there, a name in use.
    response = case.call_and_validate(
        base_url=f"{mock.url}/_twilio_mock", excluded_checks=[positive_data_acceptance]
    )
    if response.status_code >= 400:
        assert (mock.export(), mock.accounts.sids()) == (before, accounts)
    # Whatever was set, it breaks nothing: a fault may refuse, but it does not fail.
    ask.account.faults.clear()
    ask.account.update(auth_token="0" * 32, status="active", suspended_by_twilio=False)
    ask.account.update(test_credentials=False)
    for extension in ("json", "xml", "csv"):
        assert ask("GET", f"Applications.{extension}").status == 200
    assert mock.state.crashes == ask.account._account.crashes == ()
