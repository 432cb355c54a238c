"""Phone numbers as Twilio answered them: ours are the same bytes but for what is listed here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.asking import FORM, Ask
from tests.conftest import AskWith

FILE = Path(__file__).parent.parent / "recorded" / "incoming_phone_numbers.json"
RECORDED: dict[str, dict[str, Any]] = {each["name"]: each for each in json.loads(FILE.read_text())}
ACCOUNT_SID = "AC" + "a" * 32  # the recordings have it masked

# What our create has and that of 2015 has not: properties that came later, in their places.
NEWER_IN_THE_CREATE = {
    "the capability of fax": ', "fax": false',
    "2017": ', "voice_receive_mode": "voice"',
    "2017, too": ', "origin": "twilio"',
    "2017 to 2021": (
        ', "emergency_status": "Inactive", "emergency_address_sid": null, '
        '"emergency_address_status": "unregistered", "address_sid": null, "identity_sid": null, '
        '"bundle_sid": null'
    ),
    "the last two, of the OpenAPI document": ', "status": "in-use", "type": "local"',
}
# Other values, ours first: `beta` was null in 2015 and is false in 2017.
OTHER_VALUES_IN_THE_CREATE = {'"beta": false': '"beta": null'}
# What two calls never share.
ACCIDENTAL = (r"PN[0-9a-f]{32}", r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000")

# The same for the list of 2017.
NEWER_IN_THE_LIST = {
    "2021": "<EmergencyAddressStatus>unregistered</EmergencyAddressStatus>",
    "regulation": "<AddressSid/><IdentitySid/><BundleSid/>",
    "the last two, of the OpenAPI document": "<Status>in-use</Status><Type>local</Type>",
}
# This number could do less than ours, which can do what the number of 2015 could.
OTHER_VALUES_IN_THE_LIST = {
    "<Voice>true</Voice><SMS>true</SMS><MMS>true</MMS>": (
        "<Voice>false</Voice><SMS>true</SMS><MMS>false</MMS>"
    ),
}


@pytest.fixture
def ask(ask_with: AskWith) -> Ask:
    """Ask a mock whose account has the SID of the recordings."""
    return ask_with(account_sid=ACCOUNT_SID)


def without(body: str, newer: dict[str, str], others: dict[str, str]) -> str:
    """Our body with the listed differences undone; each of them has to be there once."""
    for text in newer.values():
        assert body.count(text) == 1, text
        body = body.replace(text, "")
    for ours, theirs in others.items():
        assert body.count(ours) == 1, ours
        body = body.replace(ours, theirs)
    return body


def with_accidents_of(recorded: str, body: str) -> str:
    """Our body with the SIDs and dates of the recorded one."""
    for pattern in ACCIDENTAL:
        originals = iter(re.findall(pattern, recorded))
        body = re.sub(pattern, lambda found: next(originals, found[0]), body)  # noqa: B023
    return body


def test_the_answer_to_a_create_is_that_of_2015_but_for_what_is_listed(ask: Ask) -> None:
    recording = RECORDED["create with an application"]
    request, expected = recording["request"], recording["body"]
    sid = request["form"].rpartition("=")[2]
    ask.account.applications.create(sid=sid)
    answer = ask(
        request["method"],
        request["path"],
        body=request["form"].encode(),
        headers={"Content-Type": FORM},
    )
    assert answer.status == recording["status"]
    assert len(expected) == 923  # the Content-Length of that answer
    ours = without(answer.text, NEWER_IN_THE_CREATE, OTHER_VALUES_IN_THE_CREATE)
    assert with_accidents_of(expected, ours) == expected


def test_the_keys_that_came_later_stand_where_later_recordings_have_them(ask: Ask) -> None:
    ask.account.incoming_phone_numbers.create(phone_number="+14152339867")
    [number] = ask("GET", "IncomingPhoneNumbers.json").json["incoming_phone_numbers"]
    in_2015 = json.loads(RECORDED["create with an application"]["body"])
    assert [name for name in number if name in in_2015] == list(in_2015)
    in_2017 = re.findall(r"<(\w+)[/>]", RECORDED["XML list"]["body"].partition("<Sid>")[2])
    ours = ask("GET", "IncomingPhoneNumbers").text.partition("<Sid>")[2]
    shown = re.findall(r"<(\w+)[/>]", ours)
    assert [name for name in shown if name in in_2017] == in_2017


def test_the_xml_list_is_that_of_2017_but_for_what_is_listed(ask: Ask) -> None:
    recording = RECORDED["XML list"]
    # Its author masked the SID, in two lengths, and the name.
    expected = re.sub("PNx+", "PN" + "0" * 32, recording["body"])
    ask.account.incoming_phone_numbers.create(
        sid="PN" + "0" * 32,
        friendly_name="555555123",
        phone_number="+11231231234",
        voice_url="",
        sms_url="https://demo.twilio.com/welcome/sms/reply/",
        date_created="Tue, 02 May 2017 01:35:22 +0000",
        date_updated="Mon, 15 May 2017 20:33:26 +0000",
    )
    answer = ask("GET", recording["request"]["path"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/xml")
    assert without(answer.text, NEWER_IN_THE_LIST, OTHER_VALUES_IN_THE_LIST) == expected
