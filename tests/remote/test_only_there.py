"""What is true only of a mock in another process: what it cannot do, and how it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.plugin.local_site import local_site
from twilio_mock import AccountHandle, TwilioMock, error
from twilio_mock.remote.shared_mock import SharedMock
from twilio_mock.resources import APPLICATION
from twilio_mock.serving.control_caller import ControlCaller, Unreachable
from twilio_mock.state.snapshots import take


@pytest.fixture
def account(shared: SharedMock) -> Iterator[AccountHandle]:
    account = shared.accounts.create()
    yield account
    shared.accounts.free(account)


def test_an_account_has_a_time_to_live_unless_another_is_wanted(
    server: TwilioMock, shared: SharedMock
) -> None:
    usual, short = shared.accounts.create(), shared.accounts.create(ttl=60, friendly_name="short")
    lives = [server.state.leases.by_sid[each.sid].seconds for each in (usual, short)]
    assert lives == [3600, 60]
    assert short.export()["friendly_name"] == "short"
    for each in (usual, short):
        shared.accounts.free(each)
    assert server.accounts.sids() == [server.sid]


def test_what_others_have_opened_is_not_in_it(server: TwilioMock, shared: SharedMock) -> None:
    assert (len(shared.accounts), server.sid in shared.accounts) == (0, False)
    with pytest.raises(LookupError, match="there is no account"):
        shared.accounts.free(server.sid)
    with pytest.raises(AttributeError, match="url, accounts and unknown_requests"):
        shared.reset()  # type: ignore[operator]


def test_a_seed_of_ones_own_is_refused(shared: SharedMock) -> None:
    with pytest.raises(ValueError, match="has a seed of its own"):
        shared.accounts.create(seed="any text")


def test_a_snapshot_that_the_server_did_not_take_is_refused(account: AccountHandle) -> None:
    with pytest.raises(ValueError, match="knows of no such snapshot"):
        account.restore(take(account._account))


def test_a_value_that_json_has_no_word_for_is_refused(account: AccountHandle) -> None:
    with pytest.raises(ValueError, match="cannot be sent to a mock in another process"):
        account.seed({"applications": [{"friendly_name": object()}]})


def test_functions_are_not_sent_and_nothing_is_asked_in_process(account: AccountHandle) -> None:
    with pytest.raises(ValueError, match="when= is a function"):
        account.fault("CreateApplication", error(20503), when=lambda asked: True)
    assert len(account.faults) == 0
    for client in (account.client, account.async_client):
        with pytest.raises(RuntimeError, match="in another process"):
            client(in_process=True)


def test_a_resource_of_ones_own_is_not_there(account: AccountHandle) -> None:
    queue = replace(APPLICATION, name="Queue", plural="Queues")
    with pytest.raises(LookupError, match="has no Queues: they are a resource of your own"):
        len(account.collection(queue))


def test_requests_that_reached_no_account_are_there(shared: SharedMock) -> None:
    client = Client("AC" + "9" * 32, "secret-token")
    client.api.base_url = shared.url
    with pytest.raises(TwilioRestException):
        client.applications.create(friendly_name="of nobody")
    found = shared.unknown_requests.assert_one(FriendlyName="of nobody")
    assert (found.status, found.caller) == (401, "AC" + "9" * 32)


def test_a_caller_shows_no_token() -> None:
    assert "a-token" not in repr(ControlCaller("http://127.0.0.1:9", "a-token"))
    with pytest.raises(Unreachable) as failure:
        SharedMock("http://127.0.0.1:9", "a-token").check()
    assert failure.value.__context__ is None
    assert "a-token" not in str(failure.value)


def test_who_answers_something_else_is_no_mock() -> None:
    with local_site() as site, pytest.raises(Unreachable, match="is no twilio_mock"):
        ControlCaller(site.url)("GET", "/health")
