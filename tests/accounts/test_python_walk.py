"""twilio-python over accounts, keys and phone numbers: blocking and async, both ways in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from twilio_mock import AccountHandle, TwilioMock

WAYS = ["in process", "over the socket"]


@pytest.fixture(scope="module")
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture
def account(mock: TwilioMock) -> AccountHandle:
    return mock.accounts.create()


@pytest.fixture(params=WAYS)
def in_process(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "in process"


@pytest.fixture
def client(account: AccountHandle, in_process: bool) -> Any:
    return account.client(in_process=in_process)


def with_key(client: Any, key: str, secret: str) -> Any:
    """The client that somebody with a key of the same account makes."""
    keyed = Client(key, secret, client.account_sid, http_client=client.http_client)
    keyed.api.base_url = client.api.base_url
    return keyed


def test_subaccounts_are_opened_listed_renamed_suspended_and_closed(
    client: Any, account: AccountHandle
) -> None:
    made = client.api.accounts.create(friendly_name="Customer 7")
    assert (made.owner_account_sid, made.status, made.type) == (account.sid, "active", "Full")
    assert made.subresource_uris["applications"].endswith(f"{made.sid}/Applications.json")
    assert [each.sid for each in client.api.accounts.list()] == [account.sid, made.sid]
    found = client.api.accounts.list(friendly_name="Customer 7", status="active")
    assert [each.sid for each in found] == [made.sid]
    assert client.api.accounts(made.sid).fetch().auth_token == made.auth_token
    assert made.update(friendly_name="Customer 8").friendly_name == "Customer 8"
    assert made.update(status="suspended").status == "suspended"
    assert made.update(status="closed").status == "closed"
    with pytest.raises(TwilioRestException) as raised:
        made.update(status="active")
    assert (raised.value.status, raised.value.code) == (400, 21479)
    assert client.api.account.fetch().sid == account.sid


def test_a_parent_works_in_its_subaccount(client: Any, account: AccountHandle) -> None:
    sub = client.api.accounts(client.api.accounts.create().sid)
    application = sub.applications.create(friendly_name="theirs")
    number = sub.incoming_phone_numbers.create(
        phone_number="+14155550101", voice_application_sid=application.sid
    )
    assert (application.account_sid, number.account_sid) == (sub.fetch().sid,) * 2
    assert [each.sid for each in sub.applications.list()] == [application.sid]
    assert client.applications.list() == client.incoming_phone_numbers.list() == []
    assert application.delete()
    assert number.fetch().voice_application_sid is None


def test_a_client_built_from_a_subaccount_stays_there(
    mock: TwilioMock, client: Any, in_process: bool
) -> None:
    made = client.api.accounts.create()
    own: Any = mock.accounts[made.sid].client(in_process=in_process)
    assert own.applications.create().account_sid == made.sid
    with pytest.raises(TwilioRestException) as raised:
        own.api.accounts(client.account_sid).applications.create()
    assert (raised.value.status, raised.value.code) == (401, 20003)


def test_a_key_is_made_used_renamed_and_deleted(client: Any, account: AccountHandle) -> None:
    made = client.new_keys.create(friendly_name="deploy")
    assert made.secret
    assert [each.sid for each in client.keys.list()] == [made.sid]
    assert client.keys(made.sid).fetch().friendly_name == "deploy"
    assert client.keys(made.sid).update(friendly_name="ci").friendly_name == "ci"
    keyed = with_key(client, made.sid, made.secret)
    assert keyed.applications.create(friendly_name="x").account_sid == account.sid
    for refused in (keyed.keys(made.sid).fetch, keyed.api.accounts(account.sid).fetch):
        with pytest.raises(TwilioRestException) as raised:
            refused()
        assert (raised.value.status, raised.value.code) == (401, 20003)
    assert client.keys(made.sid).delete()
    with pytest.raises(TwilioRestException) as raised:
        keyed.applications.create()
    assert "invalid username" in str(raised.value)


def test_a_number_is_bought_assigned_found_and_released(client: Any) -> None:
    application = client.applications.create(voice_url="https://a.example/voice")
    number = client.incoming_phone_numbers.create(area_code="415", voice_url="https://b.example/")
    assert (number.capabilities["voice"], number.beta) == (True, False)
    number = number.update(
        voice_application_sid=application.sid, sms_application_sid=application.sid
    )
    assert number.voice_url == "https://b.example/"
    assert [each.sid for each in client.incoming_phone_numbers.stream()] == [number.sid]
    found = client.incoming_phone_numbers.list(phone_number="415", friendly_name="nobody")
    assert found == []
    assert application.delete()
    fetched = client.incoming_phone_numbers(number.sid).fetch()
    assert (fetched.voice_application_sid, fetched.sms_application_sid) == (None, None)
    with pytest.raises(TwilioRestException) as raised:
        fetched.update(voice_application_sid=application.sid)
    assert (raised.value.status, raised.value.code) == (400, 21420)
    with pytest.raises(TwilioRestException, match="33 is not a valid number"):
        client.incoming_phone_numbers.create(phone_number="33")
    assert fetched.delete()
    assert client.incoming_phone_numbers.list() == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK's own, of aiohttp
async def test_the_async_methods_walk_the_same_way(
    account: AccountHandle, in_process: bool
) -> None:
    client: Any = account.async_client(in_process=in_process)
    made = await client.api.accounts.create_async(friendly_name="Customer 7")
    sub = client.api.accounts(made.sid)
    application = await sub.applications.create_async(friendly_name="theirs")
    number = await sub.incoming_phone_numbers.create_async(
        phone_number="+14155550101", voice_application_sid=application.sid
    )
    key = await sub.new_keys.create_async(friendly_name="deploy")
    assert [each.sid for each in await sub.keys.list_async()] == [key.sid]
    assert await application.delete_async()
    assert (await number.fetch_async()).voice_application_sid is None
    assert (await made.update_async(status="closed")).status == "closed"
    with pytest.raises(TwilioRestException) as raised:
        await sub.applications.create_async()
    assert (raised.value.status, raised.value.code) == (403, 20403)
