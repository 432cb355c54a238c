"""The Accounts resource: opening subaccounts, showing them, listing and changing them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from freezegun import freeze_time

from tests.accounts.families import ACCOUNTS, Family, listed, new_subaccount, of, with_key
from tests.asking import Ask
from tests.conftest import AskWith
from twilio_mock import Settings
from twilio_mock.resources.accounts import SUBRESOURCES

AC = re.compile("AC[0-9a-f]{32}")
# Those of an account that was created in 2016, with their paths.
SEEN_IN_2016 = {
    "applications": "Applications",
    "authorized_connect_apps": "AuthorizedConnectApps",
    "available_phone_numbers": "AvailablePhoneNumbers",
    "calls": "Calls",
    "conferences": "Conferences",
    "connect_apps": "ConnectApps",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "media": "Media",
    "messages": "Messages",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "queues": "Queues",
    "recordings": "Recordings",
    "sandbox": "Sandbox",
    "sip": "SIP",
    "sms_messages": "SMS/Messages",
    "transcriptions": "Transcriptions",
    "usage": "Usage",
}


def test_a_new_subaccount_has_the_keys_and_values_seen_in_2016(ask: Ask) -> None:
    made = new_subaccount(ask, FriendlyName="Customer 7")
    sid = made["sid"]
    assert AC.fullmatch(sid)
    assert re.fullmatch("[0-9a-f]{32}", made["auth_token"])
    uris = {name: f"{ACCOUNTS}/{sid}/{path}.json" for name, path in SUBRESOURCES.items()}
    assert made == {
        "auth_token": made["auth_token"],
        "date_created": made["date_created"],
        "date_updated": made["date_created"],
        "friendly_name": "Customer 7",
        "owner_account_sid": ask.account.sid,
        "sid": sid,
        "status": "active",
        "subresource_uris": uris,
        "type": "Full",
        "uri": of(sid),
    }
    assert list(made) == sorted(made)
    assert list(uris) == sorted(uris)


def test_the_subresource_uris_of_2016_are_all_there(ask: Ask) -> None:
    made = new_subaccount(ask)
    root = f"{ACCOUNTS}/{made['sid']}"
    expected = {name: f"{root}/{path}.json" for name, path in SEEN_IN_2016.items()}
    assert made["subresource_uris"].items() >= expected.items()


@pytest.mark.parametrize("extension", ["", ".xml"])
def test_in_xml_the_subresource_uris_are_nested_and_without_extension(
    ask: Ask, extension: str
) -> None:
    made = new_subaccount(ask, FriendlyName="a & b")
    answer = ask("GET", of(made["sid"], extension))
    [account] = ElementTree.fromstring(answer.body)
    assert account.tag == "Account"
    assert [child.tag for child in account] == [
        "AuthToken",
        "DateCreated",
        "DateUpdated",
        "FriendlyName",
        "OwnerAccountSid",
        "Sid",
        "Status",
        "SubresourceUris",
        "Type",
        "Uri",
    ]
    assert account.findtext("FriendlyName") == "a & b"
    assert account.findtext("Uri") == of(made["sid"], "")
    uris = {each.tag: each.text for each in account.iterfind("SubresourceUris/*")}
    assert len(uris) == len(SUBRESOURCES)
    assert uris["Applications"] == f"{ACCOUNTS}/{made['sid']}/Applications"
    assert uris["SmsMessages"] == f"{ACCOUNTS}/{made['sid']}/SMS/Messages"


def test_every_subresource_is_either_modelled_or_answered_with_501(ask: Ask) -> None:
    answers = {name: ask("GET", f"{path}.json") for name, path in SUBRESOURCES.items()}
    modelled = {name for name, answer in answers.items() if answer.status == 200}
    assert modelled == {"applications", "incoming_phone_numbers", "keys"}
    for name in answers.keys() - modelled:
        status, code, message = answers[name].refusal
        assert (status, code) == (501, 501), name
        assert message.startswith("twilio_mock: Twilio has ")


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-11-23 00:05:59", "SubAccount Created at 2026-11-23 12:05 am"),
        ("2026-11-23 11:59:00", "SubAccount Created at 2026-11-23 11:59 am"),
        ("2026-11-23 12:00:00", "SubAccount Created at 2026-11-23 12:00 pm"),
        ("2026-11-03 13:07:00", "SubAccount Created at 2026-11-03 01:07 pm"),
    ],
)
def test_the_default_name_says_when_it_was_created(ask: Ask, moment: str, name: str) -> None:
    with freeze_time(moment, real_asyncio=True):
        assert new_subaccount(ask)["friendly_name"] == name
        assert new_subaccount(ask, FriendlyName="")["friendly_name"] == ""


def test_a_parent_owns_itself_and_a_subaccount_is_owned_by_its_parent(family: Family) -> None:
    for each in (family.parent, family.child, family.sibling):
        shown = each("GET", f"{each.root}.json").json
        assert shown["sid"] == each.account.sid
        assert shown["owner_account_sid"] == family.parent.account.sid


@pytest.mark.parametrize("who", ["parent", "child", "stranger"])
def test_no_account_can_be_deleted(family: Family, who: str) -> None:
    asked = family.parent if who == "parent" else family.child
    credentials = family.parent.credentials if who == "stranger" else asked.credentials
    answer = asked("DELETE", f"{asked.root}.json", credentials=credentials)
    assert answer.refusal == (405, 20004, "Method not allowed")
    assert answer.headers["Allow"] == "GET, POST"
    assert asked("GET", f"{asked.root}.json").status == 200


def test_the_list_of_accounts_cannot_be_deleted_either(ask: Ask) -> None:
    assert ask("DELETE", f"{ACCOUNTS}.json").refusal[:2] == (405, 20004)


def test_one_subaccount_more_than_the_limit_is_refused(ask_with: AskWith) -> None:
    ask = ask_with(Settings(subaccount_limit=2))
    made = [new_subaccount(ask)["sid"] for _ in range(2)]
    answer = ask("POST", f"{ACCOUNTS}.json")
    assert answer.refusal == (400, 21480, "Reached maximum number of subaccounts")
    assert listed(ask) == [ask.account.sid, *made]
    assert len(ask.state.accounts) == 3


def test_an_account_has_a_thousand_subaccounts_by_default(ask: Ask) -> None:
    for _ in range(999):
        ask.account.subaccounts.create()
    new_subaccount(ask)
    assert ask("POST", f"{ACCOUNTS}.json").refusal[:2] == (400, 21480)
    assert len(ask.account.subaccounts) == 1000


def test_a_subaccount_opens_no_account(family: Family) -> None:
    for credentials in (family.child.credentials, with_key(family.child, main=True)):
        answer = family.child("POST", f"{ACCOUNTS}.json", credentials=credentials)
        assert answer.refusal[:2] == (401, 20003)
    assert len(listed(family.parent)) == 3


@pytest.mark.parametrize("who", ["parent", "child"])
def test_a_name_is_changed_by_the_account_itself_or_its_parent(family: Family, who: str) -> None:
    child = family.child
    credentials = getattr(family, who).credentials
    before = child("GET", f"{child.root}.json").json
    form = {"FriendlyName": "renamed"}
    after = child("POST", f"{child.root}.json", form, credentials=credentials).json
    assert after == {**before, "friendly_name": "renamed", "date_updated": after["date_updated"]}
    assert child("GET", f"{child.root}.json").json == after


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"FriendlyName": "x" * 65}, (400, 20002)),
        ({"FriendlyName": "a\0"}, (400, 20001)),
    ],
)
def test_a_bad_name_is_refused_and_nothing_happens(
    family: Family, form: dict[str, str], refusal: tuple[int, int]
) -> None:
    before = listed(family.parent)
    assert family.parent("POST", f"{ACCOUNTS}.json", form).refusal[:2] == refusal
    assert family.as_parent("POST", f"{family.child.root}.json", form).refusal[:2] == refusal
    assert listed(family.parent) == before
    assert family.child("GET", f"{family.child.root}.json").json["friendly_name"] == "child"


def test_what_only_the_mock_knows_of_an_account_is_never_shown(family: Family) -> None:
    family.child.account.update(secondary_auth_token="f" * 32)
    answer = family.as_parent("GET", f"{family.child.root}.json")
    assert "f" * 32 not in answer.text
    assert not {"secondary_auth_token", "test_credentials", "suspended_by_twilio"} & {*answer.json}


@pytest.mark.parametrize(
    "sid", ["AC" + "0" * 32, "AC1", "AP" + "0" * 32, "None", "nonsense"], ids=str
)
def test_an_account_that_does_not_exist_is_refused_with_401(ask: Ask, sid: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert ask(method, of(sid)).refusal == (401, 20003, "Authenticate")


def test_what_a_request_sends_of_other_fields_is_ignored_and_reported(ask: Ask) -> None:
    made = new_subaccount(ask, Status="closed", Type="Trial", AuthToken="x", Sid="AC" + "1" * 32)
    assert (made["status"], made["type"]) == ("active", "Full")
    assert {finding.parameter for finding in ask.findings} == {
        "Status",
        "Type",
        "AuthToken",
        "Sid",
    }
