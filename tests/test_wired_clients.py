"""How an account wires the SDK to itself, whatever the environment says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from twilio_mock import TwilioMock

pytestmark = pytest.mark.filterwarnings("ignore:.*(BasicAuth|'auth').*:DeprecationWarning")


def is_in_process(client: Any) -> bool:
    """Whether a client asks without a socket: then it has no address of a server."""
    return str(client.api.base_url) == "https://api.twilio.com"


async def test_a_client_asks_over_the_socket_where_that_cannot_wait_for_itself() -> None:
    mock = TwilioMock()
    assert is_in_process(mock.account.client())
    assert is_in_process(mock.account.async_client())
    with mock:
        for client in (mock.account.client(), mock.account.async_client()):
            assert client.api.base_url == mock.url
    async with mock:
        assert is_in_process(mock.account.client())


async def test_a_blocking_call_in_the_loop_that_runs_the_server_is_answered_and_hangs_nobody() -> (
    None
):
    async with TwilioMock() as mock:
        made = mock.account.client().applications.create(friendly_name="x")
        listed = await mock.account.async_client(in_process=False).applications.list_async()
        assert [each.sid for each in listed] == [made.sid]


async def test_async_calls_at_the_same_time_are_all_answered() -> None:
    async with TwilioMock() as mock:
        client = mock.account.async_client(in_process=False)
        made = await asyncio.gather(*[client.applications.create_async() for _ in range(20)])
        assert {each.sid for each in made} == {each.sid for each in mock.applications}


@pytest.mark.parametrize("make", ["client", "async_client"])
def test_a_socket_is_not_to_be_had_from_a_mock_that_does_not_run(make: str) -> None:
    with pytest.raises(RuntimeError, match="twilio_mock: no server runs"):
        getattr(TwilioMock().account, make)(in_process=False)


@pytest.mark.parametrize("in_process", [False, True])
async def test_region_edge_proxies_and_credentials_of_the_environment_lead_nowhere(
    in_process: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TWILIO_REGION": "au1",
        "TWILIO_EDGE": "sydney",
        "TWILIO_ACCOUNT_SID": "AC" + "9" * 32,
        "TWILIO_AUTH_TOKEN": "other",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    # A redirected SDK would find the mock in any case.
    with TwilioMock(redirect=False) as mock:
        client = mock.account.client(in_process=in_process)
        assert client.applications.create().account_sid == mock.account.sid
        client = mock.account.async_client(in_process=in_process)
        await client.applications.create_async()
        assert len(mock.applications) == 2


def test_clients_of_two_accounts_do_not_mix() -> None:
    with TwilioMock() as mock:
        other = mock.accounts.create()
        for account in (mock.account, other, other):
            account.client().applications.create()
        assert (len(mock.applications), len(other.applications)) == (1, 2)


def test_the_in_process_client_sends_what_the_socket_one_does() -> None:
    with TwilioMock() as mock:
        for in_process in (False, True):
            client = mock.account.client(in_process=in_process)
            client.applications.list(friendly_name="ü &+", limit=3)
            client.applications.create(friendly_name="a/b ~", voice_url="https://a.example/?b=%20")
        lines = [
            (one.method, one.path, one.query, one.parameters, one.findings)
            for one in mock.state.accounts[mock.account.sid].journal.entries
        ]
    assert len(lines) == 4
    assert lines[:2] == lines[2:]
