"""The records of an account as a test sees them: containers that read and seed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.asking import Ask
from tests.conftest import ask_in_process
from twilio_mock import TwilioMock
from twilio_mock.resources import APPLICATION

NO_SUCH = "AP" + "0" * 32


@pytest.fixture
def mock() -> TwilioMock:
    return TwilioMock(seed="tests")


def test_a_seeded_application_is_there_for_every_client(ask: Ask) -> None:
    seeded = ask.account.applications.create(
        friendly_name="Phone Me", voice_caller_id_lookup=True, voice_url=None, sms_url=""
    )
    shown = ask.fetch(seeded.sid)
    assert (shown["friendly_name"], shown["voice_caller_id_lookup"]) == ("Phone Me", True)
    assert (shown["voice_url"], shown["sms_url"], shown["voice_method"]) == (None, "", "POST")


def test_an_application_that_was_created_is_there_for_the_test(ask: Ask) -> None:
    sid = ask.create(FriendlyName="Phone Me")["sid"]
    applications = ask.account.applications
    assert len(applications) == 1
    assert sid in applications
    assert applications[sid].friendly_name == "Phone Me"
    assert applications.one().sid == sid


def test_each_of_the_21_properties_is_an_attribute(ask: Ask) -> None:
    shown = ask.create(FriendlyName="x", StatusCallback="https://a.example/")
    application = ask.account.applications[shown["sid"]]
    dates = {"date_created", "date_updated"}
    assert {name: getattr(application, name) for name in shown if name not in dates} == {
        name: shown[name] for name in shown if name not in dates
    }
    assert all(isinstance(getattr(application, name), int) for name in dates)


def test_a_handle_shows_the_application_as_it_is_now(ask: Ask) -> None:
    application = ask.account.applications.create(friendly_name="before")
    ask.update(application.sid, FriendlyName="after")
    assert application.friendly_name == "after"
    assert ask("DELETE", f"Applications/{application.sid}.json").status == 204
    with pytest.raises(LookupError, match=f"twilio_mock: .* has no Application {application.sid}"):
        _ = application.friendly_name
    assert application.sid not in ask.account.applications


def test_a_collection_reads_like_a_container_in_the_order_of_the_list(mock: TwilioMock) -> None:
    made = [mock.applications.create(friendly_name=name) for name in "abc"]
    assert [application.friendly_name for application in mock.applications] == ["c", "b", "a"]
    assert len(mock.applications) == 3
    assert made[0] in mock.applications
    assert made[0].sid in mock.applications
    assert mock.applications[made[0].sid] == made[0]
    assert len({*made, mock.applications[made[1].sid]}) == 3
    for stranger in (NO_SUCH, None, 5, TwilioMock().applications.create()):
        assert stranger not in mock.applications


def test_an_unknown_sid_is_a_lookup_error_that_says_where_it_was_looked_for(
    mock: TwilioMock,
) -> None:
    message = f"twilio_mock: account {mock.account.sid} has no Application {NO_SUCH}"
    with pytest.raises(LookupError, match=message):
        _ = mock.applications[NO_SUCH]


def test_an_unknown_property_is_an_attribute_error_that_names_it(mock: TwilioMock) -> None:
    application = mock.applications.create()
    with pytest.raises(AttributeError, match="Application has no property 'voice_urls'"):
        _ = application.voice_urls


def test_one_finds_the_only_application_with_these_values(mock: TwilioMock) -> None:
    wanted = mock.applications.create(friendly_name="x", voice_method="GET")
    mock.applications.create(friendly_name="x")
    mock.applications.create(friendly_name="y", voice_method="GET")
    assert mock.applications.one(friendly_name="x", voice_method="GET") == wanted


@pytest.mark.parametrize(
    ("fields", "count", "told"),
    [
        ({"friendly_name": "z"}, "none", ["friendly_name='z'", "has 2", "'x'"]),
        ({"friendly_name": "x"}, "2", ["friendly_name='x'", "has 2"]),
        ({}, "2", ["anything"]),
    ],
)
def test_one_says_what_it_found_instead(
    mock: TwilioMock, fields: dict[str, Any], count: str, told: list[str]
) -> None:
    sids = [mock.applications.create(friendly_name="x").sid for _ in range(2)]
    with pytest.raises(LookupError) as raised:
        mock.applications.one(**fields)
    message = str(raised.value)
    assert message.startswith("twilio_mock: wanted one Application with ")
    assert f"found {count};" in message
    assert all(each in message for each in [*told, *sids])


def test_one_of_many_names_but_a_few(mock: TwilioMock) -> None:
    for _ in range(100):
        mock.applications.create()
    with pytest.raises(LookupError) as raised:
        mock.applications.one()
    assert len(str(raised.value)) < 500


def test_one_with_an_unknown_property_is_a_type_error(mock: TwilioMock) -> None:
    with pytest.raises(TypeError, match="property 'voiceurl'; did you mean voice_url"):
        mock.applications.one(voiceurl="x")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"voice_url": "no url"}, "VoiceUrl is not a valid URL: no url (21402)"),
        ({"voice_method": "get"}, "VoiceMethod is not valid: get (21403)"),
        ({"friendly_name": "x" * 65}, "friendly_name: Invalid FriendlyName (20002)"),
        ({"friendly_name": "a\0"}, "FriendlyName contains a control character (20001)"),
        ({"friendly_name": "\ud800"}, "FriendlyName"),
        ({"sid": "AP1"}, "sid: 'AP1' is no Application SID"),
        ({"sid": "AC" + "0" * 32}, "is no Application SID"),
        ({"friendly_name": 5}, "friendly_name: a text or a boolean is expected, not a number"),
        ({"voice_caller_id_lookup": 1}, "voice_caller_id_lookup: a text or a boolean"),
        ({"voice_url": ["https://a.example/"]}, "voice_url: a text or a boolean is expected"),
    ],
)
def test_seeding_refuses_what_twilio_would_refuse(
    mock: TwilioMock, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=f"^twilio_mock: .*{re.escape(told)}"):
        mock.applications.create(**fields)
    assert len(mock.applications) == 0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"voice_urls": "https://a.example/"}, "voice_urls"),
        ({"VoiceUrl": "https://a.example/"}, "VoiceUrl"),
        ({"VOICE_URL": "https://a.example/"}, "VOICE_URL"),
        ({"voice__url": "https://a.example/"}, "voice__url"),
        ({"uri": "/x"}, "uri"),
        ({"account_sid": "AC" + "1" * 32}, "account_sid"),
    ],
)
def test_seeding_refuses_what_is_no_field_or_no_value(
    mock: TwilioMock, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(TypeError, match=f"^twilio_mock: .*{told}"):
        mock.applications.create(**fields)
    assert len(mock.applications) == 0


@pytest.mark.parametrize("value", ["yesterday", 10**20, -(10**20)])
@pytest.mark.parametrize("name", ["date_created", "date_updated"])
def test_a_seeded_date_is_whole_seconds_that_can_be_shown(name: str, value: Any) -> None:
    ask = ask_in_process()
    fields = {name: value}
    with pytest.raises((TypeError, ValueError), match=f"^twilio_mock: .*{name}"):
        ask.account.applications.create(**fields)
    ask.create()
    assert ask.page()["end"] == 0


def test_a_seed_can_say_what_no_request_can(ask: Ask) -> None:
    newer = ask.account.applications.create()
    sid = "AP" + "5" * 32
    ask.account.applications.create(sid=sid, date_created=1_498_214_019, date_updated=0)
    shown = ask.fetch(sid)
    assert shown["date_created"] == "Fri, 23 Jun 2017 10:33:39 +0000"
    assert shown["date_updated"] == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert ask.sids() == [newer.sid, sid]
    with pytest.raises(ValueError, match=f"^twilio_mock: sid: Application {sid} is there"):
        ask.account.applications.create(sid=sid)


def test_a_collection_and_its_records_have_a_telling_repr(mock: TwilioMock) -> None:
    application = mock.applications.create()
    assert repr(application) == f"<Application {application.sid}>"
    assert repr(mock.applications) == f"<1 Applications of {mock.account.sid}>"


def test_every_parameter_of_a_create_can_be_seeded(mock: TwilioMock) -> None:
    values = {"api_version": "2008-08-01", "friendly_name": "x"}
    for field in APPLICATION.fields:
        if field.name.endswith("_method"):
            values[field.name] = "GET"
        elif field.name.endswith(("_url", "_callback")):
            values[field.name] = "https://a.example/"
    seeded = mock.applications.create(**values)
    assert {name: getattr(seeded, name) for name in values} == values
