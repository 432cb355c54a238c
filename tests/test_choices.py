"""Each choice that docs/modelled.md lists, where Twilio's behaviour is not known, is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from freezegun import freeze_time

from tests.asking import Ask
from tests.test_docs import MODELLED, first_cells, section

NO_SUCH = "AP" + "0" * 32
TRUNK = "TK" + "1" * 32
BROWSER = {"Origin": "https://me.example"}


def refused(ask: Ask, **fields: str) -> tuple[int, str]:
    """Code and message of the refusal to create such an application."""
    status, code, message = ask("POST", "Applications.json", fields).refusal
    assert status == 400
    return code, message


def test_the_newest_application_comes_first_and_of_one_second_the_one_created_last(
    ask: Ask,
) -> None:
    with freeze_time("2026-01-02"):
        older, newer = ask.create()["sid"], ask.create()["sid"]
    with freeze_time("2026-01-01"):
        oldest = ask.create()["sid"]
    assert [found["sid"] for found in ask.page()["applications"]] == [newer, older, oldest]


def test_a_walk_goes_on_where_a_deleted_record_stood(ask: Ask) -> None:
    first, second, third = [ask.create()["sid"] for _ in range(3)][::-1]
    page = ask.page("PageSize=2")
    assert [found["sid"] for found in page["applications"]] == [first, second]
    assert ask("DELETE", f"Applications/{second}.json").status == 204
    onward = ask.follow(page["next_page_uri"])
    assert [found["sid"] for found in onward["applications"]] == [third]


@pytest.mark.parametrize("token", ["nonsense", "PA", f"PA{NO_SUCH}", f"XX{NO_SUCH}"])
def test_a_page_token_that_is_none_is_refused(ask: Ask, token: str) -> None:
    answer = ask("GET", "Applications.json", query={"Page": "1", "PageToken": token})
    assert answer.refusal == (400, 21481, "Invalid PageToken")


def test_a_friendly_name_has_at_most_64_characters(ask: Ask) -> None:
    assert ask.create(FriendlyName="x" * 64)["friendly_name"] == "x" * 64
    assert refused(ask, FriendlyName="x" * 65)[0] == 20002


def test_a_method_is_get_or_post(ask: Ask) -> None:
    assert refused(ask, VoiceMethod="PUT") == (21403, "VoiceMethod is not valid: PUT")


@pytest.mark.parametrize("url", ["me.example/voice", "/voice", "ftp://me.example", "http://"])
def test_a_url_is_absolute_and_http_or_https(ask: Ask, url: str) -> None:
    assert refused(ask, VoiceUrl=url)[0] == 21402


def test_a_cleared_value_is_empty_and_one_never_set_is_null(ask: Ask) -> None:
    sid = ask.create(VoiceUrl="https://me.example")["sid"]
    application = ask.update(sid, VoiceUrl="")
    assert (application["voice_url"], application["sms_url"]) == ("", None)


def test_of_two_status_callbacks_the_one_that_is_not_deprecated_counts(ask: Ask) -> None:
    sms, message = "https://me.example/sms", "https://me.example/message"
    for application in (
        ask.create(SmsStatusCallback=sms, MessageStatusCallback=message),
        ask.create(MessageStatusCallback=message, SmsStatusCallback=sms),
    ):
        assert application["sms_status_callback"] == message
        assert application["message_status_callback"] == message


def test_an_update_that_changes_nothing_moves_date_updated(ask: Ask) -> None:
    with freeze_time("2026-01-01"):
        application = ask.create()
    with freeze_time("2026-01-02"):
        updated = ask.update(application["sid"])
    assert updated == application | {"date_updated": "Fri, 02 Jan 2026 00:00:00 +0000"}


def test_a_refused_update_changes_nothing(ask: Ask) -> None:
    application = ask.create(FriendlyName="Phone Me")
    fields = {"FriendlyName": "Phone You", "VoiceMethod": "PUT"}
    assert ask("POST", f"Applications/{application['sid']}.json", fields).status == 400
    assert ask.fetch(application["sid"]) == application


def test_a_control_character_is_refused(ask: Ask) -> None:
    assert refused(ask, FriendlyName="Phone\x07Me")[0] == 20001


def new_number(ask: Ask, **fields: str) -> Any:
    """A phone number as it was answered."""
    answer = ask("POST", "IncomingPhoneNumbers.json", fields)
    assert answer.status in (201, 400), answer.text
    return answer.json


def test_a_number_whose_application_is_deleted_shows_null_and_has_a_new_date(ask: Ask) -> None:
    with freeze_time("2026-01-01"):
        sid = ask.create()["sid"]
        made = new_number(ask, PhoneNumber="+14155550100", VoiceApplicationSid=sid)
    with freeze_time("2026-01-02"):
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
    number = ask("GET", f"IncomingPhoneNumbers/{made['sid']}.json").json
    assert number["voice_application_sid"] is None
    assert number["date_updated"] == "Fri, 02 Jan 2026 00:00:00 +0000"


def test_an_application_sid_has_to_be_one_of_the_account(ask: Ask) -> None:
    number = {"PhoneNumber": "+14155550100"}
    assert new_number(ask, **number, VoiceApplicationSid=NO_SUCH)["code"] == 21420
    assert new_number(ask, **number, SmsApplicationSid="nonsense")["code"] == 21420


def test_a_trunk_takes_the_application_for_messages_off_and_the_other_way_round(ask: Ask) -> None:
    application = ask.account.applications.create().sid
    number = new_number(ask, PhoneNumber="+14155550100", SmsApplicationSid=application)
    path = f"IncomingPhoneNumbers/{number['sid']}.json"
    after = ask("POST", path, {"TrunkSid": TRUNK}).json
    assert (after["trunk_sid"], after["sms_application_sid"]) == (TRUNK, None)
    after = ask("POST", path, {"SmsApplicationSid": application}).json
    assert (after["trunk_sid"], after["sms_application_sid"]) == (None, application)


def test_of_a_trunk_and_an_application_the_trunk_counts(ask: Ask) -> None:
    application = ask.account.applications.create().sid
    both = {"VoiceApplicationSid": application, "TrunkSid": TRUNK}
    number = new_number(ask, PhoneNumber="+14155550100", **both)
    assert (number["trunk_sid"], number["voice_application_sid"]) == (TRUNK, None)


def test_a_subaccount_of_a_suspended_parent_is_inactive_too(ask: Ask) -> None:
    child = Ask(ask.door, ask.mock, ask.account.subaccounts.create())
    ask.account.update(status="suspended")
    for credentials in (child.credentials, ask.credentials):
        answer = child("GET", "Applications.json", credentials=credentials)
        assert answer.refusal[:2] == (403, 20403)


def test_a_closed_subaccount_can_be_renamed_by_its_parent(ask: Ask) -> None:
    child = Ask(ask.door, ask.mock, ask.account.subaccounts.create(status="closed"))
    assert ask("POST", f"{child.root}.json", {"FriendlyName": "gone"}).status == 200


def test_every_number_can_be_had_once(ask: Ask) -> None:
    assert new_number(ask, PhoneNumber="+14155550100")["phone_number"] == "+14155550100"
    assert new_number(ask, PhoneNumber="+14155550100")["code"] == 21422
    found = new_number(ask, AreaCode="415")["phone_number"]
    assert re.fullmatch(r"\+1415\d{7}", found)


def test_head_is_answered_as_get(ask: Ask) -> None:
    assert ask("HEAD", "Applications.json").status == 200
    assert ask("HEAD", f"Applications/{NO_SUCH}.json").status == 404


def test_options_needs_no_credentials_and_gets_cors_headers(ask: Ask) -> None:
    answer = ask("OPTIONS", "Applications.json", credentials=None)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE, OPTIONS"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "Applications.json", "GET, POST"),
        ("DELETE", "Applications.json", "GET, POST"),
        ("PATCH", f"Applications/{NO_SUCH}.json", "GET, POST, DELETE"),
    ],
)
def test_a_method_that_a_path_does_not_have_is_refused(
    ask: Ask, method: str, path: str, allowed: str
) -> None:
    answer = ask(method, path)
    assert answer.refusal == (405, 20004, "Method not allowed")
    assert answer.headers["Allow"] == allowed


def test_cors_headers_come_with_an_origin(ask: Ask) -> None:
    with_origin = ask("GET", "Applications.json", headers=BROWSER)
    assert with_origin.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in ask("GET", "Applications.json").headers


@pytest.mark.parametrize("sid", ["AP0", NO_SUCH.lower(), "CA" + "0" * 32, "AP" + "g" * 32])
def test_a_sid_that_is_none_is_not_found(ask: Ask, sid: str) -> None:
    status, code, message = ask("GET", f"Applications/{sid}.json").refusal
    assert (status, code) == (404, 20404)
    assert message == f"The requested resource {ask.root}/Applications/{sid}.json was not found"
    assert ask("PUT", f"Applications/{sid}.json").status == 404


def test_a_sid_may_have_capital_hex_digits(ask: Ask) -> None:
    assert ask("PUT", f"Applications/AP{'A' * 32}.json").status == 405


def test_csv_is_for_lists(ask: Ask) -> None:
    sid = ask.create()["sid"]
    assert ask("GET", "Applications.csv").status == 200
    assert ask("GET", f"Applications/{sid}.csv").status == 404
    assert ask("POST", "Applications.csv", {}).status == 405


def test_a_message_that_nobody_has_seen_is_the_dictionary_s_name_of_the_code(ask: Ask) -> None:
    assert refused(ask, FriendlyName="x" * 65)[1] == "Invalid FriendlyName"


CHOICES = {
    "applications_order": (
        test_the_newest_application_comes_first_and_of_one_second_the_one_created_last
    ),
    "walk_past_deleted": test_a_walk_goes_on_where_a_deleted_record_stood,
    "unknown_page_token": test_a_page_token_that_is_none_is_refused,
    "friendly_name_length": test_a_friendly_name_has_at_most_64_characters,
    "method_value": test_a_method_is_get_or_post,
    "url_form": test_a_url_is_absolute_and_http_or_https,
    "cleared_value": test_a_cleared_value_is_empty_and_one_never_set_is_null,
    "both_callbacks": test_of_two_status_callbacks_the_one_that_is_not_deprecated_counts,
    "unchanged_update": test_an_update_that_changes_nothing_moves_date_updated,
    "refused_update": test_a_refused_update_changes_nothing,
    "control_characters": test_a_control_character_is_refused,
    "number_of_deleted": test_a_number_whose_application_is_deleted_shows_null_and_has_a_new_date,
    "foreign_application": test_an_application_sid_has_to_be_one_of_the_account,
    "trunk_and_sms": (test_a_trunk_takes_the_application_for_messages_off_and_the_other_way_round),
    "trunk_and_application": test_of_a_trunk_and_an_application_the_trunk_counts,
    "inactive_parent": test_a_subaccount_of_a_suspended_parent_is_inactive_too,
    "name_of_inactive": test_a_closed_subaccount_can_be_renamed_by_its_parent,
    "free_numbers": test_every_number_can_be_had_once,
    "head": test_head_is_answered_as_get,
    "options": test_options_needs_no_credentials_and_gets_cors_headers,
    "other_methods": test_a_method_that_a_path_does_not_have_is_refused,
    "cors": test_cors_headers_come_with_an_origin,
    "malformed_sid": test_a_sid_that_is_none_is_not_found,
    "csv_of_one": test_csv_is_for_lists,
    "message_texts": test_a_message_that_nobody_has_seen_is_the_dictionary_s_name_of_the_code,
}


def test_every_choice_that_is_documented_is_tested() -> None:
    assert [name.strip("`") for name in first_cells(section(MODELLED, "Choices"))] == list(CHOICES)
