"""The five operations of the Applications resource, as a client sees them."""

from __future__ import annotations

import re

import pytest

from tests.asking import Ask

AP = re.compile("AP[0-9a-f]{32}")
NO_SUCH = "AP" + "0" * 32

# Each of the 16 parameters, the property that shows it, and a value that is not its default.
SETTABLE = [
    ("ApiVersion", "api_version", "2008-08-01", "2008-08-01"),
    ("FriendlyName", "friendly_name", "Phone Me", "Phone Me"),
    ("MessageStatusCallback", "message_status_callback", "https://a.example/m", None),
    ("PublicApplicationConnectEnabled", "public_application_connect_enabled", "true", True),
    ("SmsFallbackMethod", "sms_fallback_method", "GET", None),
    ("SmsFallbackUrl", "sms_fallback_url", "https://a.example/sf", None),
    ("SmsMethod", "sms_method", "GET", None),
    ("SmsStatusCallback", "sms_status_callback", "https://a.example/ss", None),
    ("SmsUrl", "sms_url", "https://a.example/s", None),
    ("StatusCallback", "status_callback", "https://a.example/c?a=b&c=d#rc=2", None),
    ("StatusCallbackMethod", "status_callback_method", "GET", None),
    ("VoiceCallerIdLookup", "voice_caller_id_lookup", "true", True),
    ("VoiceFallbackMethod", "voice_fallback_method", "GET", None),
    ("VoiceFallbackUrl", "voice_fallback_url", "https://a.example/vf", None),
    ("VoiceMethod", "voice_method", "GET", None),
    ("VoiceUrl", "voice_url", "https://a.example/v", None),
]
URLS = [row for row in SETTABLE if row[2].startswith("https")]


def test_an_application_made_of_nothing_has_twilio_s_defaults(ask: Ask) -> None:
    answer = ask("POST", "Applications.json")
    assert answer.status == 201
    made = answer.json
    assert AP.fullmatch(made["sid"])
    assert made == {
        "sid": made["sid"],
        "date_created": made["date_created"],
        "date_updated": made["date_created"],
        "account_sid": ask.account.sid,
        "friendly_name": None,
        "api_version": "2010-04-01",
        "voice_url": None,
        "voice_method": "POST",
        "voice_fallback_url": None,
        "voice_fallback_method": "POST",
        "status_callback": None,
        "status_callback_method": "POST",
        "voice_caller_id_lookup": False,
        "sms_url": None,
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
        "sms_status_callback": None,
        "message_status_callback": None,
        "uri": f"{ask.root}/Applications/{made['sid']}.json",
        "public_application_connect_enabled": False,
    }


@pytest.mark.parametrize(("parameter", "key", "sent", "shown"), SETTABLE)
def test_each_parameter_sets_its_property_and_no_other(
    ask: Ask, parameter: str, key: str, sent: str, shown: object
) -> None:
    twin = {"sms_status_callback", "message_status_callback"}
    default, made = ask.create(), ask.create(**{parameter: sent})
    changed = {name for name in made if made[name] != default[name]} - {"sid", "uri"}
    assert changed - {"date_created", "date_updated"} == (twin if key in twin else {key})
    assert made[key] == (sent if shown is None else shown)
    assert ask.fetch(made["sid"]) == made


@pytest.mark.parametrize(("parameter", "key", "sent", "shown"), SETTABLE)
def test_an_update_changes_what_was_sent_and_nothing_else(
    ask: Ask, parameter: str, key: str, sent: str, shown: object
) -> None:
    full = {name: value for name, _, value, _ in SETTABLE if name != parameter}
    before = ask.create(**full)
    after = ask.update(before["sid"], **{parameter: sent})
    assert after[key] == (sent if shown is None else shown)
    twin = {"sms_status_callback", "message_status_callback"}
    moved = {"date_updated", *(twin if key in twin else {key})}
    assert {name for name in before if before[name] != after[name]} <= moved
    assert ask.fetch(before["sid"]) == after


@pytest.mark.parametrize(("parameter", "key", "sent", "shown"), URLS)
def test_a_url_sent_empty_is_cleared_to_an_empty_string(
    ask: Ask, parameter: str, key: str, sent: str, shown: object
) -> None:
    made = ask.create(**{parameter: sent})
    assert ask.update(made["sid"], **{parameter: ""})[key] == ""


@pytest.mark.parametrize(("parameter", "key", "sent", "shown"), URLS)
def test_a_url_sent_empty_at_the_start_is_an_empty_string_and_not_null(
    ask: Ask, parameter: str, key: str, sent: str, shown: object
) -> None:
    assert ask.create(**{parameter: ""})[key] == ""


