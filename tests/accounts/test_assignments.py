"""Applications on numbers: which can be assigned, what they put aside, and how they come off."""

from __future__ import annotations

import datetime

import pytest
from freezegun import freeze_time

from tests.accounts.families import Family
from tests.accounts.phone_numbers import NUMBERS, bought, changed, fetched
from tests.asking import Ask
from tests.conftest import ask_in_process
from twilio_mock import Settings

BOTH = [
    ("VoiceApplicationSid", "voice_application_sid"),
    ("SmsApplicationSid", "sms_application_sid"),
]
NOT_ACCESSIBLE = (400, 21420, "ApplicationSid is not accessible")
TRUNK = "TK" + "1" * 32


@pytest.mark.parametrize(("parameter", "key"), BOTH)
def test_an_application_is_assigned_by_a_create_or_an_update(
    ask: Ask, parameter: str, key: str
) -> None:
    sid = ask.create()["sid"]
    made = bought(ask, **{parameter: sid})
    other = bought(ask, "+14155550102")
    assert (made[key], changed(ask, other, **{parameter: sid})[key]) == (sid, sid)
    assert changed(ask, made, **{parameter: ""})[key] == ""


@pytest.mark.parametrize(("parameter", "key"), BOTH)
def test_the_number_s_own_urls_are_put_aside_and_not_erased(
    ask: Ask, parameter: str, key: str
) -> None:
    urls = {
        "VoiceUrl": "https://a.example/v",
        "VoiceFallbackUrl": "https://a.example/vf",
        "SmsUrl": "https://a.example/s",
        "SmsFallbackUrl": "https://a.example/sf",
        "StatusCallback": "https://a.example/c",
    }
    before = bought(ask, **urls)
    sid = ask.create(VoiceUrl="https://b.example/")["sid"]
    after = changed(ask, before, **{parameter: sid})
    assert after == {**before, key: sid, "date_updated": after["date_updated"]}
    freed = changed(ask, before, **{parameter: ""})
    assert freed == {**before, key: "", "date_updated": freed["date_updated"]}


@pytest.mark.parametrize(("parameter", "key"), BOTH)
@pytest.mark.parametrize("whose", ["nobody", "malformed", "deleted", "parent", "sibling", "number"])
def test_an_application_that_is_not_the_account_s_own_is_refused(
    family: Family, parameter: str, key: str, whose: str
) -> None:
    ask = family.child
    number = bought(ask)
    if whose in ("parent", "sibling"):
        sid = getattr(family, whose).create()["sid"]
    elif whose == "deleted":
        sid = ask.create()["sid"]
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
    else:
        known = {"nobody": "AP" + "0" * 32, "malformed": "AP1", "number": number["sid"]}
        sid = known[whose]
    form = {parameter: sid, "FriendlyName": "x"}
    for credentials in (ask.credentials, family.parent.credentials):
        path = f"IncomingPhoneNumbers/{number['sid']}.json"
        assert ask("POST", path, form, credentials=credentials).refusal == NOT_ACCESSIBLE
        new = {"PhoneNumber": "+14155550199", **form}
        assert ask("POST", NUMBERS, new, credentials=credentials).refusal == NOT_ACCESSIBLE
    assert fetched(ask, number) == number
    assert len(ask.account.incoming_phone_numbers) == 1


@pytest.mark.parametrize(("parameter", "key"), BOTH)
def test_an_application_takes_the_trunk_off_and_the_other_way_round(
    ask: Ask, parameter: str, key: str
) -> None:
    sid = ask.create()["sid"]
    number = bought(ask, TrunkSid=TRUNK)
    with_application = changed(ask, number, **{parameter: sid})
    assert (with_application["trunk_sid"], with_application[key]) == (None, sid)
    with_trunk = changed(ask, number, TrunkSid=TRUNK)
    assert (with_trunk["trunk_sid"], with_trunk[key]) == (TRUNK, None)
    assert changed(ask, number, **{parameter: ""})["trunk_sid"] == TRUNK
    changed(ask, number, **{parameter: sid})
    assert changed(ask, number, TrunkSid="")[key] == sid


@pytest.mark.parametrize(("parameter", "key"), BOTH)
def test_of_a_trunk_and_an_application_in_one_request_the_trunk_stays(
    ask: Ask, parameter: str, key: str
) -> None:
    sid = ask.create()["sid"]
    both = {parameter: sid, "TrunkSid": TRUNK}
    for number in (bought(ask, **both), changed(ask, bought(ask, "+14155550102"), **both)):
        assert (number["trunk_sid"], number[key]) == (TRUNK, None)


