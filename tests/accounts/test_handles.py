"""Accounts in Python: what `mock.accounts.create()` gives, and its collections."""

from __future__ import annotations

import re
from typing import Any

import pytest

from twilio_mock import TwilioMock

NUMBER = "+14155550101"


@pytest.fixture
def mock() -> TwilioMock:
    return TwilioMock(seed="tests")


def test_a_new_account_is_empty_and_has_its_own_sid_and_token(mock: TwilioMock) -> None:
    one, two = mock.accounts.create(friendly_name="one"), mock.accounts.create()
    assert one.sid != two.sid != mock.account.sid
    assert one.auth_token != two.auth_token
    assert [each.sid for each in mock.accounts] == [mock.account.sid, one.sid, two.sid]
    assert len(one.applications) == len(one.incoming_phone_numbers) == 0
    assert len(one.keys) == len(one.subaccounts) == 0
    assert one.client().api.account.fetch().friendly_name == "one"


def test_its_collections_read_like_containers(mock: TwilioMock) -> None:
    account = mock.accounts.create()
    application = account.applications.create(friendly_name="x")
    number = account.incoming_phone_numbers.create(
        phone_number=NUMBER, voice_application_sid=application.sid
    )
    key = account.keys.create(friendly_name="deploy")
    held: list[tuple[Any, Any]] = [
        (account.applications, application),
        (account.incoming_phone_numbers, number),
        (account.keys, key),
    ]
    for collection, record in held:
        assert len(collection) == 1
        assert record in collection
        assert record.sid in collection
        assert [*collection] == [record] == [collection[record.sid]] == [collection.one()]
        assert record.sid not in getattr(mock, collection.resource.key)
    assert account.incoming_phone_numbers.one(voice_application_sid=application.sid) == number
    assert account.keys.one(friendly_name="deploy").secret == key.secret


@pytest.mark.parametrize(
    ("collection", "fields", "told"),
    [
        ("incoming_phone_numbers", {"phone_number": "33"}, "33 is not a valid number (21421)"),
        ("incoming_phone_numbers", {}, "PhoneNumber is required (21421)"),
        ("incoming_phone_numbers", {"area_code": "1"}, "Invalid area code (21451)"),
        (
            "incoming_phone_numbers",
            {"phone_number": NUMBER, "sms_application_sid": "AP" + "0" * 32},
            "ApplicationSid is not accessible (21420)",
        ),
        (
            "incoming_phone_numbers",
            {"phone_number": NUMBER, "trunk_sid": "TK1"},
            "TrunkSid is not valid: TK1 (20001)",
        ),
        ("keys", {"friendly_name": "x" * 65}, "Invalid FriendlyName (20002)"),
        ("keys", {"sid": "AP" + "0" * 32}, "is no Key SID"),
        ("keys", {"secret": ""}, "must not be empty"),
        ("keys", {"main": "yes"}, "neither true nor false"),
        ("subaccounts", {"friendly_name": "x" * 65}, "Invalid FriendlyName (20002)"),
        ("subaccounts", {"status": "gone"}, "'gone' does not exist"),
        ("subaccounts", {"sid": "AC1"}, "'AC1' is no Account SID"),
        ("subaccounts", {"auth_token": ""}, "must not be empty"),
    ],
)
def test_a_create_is_checked_like_a_request(
    mock: TwilioMock, collection: str, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=f"^twilio_mock: .*{re.escape(told)}"):
        getattr(mock.account, collection).create(**fields)
    assert len(getattr(mock.account, collection)) == 0
    assert len(mock.accounts) == 1


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        ("incoming_phone_numbers", "capabilities"),
        ("incoming_phone_numbers", "account_sid"),
        ("keys", "voice_url"),
        ("subaccounts", "owner_account_sid"),
    ],
)
def test_a_field_that_cannot_be_given_is_a_type_error(
    mock: TwilioMock, collection: str, name: str
) -> None:
    with pytest.raises(TypeError, match=rf"^twilio_mock: \w+\.create has no '{name}'; it has: "):
        getattr(mock.account, collection).create(**{name: "x"})


def test_a_number_can_be_found_by_an_area_in_a_seed_too(mock: TwilioMock) -> None:
    number = mock.incoming_phone_numbers.create(area_code="212")
    assert str(number.phone_number).startswith("+1212")


def test_two_accounts_with_the_same_sid_are_refused(mock: TwilioMock) -> None:
    with pytest.raises(ValueError, match="is there already"):
        mock.accounts.create(sid=mock.account.sid)
    with pytest.raises(ValueError, match="is there already"):
        mock.account.subaccounts.create(sid=mock.account.sid)
    assert len(mock.accounts) == 1


def test_a_subaccount_belongs_to_its_parent_alone(mock: TwilioMock) -> None:
    child = mock.account.subaccounts.create()
    other = mock.accounts.create()
    assert child in mock.account.subaccounts
    assert child not in other.subaccounts
    assert child in mock.accounts
    with pytest.raises(LookupError, match=f"there is no account {child.sid}"):
        _ = other.subaccounts[child.sid]


def test_to_free_a_parent_frees_its_subaccounts(mock: TwilioMock) -> None:
    parent = mock.accounts.create()
    child = parent.subaccounts.create()
    key = child.keys.create()
    mock.accounts.free(parent)
    assert [each.sid for each in mock.accounts] == [mock.account.sid]
    assert key.sid not in mock.state.opened_by
    with pytest.raises(LookupError):
        mock.accounts.free(parent)
