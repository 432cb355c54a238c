"""Phone numbers that cannot be had, and values that a number does not take."""

from __future__ import annotations

import pytest

from tests.accounts.phone_numbers import NUMBERS, bought, listed
from tests.asking import Ask

NO_SUCH = "PN" + "0" * 32


@pytest.mark.parametrize(
    "number",
    [
        "33",
        "14155550101",
        "+1",
        "+04155550101",
        "+1234567890123456",
        "+1 415 555 0101",
        "(415) 555-0101",
        "+1415555010a",
        " +14155550101",
        "+14155550101\n",
        "+١٤١٥٥٥٥٠١٠١",
        "",
        "+",
        "sip:+14155550101",
    ],
)
def test_what_is_no_e_164_is_refused_in_the_recorded_words(ask: Ask, number: str) -> None:
    answer = ask("POST", NUMBERS, {"PhoneNumber": number})
    assert answer.refusal == (400, 21421, f"{number} is not a valid number")
    assert listed(ask) == []


def test_a_number_that_the_account_has_already_is_not_available(ask: Ask) -> None:
    sid = bought(ask)["sid"]
    answer = ask("POST", NUMBERS, {"PhoneNumber": "+14155550101"})
    assert answer.refusal == (400, 21422, "+14155550101 is not available")
    assert ask("DELETE", f"IncomingPhoneNumbers/{sid}.json").status == 204
    assert bought(ask)["sid"] != sid


def test_a_create_needs_a_number_or_an_area(ask: Ask) -> None:
    answer = ask("POST", NUMBERS, {"FriendlyName": "x"})
    assert answer.refusal == (400, 21421, "PhoneNumber is required")
    assert listed(ask) == []


@pytest.mark.parametrize("code", ["", "4", "41", "4155", "015", "115", "abc", "٤١٥", "41 "])
def test_an_area_code_that_is_none_is_refused(ask: Ask, code: str) -> None:
    answer = ask("POST", NUMBERS, {"AreaCode": code})
    assert answer.refusal == (400, 21451, "Invalid area code")
    assert listed(ask) == []


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("FriendlyName", "x" * 65, 20002),
        ("VoiceUrl", "nowhere", 21402),
        ("StatusCallback", "ftp://a.example/", 21402),
        ("SmsMethod", "PUT", 21403),
        ("EmergencyStatus", "active", 20001),
        ("VoiceReceiveMode", "telex", 20001),
        ("TrunkSid", "TK1", 20001),
        ("TrunkSid", "AP" + "0" * 32, 20001),
        ("AddressSid", "RI" + "0" * 32, 20001),
        ("IdentitySid", "nonsense", 20001),
        ("BundleSid", "BU" + "g" * 32, 20001),
        ("EmergencyAddressSid", "None", 20001),
    ],
)
def test_a_bad_value_is_refused_and_nothing_changes(
    ask: Ask, parameter: str, value: str, code: int
) -> None:
    before = bought(ask)
    form = {parameter: value, "FriendlyName": "changed"} | {parameter: value}
    one = f"IncomingPhoneNumbers/{before['sid']}.json"
    assert ask("POST", one, form).refusal[:2] == (400, code)
    assert ask("POST", NUMBERS, {"PhoneNumber": "+12", **form}).refusal[:2] == (400, code)
    assert ask("GET", one).json == before
    assert listed(ask) == ["+14155550101"]


@pytest.mark.parametrize("sid", [NO_SUCH, "PN1", "AP" + "0" * 32, "+14155550101", "None"])
def test_what_is_no_sid_of_a_number_is_not_found(ask: Ask, sid: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = ask(method, f"IncomingPhoneNumbers/{sid}.json")
        path = f"{ask.root}/IncomingPhoneNumbers/{sid}.json"
        assert answer.refusal == (404, 20404, f"The requested resource {path} was not found")


@pytest.mark.parametrize("whose", ["child", "stranger", "nobody"])
def test_a_number_is_not_handed_over_to_another_account(ask: Ask, whose: str) -> None:
    account = {
        "child": lambda: ask.account.subaccounts.create().sid,
        "stranger": lambda: ask.neighbour().account.sid,
        "nobody": lambda: "AC" + "0" * 32,
    }[whose]()
    before = bought(ask)
    path = f"IncomingPhoneNumbers/{before['sid']}.json"
    answer = ask("POST", path, {"AccountSid": account, "FriendlyName": "x"})
    status, code, message = answer.refusal
    assert (status, code) == (501, 501)
    assert message.startswith("twilio_mock: Twilio hands IncomingPhoneNumbers over")
    assert ask("GET", path).json == before


def test_a_number_is_handed_over_to_no_malformed_account(ask: Ask) -> None:
    path = f"IncomingPhoneNumbers/{bought(ask)['sid']}.json"
    answer = ask("POST", path, {"AccountSid": "AC1"})
    assert answer.refusal == (400, 21470, "Invalid AccountSid")