def test_an_empty_friendly_name_is_stored_as_it_is(ask: Ask) -> None:
    assert ask.create(FriendlyName="")["friendly_name"] == ""


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"SmsStatusCallback": "https://a.example/1"}, "https://a.example/1"),
        ({"MessageStatusCallback": "https://a.example/2"}, "https://a.example/2"),
        (
            {
                "MessageStatusCallback": "https://a.example/2",
                "SmsStatusCallback": "https://a.example/1",
            },
            "https://a.example/2",
        ),
        ({"SmsStatusCallback": ""}, ""),
        ({"MessageStatusCallback": ""}, ""),
    ],
)
def test_the_two_status_callbacks_are_one_value(
    ask: Ask, sent: dict[str, str], stored: str
) -> None:
    sid = ask.create(SmsStatusCallback="https://a.example/0")["sid"]
    after = ask.update(sid, **sent)
    assert after["sms_status_callback"] == after["message_status_callback"] == stored


@pytest.mark.parametrize(
    "name", ["Zoë's Straße 電話 📞", "a&b=c;d+e %41", " x ", "<b>\"'</b>", "x" * 64]
)
def test_a_friendly_name_comes_back_as_it_was_sent(ask: Ask, name: str) -> None:
    made = ask.create(FriendlyName=name)
    assert made["friendly_name"] == name
    assert ask.page({"FriendlyName": name})["applications"] == [made]


def test_a_fetch_shows_what_the_create_showed(ask: Ask) -> None:
    made = ask("POST", "Applications.json", {"FriendlyName": "Phone Me"})
    assert ask("GET", f"Applications/{made.json['sid']}.json").body == made.body


def test_a_deleted_application_is_gone_from_everywhere(ask: Ask) -> None:
    kept, gone = ask.create(FriendlyName="x"), ask.create(FriendlyName="x")
    path = f"Applications/{gone['sid']}.json"
    answer = ask("DELETE", path)
    assert (answer.status, answer.body) == (204, b"")
    assert "Content-Type" not in answer.headers
    for method in ("GET", "POST", "DELETE"):
        assert ask(method, path).refusal == (
            404,
            20404,
            f"The requested resource {ask.root}/{path} was not found",
        )
    assert ask.page()["applications"] == [kept]
    assert ask.page({"FriendlyName": "x"})["applications"] == [kept]


@pytest.mark.parametrize("extension", ["", ".json", ".xml"])
def test_a_delete_answers_nothing_whatever_the_extension(ask: Ask, extension: str) -> None:
    sid = ask.create()["sid"]
    answer = ask("DELETE", f"Applications/{sid}{extension}")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/csv", "*/*", ""])
@pytest.mark.parametrize(
    ("extension", "content_type"),
    [
        (".json", "application/json;charset=utf-8"),
        (".xml", "application/xml"),
        ("", "application/xml"),
    ],
)
def test_the_extension_decides_the_format_whatever_accept_says(
    ask: Ask, extension: str, content_type: str, accept: str
) -> None:
    headers = {"Accept": accept}
    sid = ask.create()["sid"]
    for method, path, status in [
        ("POST", "Applications", 201),
        ("GET", "Applications", 200),
        ("GET", f"Applications/{sid}", 200),
        ("POST", f"Applications/{sid}", 200),
    ]:
        answer = ask(method, path + extension, headers=headers)
        assert (answer.status, answer.headers["Content-Type"]) == (status, content_type)
        assert answer.body.startswith(b"{" if extension == ".json" else b"<?xml ")


def test_a_csv_list_is_csv_whatever_accept_says(ask: Ask) -> None:
    answer = ask("GET", "Applications.csv", headers={"Accept": "application/json"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv")


def test_the_list_is_newest_first(ask: Ask) -> None:
    made = [ask.create()["sid"] for _ in range(3)]
    assert [each["sid"] for each in ask.page()["applications"]] == made[::-1]
    ask.update(made[0], FriendlyName="renamed")
    assert [each["sid"] for each in ask.page()["applications"]] == made[::-1]


def test_two_accounts_of_one_mock_do_not_see_each_other(ask: Ask) -> None:
    other = ask.neighbour()
    sid = other.create()["sid"]
    assert ask.page()["applications"] == []
    assert ask("GET", f"Applications/{sid}.json").status == 404
    assert ask("DELETE", f"Applications/{sid}.json").status == 404
    assert other.sids() == [sid]