def test_an_application_that_a_trunk_took_off_can_be_deleted(ask: Ask) -> None:
    sid = ask.create()["sid"]
    number = bought(ask, VoiceApplicationSid=sid)
    before = changed(ask, number, TrunkSid=TRUNK)
    assert ask("DELETE", f"Applications/{sid}.json").status == 204
    assert fetched(ask, number) == before


def test_deleting_an_application_clears_it_from_every_number_that_carries_it(ask: Ask) -> None:
    gone, kept = ask.create()["sid"], ask.create()["sid"]
    voice = bought(ask, "+14155550101", VoiceApplicationSid=gone, SmsApplicationSid=kept)
    text = bought(ask, "+14155550102", VoiceApplicationSid=kept, SmsApplicationSid=gone)
    both = bought(ask, "+14155550103", VoiceApplicationSid=gone, SmsApplicationSid=gone)
    other = bought(ask, "+14155550104", VoiceApplicationSid=kept, SmsApplicationSid=kept)
    assert ask("DELETE", f"Applications/{gone}.json").status == 204
    now = [
        (each["voice_application_sid"], each["sms_application_sid"])
        for each in (fetched(ask, number) for number in (voice, text, both, other))
    ]
    assert now == [(None, kept), (kept, None), (None, None), (kept, kept)]
    assert fetched(ask, other) == other


def test_the_date_of_a_number_moves_when_its_application_is_deleted(ask: Ask) -> None:
    with freeze_time("2026-11-23 12:00:00", real_asyncio=True) as frozen:
        sid = ask.create()["sid"]
        number, other = bought(ask, VoiceApplicationSid=sid), bought(ask, "+14155550102")
        frozen.tick(datetime.timedelta(minutes=5))
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
        after = fetched(ask, number)
        assert after == {
            **number,
            "voice_application_sid": None,
            "date_updated": "Mon, 23 Nov 2026 12:05:00 +0000",
        }
        assert fetched(ask, other) == other


def test_a_refused_delete_clears_nothing(family: Family) -> None:
    ask = family.child
    sid = ask.create()["sid"]
    number = bought(ask, VoiceApplicationSid=sid)
    path = f"Applications/{sid}.json"
    assert ask("DELETE", path, credentials=family.sibling.credentials).status == 401
    assert family.sibling("DELETE", path).status == 404
    assert fetched(ask, number) == number


def test_deleting_a_number_leaves_its_application_alone(ask: Ask) -> None:
    application = ask.create()
    number = bought(ask, VoiceApplicationSid=application["sid"])
    assert ask("DELETE", f"IncomingPhoneNumbers/{number['sid']}.json").status == 204
    assert ask.fetch(application["sid"]) == application
    assert ask("DELETE", f"Applications/{application['sid']}.json").status == 204


def test_ten_thousand_numbers_are_cleared_in_one_step_and_the_others_not_looked_at() -> None:
    ask = ask_in_process(Settings(application_limit=5))
    gone, kept = ask.create()["sid"], ask.create()["sid"]
    numbers = ask.account.incoming_phone_numbers
    for each in range(10_000):
        sid = gone if each % 2 else kept
        numbers.create(phone_number=f"+1415{each:07}", voice_application_sid=sid)
    table = ask.state.accounts[ask.account.sid].tables["IncomingPhoneNumber"]
    before = dict(table.records)
    assert ask("DELETE", f"Applications/{gone}.json").status == 204
    after = table.records
    assert {record["voice_application_sid"] for record in after.values()} == {kept, None}
    untouched = {sid for sid in before if after[sid] is before[sid]}
    assert untouched == {sid for sid in before if before[sid]["voice_application_sid"] == kept}
    assert len(untouched) == 5_000
    assert gone not in table.indexes["voice_application_sid"]
    assert len(table.having("voice_application_sid", kept)) == 5_000


def test_an_assignment_can_be_seeded_and_is_checked_there_too(ask: Ask) -> None:
    application = ask.account.applications.create()
    numbers = ask.account.incoming_phone_numbers
    number = numbers.create(phone_number="+14155550101", voice_application_sid=application.sid)
    assert number.voice_application_sid == application.sid
    with pytest.raises(ValueError, match=r"^twilio_mock: voice_application_sid: .*\(21420\)"):
        numbers.create(phone_number="+14155550102", voice_application_sid="AP" + "0" * 32)
    assert len(numbers) == 1
