"""How many applications an account may have, and the settings that bound things."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from tests.asking import Ask
from tests.conftest import AskWith
from twilio_mock import Settings, TwilioMock

TOO_MANY = (400, 21301, "Cannot create application: application limit exceeded")
LIMITS = [each.name for each in fields(Settings) if type(each.default) in (int, float)]


def test_one_application_more_than_the_limit_is_refused(ask_with: AskWith) -> None:
    ask = ask_with(Settings(application_limit=3))
    made = [ask.create()["sid"] for _ in range(3)]
    assert ask("POST", "Applications.json").refusal == TOO_MANY
    assert ask.sids() == made[::-1]


def test_a_deletion_makes_room(ask_with: AskWith) -> None:
    ask = ask_with(Settings(application_limit=1))
    sid = ask.create()["sid"]
    assert ask("POST", "Applications.json").refusal == TOO_MANY
    assert ask("DELETE", f"Applications/{sid}.json").status == 204
    ask.create()
    assert ask("POST", "Applications.json").refusal == TOO_MANY


def test_a_full_account_can_still_be_read_and_changed(ask_with: AskWith) -> None:
    ask = ask_with(Settings(application_limit=1))
    sid = ask.create()["sid"]
    assert ask.update(sid, FriendlyName="x") == ask.fetch(sid)


def test_each_account_has_the_limit_to_itself(ask_with: AskWith) -> None:
    ask = ask_with(Settings(application_limit=1))
    ask.create()
    ask.neighbour().create()
    assert ask("POST", "Applications.json").refusal == TOO_MANY


def test_parameters_are_checked_before_the_limit(ask_with: AskWith) -> None:
    ask = ask_with(Settings(application_limit=1))
    ask.create()
    answer = ask("POST", "Applications.json", {"VoiceMethod": "PUT"})
    assert answer.refusal[:2] == (400, 21403)


def test_an_account_holds_a_thousand_applications_by_default(ask: Ask) -> None:
    for _ in range(999):
        ask.account.applications.create()
    ask.create()
    assert ask("POST", "Applications.json").refusal == TOO_MANY
    assert len(ask.sids()) == 1000


def test_seeding_keeps_to_the_limit_too() -> None:
    mock = TwilioMock(settings=Settings(application_limit=1))
    mock.applications.create()
    with pytest.raises(ValueError, match=r"application limit exceeded \(21301\)"):
        mock.applications.create()
    assert len(mock.applications) == 1


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_below_one_is_refused_by_its_name(name: str, value: int) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"twilio_mock: {name} must be above 0, not {value}"):
        Settings(**options)


def test_a_deadline_may_be_a_fraction_of_a_second() -> None:
    assert Settings(header_timeout=0.05, body_timeout=0.1).header_timeout == 0.05


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = Settings()
    with pytest.raises(AttributeError):
        settings.application_limit = 5  # type: ignore[misc]  # that is the point


def test_the_parameter_limit_is_a_setting(ask_with: AskWith) -> None:
    ask = ask_with(Settings(parameter_limit=2))
    assert (
        ask("POST", "Applications.json", {"VoiceMethod": "GET", "SmsMethod": "GET"}).status == 201
    )
    answer = ask("GET", "Applications.json", query="a=1&b=2&c=3")
    assert answer.refusal[::2] == (400, "twilio_mock: more than 2 parameters in one request")
