"""Stale reads: for a while after a write, reads find what was there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.asking import Ask
from tests.sdk_doors import SDK_DOORS, Sdk
from twilio_mock import TwilioMock, stale_read

# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(params=SDK_DOORS)
def sdk(request: pytest.FixtureRequest, running_mock: TwilioMock) -> Iterator[Sdk]:
    """The SDK with a fresh account."""
    account = running_mock.accounts.create()
    yield Sdk(account, request.param)
    running_mock.accounts.free(account)


def status(ask: Ask, sid: str) -> int:
    return ask("GET", f"Applications/{sid}.json").status


def test_a_new_record_is_not_found_at_first(sdk: Sdk) -> None:
    with sdk.account.fault("FetchApplication", stale_read(reads=2)):
        sid = sdk.create(friendly_name="Phone Me").sid
        for _ in range(2):
            with pytest.raises(TwilioRestException) as refused:
                sdk.fetch(sid)
            assert (refused.value.status, refused.value.code) == (404, 20404)
        assert sdk.fetch(sid).friendly_name == "Phone Me"


def test_an_update_is_seen_later(sdk: Sdk) -> None:
    sid = sdk.account.applications.create(friendly_name="old").sid
    with sdk.account.fault("FetchApplication", stale_read()):
        assert sdk.update(sid, friendly_name="new").friendly_name == "new"
        assert sdk.fetch(sid).friendly_name == "old"
        assert sdk.fetch(sid).friendly_name == "new"


def test_a_deleted_record_is_found_for_a_while(ask: Ask) -> None:
    sid = ask.create(FriendlyName="x")["sid"]
    with ask.account.fault("FetchApplication", stale_read()):
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
        assert ask.fetch(sid)["friendly_name"] == "x"
        assert status(ask, sid) == 404


def test_it_is_the_oldest_value_that_is_found_after_several_writes(ask: Ask) -> None:
    sid = ask.create(FriendlyName="one")["sid"]
    with ask.account.fault("FetchApplication", stale_read(reads=2)):
        ask.update(sid, FriendlyName="two")
        ask.update(sid, FriendlyName="three")
        assert [ask.fetch(sid)["friendly_name"] for _ in range(3)] == ["one", "one", "three"]
        ask.update(sid, FriendlyName="four")
        assert ask.fetch(sid)["friendly_name"] == "three"


def test_a_list_leaves_new_records_out_and_shows_old_values(ask: Ask) -> None:
    kept = ask.create(FriendlyName="old")["sid"]
    with ask.account.fault("ListApplication", stale_read()):
        ask.create(FriendlyName="new")
        ask.update(kept, FriendlyName="changed")
        shown = [[each["friendly_name"] for each in ask.page()["applications"]] for _ in range(2)]
    assert shown[0] == ["old"]
    assert sorted(shown[1]) == ["changed", "new"]


def test_reads_that_it_does_not_match_see_the_truth(ask: Ask) -> None:
    with ask.account.fault("ListApplication", stale_read()):
        sid = ask.create()["sid"]
        assert status(ask, sid) == 200
        assert ask.page()["applications"] == []


def test_each_record_is_stale_on_its_own(ask: Ask) -> None:
    with ask.account.fault("FetchApplication", stale_read()):
        one, two = ask.create()["sid"], ask.create()["sid"]
        assert [status(ask, sid) for sid in (one, one, two, two)] == [404, 200, 404, 200]


def test_it_can_last_for_seconds_of_the_account_s_clock(ask: Ask) -> None:
    ask.account.clock.set(1_800_000_000)
    with ask.account.fault("FetchApplication", stale_read(seconds=10)) as fault:
        sid = ask.create()["sid"]
        assert status(ask, sid) == 404
        ask.account.clock.advance(9.5)
        assert status(ask, sid) == 404
        ask.account.clock.advance(0.5)
        assert status(ask, sid) == 200
    assert fault.fired == 2


def test_what_a_test_seeds_is_seen_at_once(ask: Ask) -> None:
    with ask.account.fault("FetchApplication", stale_read(), may_not_fire=True):
        assert status(ask, ask.account.applications.create().sid) == 200


def test_what_was_written_before_is_seen_at_once(ask: Ask) -> None:
    sid = ask.create()["sid"]
    with ask.account.fault("FetchApplication", stale_read(), may_not_fire=True):
        assert status(ask, sid) == 200


def test_a_refused_write_makes_nothing_stale(ask: Ask) -> None:
    sid = ask.create()["sid"]
    with ask.account.fault("FetchApplication", stale_read(), may_not_fire=True):
        form = {"VoiceMethod": "PUT"}
        assert ask("POST", f"Applications/{sid}.json", form).status == 400
        assert status(ask, sid) == 200


@pytest.mark.parametrize(
    "lasting", [{"reads": 0}, {"seconds": 0}, {"reads": 1, "seconds": 1}], ids=str
)
def test_how_long_it_lasts_has_to_make_sense(lasting: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a stale read lasts for"):
        stale_read(**lasting)
