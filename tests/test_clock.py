"""The clock of an account: it drives the dates, and no other account's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from freezegun import freeze_time

from tests.asking import Ask
from twilio_mock import TwilioMock


def test_a_stopped_clock_dates_what_is_created_and_updated(ask: Ask) -> None:
    ask.account.clock.set(datetime(2017, 6, 23, 10, 33, 39, tzinfo=UTC))
    created = ask.create(FriendlyName="x")
    assert created["date_created"] == "Fri, 23 Jun 2017 10:33:39 +0000"
    ask.account.clock.advance(timedelta(days=1))
    updated = ask("POST", f"Applications/{created['sid']}.json", {"FriendlyName": "y"}).json
    assert updated["date_created"] == "Fri, 23 Jun 2017 10:33:39 +0000"
    assert updated["date_updated"] == "Sat, 24 Jun 2017 10:33:39 +0000"


def test_the_date_header_follows_the_clock(ask: Ask) -> None:
    ask.account.clock.set(1_498_214_019)
    answer = ask("GET", "Applications.json")
    assert answer.headers["Date"] == "Fri, 23 Jun 2017 10:33:39 GMT"


def test_a_running_clock_can_be_put_forward() -> None:
    mock = TwilioMock()
    with freeze_time("2026-01-01"):
        mock.clock.advance(3600)
        assert mock.clock.now == datetime(2026, 1, 1, 1, tzinfo=UTC)
        mock.clock.advance(timedelta(hours=2))
        assert mock.clock.now == datetime(2026, 1, 1, 3, tzinfo=UTC)
        mock.clock.run()
        assert mock.clock.now == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_stopped_clock_stays_where_frozen_time_moves() -> None:
    mock = TwilioMock()
    mock.clock.set(0.0)
    with freeze_time("2026-01-01") as frozen:
        frozen.tick(60)
        assert mock.clock.now == datetime(1970, 1, 1, tzinfo=UTC)
    assert mock.clock.stopped
    assert "1970-01-01" in repr(mock.clock)


def test_another_time_zone_is_the_same_moment() -> None:
    mock = TwilioMock()
    mock.clock.set(datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    assert mock.clock.now == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 1, 1), "a clock needs a time zone"),  # noqa: DTZ001 (that is the point)
        (-1.0, "the years 1970 to 9999"),
        (1e15, "the years 1970 to 9999"),
        (float("nan"), "the years 1970 to 9999"),
    ],
)
def test_a_moment_that_is_none_is_refused(moment: Any, told: str) -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match=told):
        mock.clock.set(moment)
    assert not mock.clock.stopped


def test_a_clock_does_not_leave_its_years() -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match="1970 to 9999"):
        mock.clock.advance(1e12)
    mock.applications.create()


@pytest.mark.parametrize("seconds", [-5, timedelta(hours=-2)])
def test_a_clock_that_is_to_go_back_is_set(seconds: float | timedelta) -> None:
    mock = TwilioMock()
    mock.clock.set(1000)
    with pytest.raises(ValueError, match="only put forward; to go back, set it"):
        mock.clock.advance(seconds)
    assert mock.clock.now.timestamp() == 1000


def test_clocks_of_two_accounts_never_meet() -> None:
    mock = TwilioMock()
    other = mock.accounts.create()
    mock.clock.set(0.0)
    assert not other.clock.stopped
    assert other.clock.now.year > 2000
