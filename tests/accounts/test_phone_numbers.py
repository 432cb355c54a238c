"""The IncomingPhoneNumbers resource: buying a number, its properties, its list and its filters."""

from __future__ import annotations

import re

import pytest

from tests.accounts.phone_numbers import NUMBERS, bought, listed
from tests.asking import Ask

URL = "https://a.example/"
# Each parameter that create and update share: its property, and a value that is not its default.
SETTABLE = [
    ("ApiVersion", "api_version", "2008-08-01"),
    ("FriendlyName", "friendly_name", "Front desk"),
    ("SmsFallbackMethod", "sms_fallback_method", "GET"),
    ("SmsFallbackUrl", "sms_fallback_url", URL),
    ("SmsMethod", "sms_method", "GET"),
    ("SmsUrl", "sms_url", URL),
    ("StatusCallback", "status_callback", URL),
    ("StatusCallbackMethod", "status_callback_method", "GET"),
    ("VoiceCallerIdLookup", "voice_caller_id_lookup", True),
    ("VoiceFallbackMethod", "voice_fallback_method", "GET"),
    ("VoiceFallbackUrl", "voice_fallback_url", URL),
    ("VoiceMethod", "voice_method", "GET"),
    ("VoiceUrl", "voice_url", URL),
    ("EmergencyStatus", "emergency_status", "Active"),
    ("EmergencyAddressSid", "emergency_address_sid", "AD" + "1" * 32),
    ("TrunkSid", "trunk_sid", "TK" + "1" * 32),
    ("VoiceReceiveMode", "voice_receive_mode", "fax"),
    ("IdentitySid", "identity_sid", "RI" + "1" * 32),
    ("AddressSid", "address_sid", "AD" + "2" * 32),
    ("BundleSid", "bundle_sid", "BU" + "1" * 32),
]
# What a number is that was bought without a word more.
DEFAULTS = {
    "friendly_name": "(415) 555-0101",
    "phone_number": "+14155550101",
    "voice_url": None,
    "voice_method": "POST",
    "voice_fallback_url": None,
    "voice_fallback_method": "POST",
    "voice_caller_id_lookup": False,
    "sms_url": "",
    "sms_method": "POST",
    "sms_fallback_url": "",
    "sms_fallback_method": "POST",
    "address_requirements": "none",
    "beta": False,
    "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
    "voice_receive_mode": "voice",
    "status_callback": "",
    "status_callback_method": "POST",
    "api_version": "2010-04-01",
    "voice_application_sid": None,
    "sms_application_sid": "",
    "origin": "twilio",
    "trunk_sid": None,
    "emergency_status": "Inactive",
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "address_sid": None,
    "identity_sid": None,
    "bundle_sid": None,
    "status": "in-use",
    "type": "local",
}


def as_sent(value: object) -> str:
    """A value as a client sends it."""
    return "true" if value is True else str(value)


def test_a_number_made_of_nothing_else_has_the_recorded_defaults(ask: Ask) -> None:
    made = bought(ask)
    sid = made["sid"]
    assert re.fullmatch("PN[0-9a-f]{32}", sid)
    assert made == DEFAULTS | {
        "sid": sid,
        "account_sid": ask.account.sid,
        "date_created": made["date_created"],
        "date_updated": made["date_created"],
        "uri": f"{ask.root}/IncomingPhoneNumbers/{sid}.json",
    }
    assert ask("GET", f"IncomingPhoneNumbers/{sid}.json").json == made


@pytest.mark.parametrize(("parameter", "key", "value"), SETTABLE)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_each_parameter_sets_its_property_and_no_other(
    ask: Ask, verb: str, parameter: str, key: str, value: object
) -> None:
    sent = {parameter: as_sent(value)}
    before = bought(ask)
    if verb == "create":
        after = bought(ask, "+14155550102", **sent)
    else:
        after = ask("POST", f"IncomingPhoneNumbers/{before['sid']}.json", sent).json
    changed = {name for name in before if before[name] != after[name]}
    own = {"sid", "uri", "phone_number", "date_created", "date_updated", "friendly_name"}
    assert changed - (own - {key}) == {key}
    assert after[key] == value


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("+14152339867", "(415) 233-9867"),
        ("+442071838750", "+442071838750"),
        ("+1415233986", "+1415233986"),
        ("+33123456789", "+33123456789"),
    ],
)
def test_the_default_name_is_the_number_formatted(ask: Ask, number: str, name: str) -> None:
    assert bought(ask, number)["friendly_name"] == name


@pytest.mark.parametrize("number", ["+12", "+123456789012345", "+14155550101", "+442071838750"])
def test_a_number_in_e_164_is_taken(ask: Ask, number: str) -> None:
    assert bought(ask, number)["phone_number"] == number


def test_another_account_may_have_the_same_number(ask: Ask) -> None:
    bought(ask)
    assert bought(ask.neighbour())["phone_number"] == "+14155550101"


def test_an_area_code_finds_free_numbers_of_the_area(ask: Ask) -> None:
    found = [ask("POST", NUMBERS, {"AreaCode": "415"}).json for _ in range(20)]
    numbers = {each["phone_number"] for each in found}
    assert len(numbers) == 20
    assert all(re.fullmatch(r"\+1415[2-9]\d{6}", number) for number in numbers)
    assert all(each["friendly_name"].startswith("(415) ") for each in found)
    assert "area_code" not in found[0]


def test_a_number_counts_more_than_an_area(ask: Ask) -> None:
    assert bought(ask, AreaCode="212")["phone_number"] == "+14155550101"


@pytest.mark.parametrize("parameter", ["TrunkSid", "AddressSid", "IdentitySid", "BundleSid"])
def test_a_sid_of_something_else_is_cleared_by_an_empty_value(ask: Ask, parameter: str) -> None:
    key, value = next((key, value) for name, key, value in SETTABLE if name == parameter)
    made = bought(ask, **{parameter: str(value)})
    path = f"IncomingPhoneNumbers/{made['sid']}.json"
    assert ask("POST", path, {parameter: ""}).json[key] == ""


def test_neither_the_number_nor_the_area_changes_in_an_update(ask: Ask) -> None:
    before = bought(ask)
    form = {"PhoneNumber": "+14155550199", "AreaCode": "212"}
    after = ask("POST", f"IncomingPhoneNumbers/{before['sid']}.json", form).json
    assert after["phone_number"] == "+14155550101"
    assert {finding.parameter for finding in ask.findings} == {*form}


def test_a_deleted_number_is_gone_and_free_again(ask: Ask) -> None:
    sid = bought(ask)["sid"]
    path = f"IncomingPhoneNumbers/{sid}.json"
    assert ask("DELETE", path).status == 204
    for method in ("GET", "POST", "DELETE"):
        assert ask(method, path).refusal[:2] == (404, 20404)
    assert listed(ask) == listed(ask, PhoneNumber="+14155550101") == []


def test_to_name_the_own_account_in_an_update_changes_nothing(ask: Ask) -> None:
    before = bought(ask)
    form = {"AccountSid": ask.account.sid, "FriendlyName": "x"}
    after = ask("POST", f"IncomingPhoneNumbers/{before['sid']}.json", form).json
    assert after == {**before, "friendly_name": "x", "date_updated": after["date_updated"]}
    assert ask.findings == []
