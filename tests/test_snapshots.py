"""Snapshots, rollback, comparison, idempotence: an account made what it was."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from twilio_mock import AccountHandle, TwilioMock
from twilio_mock.state.snapshots import Snapshot


@pytest.fixture
def mock() -> TwilioMock:
    return TwilioMock(seed="snapshots")


def test_a_restored_account_is_what_it_was(mock: TwilioMock) -> None:
    kept = mock.applications.create(friendly_name="kept", voice_url="https://a.example/")
    gone = mock.applications.create(friendly_name="gone")
    number = mock.incoming_phone_numbers.create(
        phone_number="+15005550006", voice_application_sid=gone.sid
    )
    before, exported = mock.snapshot(), mock.export()
    client = mock.client()
    client.applications(gone.sid).delete()
    client.applications(kept.sid).update(friendly_name="renamed")
    client.applications.create(friendly_name="new")
    assert mock.export() != exported
    mock.restore(before)
    assert mock.export() == exported
    assert number.voice_application_sid == gone.sid
    assert [app.sid for app in client.applications.list(friendly_name="kept")] == [kept.sid]
    assert client.applications.list(friendly_name="renamed") == []


def test_a_snapshot_can_be_restored_any_number_of_times(mock: TwilioMock) -> None:
    mock.applications.create(friendly_name="a")
    before = mock.snapshot()
    for _ in range(3):
        mock.applications.create(friendly_name="b")
        mock.restore(before)
        assert [app.friendly_name for app in mock.applications] == ["a"]


def test_the_same_sids_come_again_after_a_restore(mock: TwilioMock) -> None:
    before = mock.snapshot()
    first = mock.applications.create().sid
    mock.restore(before)
    assert mock.applications.create().sid == first


def test_a_walk_goes_on_after_a_restore(mock: TwilioMock) -> None:
    for number in range(3):
        mock.applications.create(friendly_name=str(number))
    before = mock.snapshot()
    pages = mock.client().applications.page(page_size=1)
    mock.restore(before)
    following = pages.next_page()
    assert following is not None
    assert [app.friendly_name for app in following] == ["1"]


def test_keys_open_the_account_as_they_did(mock: TwilioMock) -> None:
    kept = mock.keys.create()
    before = mock.snapshot()
    new = mock.keys.create()
    mock.client().keys(kept.sid).delete()
    mock.restore(before)
    assert set(mock.state.opened_by) == {kept.sid}
    assert new.sid not in mock.keys


def test_a_parents_snapshot_holds_its_subaccounts(mock: TwilioMock) -> None:
    sub = mock.subaccounts.create(friendly_name="sub")
    sub.applications.create(friendly_name="in sub")
    before = mock.snapshot()
    opened = mock.subaccounts.create(friendly_name="opened since")
    sub.applications.create(friendly_name="since")
    mock.client().api.accounts(sub.sid).update(status="suspended")
    mock.restore(before)
    assert opened.sid not in mock.accounts
    assert sub.status == "active"
    assert [app.friendly_name for app in sub.applications] == ["in sub"]


def test_a_freed_subaccount_comes_back(mock: TwilioMock) -> None:
    sub = mock.subaccounts.create(friendly_name="sub")
    sub.applications.create(friendly_name="in sub")
    before = mock.snapshot()
    mock.accounts.free(sub)
    mock.restore(before)
    assert [app.friendly_name for app in sub.applications] == ["in sub"]


def test_a_subaccounts_snapshot_is_its_own_affair(mock: TwilioMock) -> None:
    sub = mock.subaccounts.create(friendly_name="sub")
    sub.keys.create()
    before = sub.snapshot()
    sub.update(status="closed")
    sub.applications.create()
    mock.applications.create(friendly_name="parent's")
    sub.restore(before)
    assert (sub.status, len(sub.applications), len(sub.keys)) == ("active", 0, 1)
    assert [app.friendly_name for app in mock.applications] == ["parent's"]


@pytest.mark.parametrize(
    "use", [AccountHandle.restore, AccountHandle.diff], ids=["restore", "diff"]
)
def test_the_snapshot_of_another_account_is_refused(
    mock: TwilioMock, use: Callable[[AccountHandle, Snapshot], object]
) -> None:
    other = mock.accounts.create()
    with pytest.raises(ValueError, match=f"a snapshot of {other.sid}, not of {mock.sid}"):
        use(mock, other.snapshot())


def test_a_rollback_undoes_also_what_raised(mock: TwilioMock) -> None:
    def seed_twice() -> None:
        with mock.rollback():
            mock.applications.create(sid="AP" + "1" * 32)
            mock.applications.create(sid="AP" + "1" * 32)

    with pytest.raises(ValueError, match="is there already"):
        seed_twice()
    assert len(mock.applications) == 0


def test_a_diff_says_what_was_created_updated_and_deleted(mock: TwilioMock) -> None:
    updated = mock.applications.create(friendly_name="a", voice_url="https://a.example/")
    deleted = mock.applications.create(friendly_name="d")
    before = mock.snapshot()
    client = mock.client()
    client.applications(updated.sid).update(voice_url="https://b.example/", sms_method="GET")
    client.applications(deleted.sid).delete()
    created = client.applications.create(friendly_name="c")
    diff = mock.diff(before)
    assert str(diff).splitlines() == [
        "created 1, updated 1, deleted 1",
        f"  created Application {created.sid} 'c'",
        f"  updated Application {updated.sid} 'a': "
        "voice_url 'https://a.example/' -> 'https://b.example/', sms_method 'POST' -> 'GET'",
        f"  deleted Application {deleted.sid} 'd'",
    ]
    assert [change.sid for change in diff.created] == [created.sid]


def test_an_update_that_changes_nothing_is_no_difference(mock: TwilioMock) -> None:
    mock.clock.set(1_000_000_000)
    app = mock.applications.create(friendly_name="a")
    before = mock.snapshot()
    mock.clock.advance(60)
    mock.client().applications(app.sid).update(friendly_name="a")
    assert not mock.diff(before)
    assert str(mock.diff(before)) == "nothing changed"


def test_a_diff_tells_no_secret(mock: TwilioMock) -> None:
    sub = mock.subaccounts.create()
    before, parents = sub.snapshot(), mock.snapshot()
    sub.update(auth_token="0123456789abcdef", secondary_auth_token="fedcba9876543210")
    for diff in (sub.diff(before), mock.diff(parents)):
        assert "auth_token '[secret]' -> '[another secret]'" in str(diff)
        assert "0123456789abcdef" not in str(diff)
        assert "fedcba9876543210" not in str(diff)


def test_a_long_diff_is_cut(mock: TwilioMock) -> None:
    before = mock.snapshot()
    for _ in range(25):
        mock.applications.create()
    assert str(mock.diff(before)).endswith("... and 5 more")


def create_or_update(mock: TwilioMock) -> None:
    client = mock.client()
    found = client.applications.list(friendly_name="Phone Me")
    if found:
        found[0].update(voice_url="https://me.example/voice")
    else:
        client.applications.create(friendly_name="Phone Me", voice_url="https://me.example/voice")


def test_what_finds_its_own_work_is_idempotent(mock: TwilioMock) -> None:
    mock.assert_idempotent(lambda: create_or_update(mock))
    assert len(mock.applications) == 1


def test_what_creates_again_is_not_idempotent(mock: TwilioMock) -> None:
    with pytest.raises(AssertionError) as failure:
        mock.assert_idempotent(lambda: mock.client().applications.create(friendly_name="x"))
    first, second, advice = str(failure.value).splitlines()
    assert first == "twilio_mock: the second run changed what the first had done: created 1"
    assert second.startswith("  created Application AP")
    assert "look it up by FriendlyName" in advice


async def test_an_async_function_is_run_twice_when_awaited(mock: TwilioMock) -> None:
    async def create() -> None:
        await mock.async_client(in_process=True).applications.create_async()

    run = mock.assert_idempotent(create)
    assert run is not None
    with pytest.raises(AssertionError, match="created 1"):
        await run
    assert len(mock.applications) == 2


def test_the_time_of_a_restore_does_not_depend_on_what_is_compared(mock: TwilioMock) -> None:
    """A thousand applications: a snapshot and a restore cost less than seeding a tenth of them."""
    for number in range(1000):
        mock.applications.create(friendly_name=f"app {number}")
    before = mock.snapshot()
    other = mock.accounts.create()
    began = time.process_time()
    for _ in range(100):
        other.applications.create()
    seeded = time.process_time()
    mock.restore(mock.snapshot())
    assert time.process_time() - seeded < seeded - began
    assert not mock.diff(before)


def test_reset_leaves_the_account_as_new_and_other_accounts_alone(mock: TwilioMock) -> None:
    mock.applications.create()
    mock.keys.create()
    sub = mock.subaccounts.create()
    mock.clock.set(0)
    other = mock.accounts.create()
    other.applications.create()
    mock.reset()
    assert (len(mock.applications), len(mock.keys), len(mock.subaccounts)) == (0, 0, 0)
    assert sub.sid not in mock.accounts
    assert mock.state.opened_by == {}
    assert not mock.clock.stopped
    assert mock.client().applications.list() == []
    assert mock.client().api.accounts(mock.sid).fetch().friendly_name == "twilio_mock"
    assert len(other.applications) == 1


def test_resetting_a_subaccount_leaves_its_parent_alone(mock: TwilioMock) -> None:
    sub = mock.subaccounts.create(friendly_name="sub")
    sub.applications.create()
    mock.applications.create()
    sub.reset()
    assert (len(sub.applications), len(mock.applications), len(mock.subaccounts)) == (0, 1, 1)
