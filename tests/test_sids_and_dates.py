"""Where SIDs and dates come from: both can be made the same in every run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from freezegun import freeze_time

from tests.asking import Ask
from tests.conftest import ask_in_process
from twilio_mock import TwilioMock


def test_sids_are_two_letters_and_32_small_hex_digits_and_never_twice_the_same(ask: Ask) -> None:
    sids = [ask.create()["sid"] for _ in range(50)]
    assert all(re.fullmatch("AP[0-9a-f]{32}", sid) for sid in sids)
    assert len(set(sids)) == 50


def test_a_sid_is_not_given_again_after_a_deletion(ask: Ask) -> None:
    seen = set()
    for _ in range(10):
        sid = ask.create()["sid"]
        assert sid not in seen
        seen.add(sid)
        assert ask("DELETE", f"Applications/{sid}.json").status == 204


def test_the_same_seed_gives_the_same_sids() -> None:
    def sids(seed: str) -> list[str]:
        mock = TwilioMock(seed=seed)
        return [mock.applications.create().sid for _ in range(3)]

    assert sids("one") == sids("one")
    assert not set(sids("one")) & set(sids("two"))


def test_what_is_read_in_between_changes_no_seeded_sid() -> None:
    plain, busy = ask_in_process(seed="one"), ask_in_process(seed="one")
    for number in range(3):
        for _ in range(number):
            busy("GET", "Applications.json")
            busy("POST", "Applications.json", {"VoiceMethod": "nonsense"})
        assert plain.create()["sid"] == busy.create()["sid"]


def test_what_other_accounts_do_changes_no_seeded_sid() -> None:
    alone, other = ask_in_process(seed="one"), ask_in_process(seed="one")
    neighbour = other.neighbour()
    for _ in range(3):
        neighbour.create()
        assert alone.create()["sid"] == other.create()["sid"]


def test_without_a_seed_two_mocks_have_different_sids() -> None:
    assert TwilioMock().applications.create().sid != TwilioMock().applications.create().sid


def test_dates_are_rfc_2822_in_gmt_to_the_second(ask: Ask) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = ask.create()
    assert re.fullmatch(
        r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
        made["date_created"],
    )
    assert made["date_created"] == made["date_updated"]
    assert before <= parsedate_to_datetime(made["date_created"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2017-06-23 10:33:39", "Fri, 23 Jun 2017 10:33:39 +0000"),
        ("2011-10-01 07:19:51", "Sat, 01 Oct 2011 07:19:51 +0000"),
        ("2024-02-29 23:59:59.999999", "Thu, 29 Feb 2024 23:59:59 +0000"),
        ("1970-01-01 00:00:00", "Thu, 01 Jan 1970 00:00:00 +0000"),
        ("1969-12-31 23:59:59", "Wed, 31 Dec 1969 23:59:59 +0000"),
        ("9999-12-31 23:59:59", "Fri, 31 Dec 9999 23:59:59 +0000"),
    ],
)
def test_a_date_is_shown_as_twilio_does(moment: str, shown: str) -> None:
    ask = ask_in_process()
    with freeze_time(moment):
        assert ask.create()["date_created"] == shown


def test_an_update_moves_date_updated_and_only_that_even_if_it_changes_nothing() -> None:
    ask = ask_in_process()
    with freeze_time("2026-03-01 12:00:00") as frozen:
        made = ask.create(FriendlyName="x")
        frozen.tick(61)
        for form in ({}, {"FriendlyName": "x"}, {"Unknown": "y"}):
            changed = ask.update(made["sid"], **form)
            assert changed == {**made, "date_updated": "Sun, 01 Mar 2026 12:01:01 +0000"}
        frozen.tick(1)
        assert ask.fetch(made["sid"]) == changed


def test_a_refused_update_does_not_move_date_updated() -> None:
    ask = ask_in_process()
    with freeze_time("2026-03-01 12:00:00") as frozen:
        made = ask.create()
        frozen.tick(61)
        path = f"Applications/{made['sid']}.json"
        assert ask("POST", path, {"FriendlyName": "x", "SmsMethod": "PUT"}).status == 400
        assert ask.fetch(made["sid"]) == made


def test_the_list_is_by_date_created_and_then_by_creation() -> None:
    ask = ask_in_process()
    with freeze_time("2026-03-01 12:00:00") as frozen:
        first, second = ask.create()["sid"], ask.create()["sid"]
        frozen.move_to("2026-03-01 11:00:00")
        older = ask.create()["sid"]
        frozen.move_to("2026-03-01 12:00:00")
        third = ask.create()["sid"]
    assert ask.sids() == [third, second, first, older]
    assert [each["sid"] for each in ask.page()["applications"]] == ask.sids()
