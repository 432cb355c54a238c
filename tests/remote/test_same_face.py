"""What a test reads and stores: the same of an account here and of one in another process."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from twilio_mock import AccountHandle, TwilioMock
from twilio_mock.remote.shared_mock import SharedMock


def normal(error: BaseException | str) -> str:
    """A message without its SIDs."""
    return re.sub(r"\b(AC|AP)[0-9a-f]{32}", r"\1...", str(error))


def test_records_are_seeded_and_read(account: AccountHandle) -> None:
    before = account.client().applications.create(friendly_name="by the SDK").sid
    application = account.applications.create(
        friendly_name="seeded", voice_url="https://me.example/", date_created=86400
    )
    assert (application.friendly_name, application.date_created) == ("seeded", 86400)
    assert [each.sid for each in account.applications] == [before, application.sid]
    assert account.applications.one(friendly_name="seeded") == application
    assert application in account.applications
    assert account.applications[application.sid].voice_url == "https://me.example/"
    assert account.client().applications(application.sid).delete()
    assert len(account.applications) == 1
    with pytest.raises(LookupError, match="has no Application"):
        _ = application.friendly_name


def test_numbers_and_keys_are_seeded_too(account: AccountHandle) -> None:
    application = account.applications.create()
    number = account.incoming_phone_numbers.create(
        phone_number="+14155550100", voice_application_sid=application.sid
    )
    key = account.keys.create(main=True)
    assert account.incoming_phone_numbers.one().voice_application_sid == application.sid
    assert key in account.keys
    account.client().applications(application.sid).delete()
    assert number.voice_application_sid is None


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        (
            {"colour": "red"},
            TypeError,
            r"applications\.create has no 'colour'; it has: api_version",
        ),
        ({"voice_method": "PUT"}, ValueError, r"voice_method: VoiceMethod is not valid: PUT"),
        ({"date_created": datetime(2026, 1, 1)}, ValueError, "this is no moment"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_stored_is_refused_in_the_same_words(
    account: AccountHandle, fields: dict[str, str], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        account.applications.create(**fields)
    assert len(account.applications) == 0


def test_what_is_not_there_is_told_in_the_same_words(account: AccountHandle) -> None:
    account.applications.create(friendly_name="a")
    with pytest.raises(LookupError) as failure:
        account.applications.one(friendly_name="b")
    assert normal(failure.value) == (
        "twilio_mock: wanted one Application with friendly_name='b', found none; the account has "
        "1: AP... 'a' (docs/control.md, Records)"
    )


def test_a_moment_may_be_a_datetime(account: AccountHandle) -> None:
    application = account.applications.create(date_created=datetime(1970, 1, 2, tzinfo=UTC))
    assert application.date_created == 86400


def test_the_account_itself_can_be_changed(account: AccountHandle) -> None:
    account.update(status="suspended", auth_token="another-token")
    assert (account.status, account.auth_token) == ("suspended", "another-token")
    assert account.environment["TWILIO_AUTH_TOKEN"] == "another-token"
    with pytest.raises(TypeError, match="has no 'sid'"):
        account.update(sid="AC" + "1" * 32)


def test_subaccounts_are_opened_found_and_freed(account: AccountHandle) -> None:
    ours = account.subaccounts.create(friendly_name="ours")
    theirs = account.client().api.v2010.accounts.create(friendly_name="by the SDK").sid
    assert theirs
    assert account.subaccounts.sids() == [ours.sid, theirs]
    assert theirs in account.subaccounts
    application = account.subaccounts[theirs].applications.create()
    client = account.subaccounts[theirs].client()
    assert client.applications(application.sid or "").fetch().account_sid == theirs
    account.subaccounts.free(ours)
    assert len(account.subaccounts) == 1
    with pytest.raises(LookupError):
        _ = account.subaccounts[ours.sid]


def test_what_is_gone_there_is_gone_here(account: AccountHandle) -> None:
    ours = account.subaccounts.create()
    application = account.applications.create(voice_url="http://127.0.0.1:9/")
    call = account.outgoing_call(application, to="+14155550100", answered=False)
    assert [each.sid for each in account.webhooks] == [call.sid]
    account.reset()
    assert ours.sid not in account.subaccounts
    assert (len(account.subaccounts), len(account.applications)) == (0, 0)
    assert len(account.webhooks) == 0


def test_the_clock_is_turned(account: AccountHandle) -> None:
    account.clock.set(datetime(2026, 1, 31, 12, tzinfo=UTC))
    account.clock.advance(timedelta(days=1))
    assert account.clock.now == datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert account.clock.stopped
    assert account.applications.create().date_created == account.clock.now.timestamp()
    account.clock.run()
    assert abs(account.clock.now - datetime.now(UTC)) < timedelta(minutes=1)
    account.clock.advance(3600)
    assert account.clock.now - datetime.now(UTC) > timedelta(minutes=59)
    assert not account.clock.stopped
    with pytest.raises(ValueError, match="the years 1970 to 9999"):
        account.clock.set(-1.0)


def test_snapshots_are_compared_and_restored(account: AccountHandle) -> None:
    kept = account.applications.create(friendly_name="kept", voice_url="https://a.example/")
    before = account.snapshot()
    account.client().applications(kept.sid).update(voice_url="https://b.example/")
    account.applications.create(friendly_name="new")
    changes = account.diff(before)
    assert [each.friendly_name for each in changes.created] == ["new"]
    assert "voice_url 'https://a.example/' -> 'https://b.example/'" in str(changes)
    account.restore(before)
    assert not account.diff(before)
    assert [each.voice_url for each in account.applications] == ["https://a.example/"]


def test_a_block_is_rolled_back_any_number_of_times(account: AccountHandle) -> None:
    for _ in range(101):  # one more than a server keeps
        with account.rollback() as before:
            account.applications.create()
            assert len(account.diff(before).created) == 1
    assert len(account.applications) == 0


def test_another_accounts_snapshot_is_refused(
    account: AccountHandle, mock: TwilioMock | SharedMock
) -> None:
    other = mock.accounts.create()
    with pytest.raises(ValueError, match="this is a snapshot of"):
        account.restore(other.snapshot())
    mock.accounts.free(other)


def test_a_second_run_that_changes_something_is_told(account: AccountHandle) -> None:
    account.assert_idempotent(lambda: None)
    with pytest.raises(AssertionError, match="the second run changed what the first had done"):
        account.assert_idempotent(lambda: account.applications.create(friendly_name="again"))


def test_what_is_exported_can_be_seeded_again(account: AccountHandle) -> None:
    part = {"applications": [{"friendly_name": "a", "voice_url": "https://a.example/"}]}
    account.seed(part)
    exported = account.export()
    account.reset()
    assert len(account.applications) == 0
    account.seed({"applications": exported["applications"]})
    assert account.export() == exported
    with pytest.raises(ValueError, match=r"applications\[0\]\.voice_method"):
        account.seed({"applications": [{"voice_method": "PUT"}]})
    assert account.export() == exported


def test_an_account_that_was_freed_says_so(
    account: AccountHandle, mock: TwilioMock | SharedMock
) -> None:
    subaccount = account.subaccounts.create()
    mock.accounts.free(account)
    assert account.sid not in mock.accounts
    assert subaccount.sid not in mock.accounts
    with pytest.raises(LookupError) as failure:
        _ = account.status
    said = "twilio_mock: account AC... was freed, nothing is left of it"
    assert normal(failure.value) == said
