"""Seed documents: stored whole or not at all, and exported so that they give equal state."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from twilio_mock import TwilioMock
from twilio_mock.control.seed_schema import seed_schema
from twilio_mock.resources import RESOURCES

APP, OTHER_APP = "AP" + "1" * 32, "AP" + "2" * 32
ACCOUNT, SUBACCOUNT = "AC" + "1" * 32, "AC" + "2" * 32

DOCUMENT: dict[str, Any] = {
    "accounts": [
        {
            "sid": ACCOUNT,
            "auth_token": "1" * 32,
            "friendly_name": "main",
            "applications": [
                {"sid": APP, "friendly_name": "old", "date_created": "2017-06-23T10:33:39+00:00"},
                {"sid": OTHER_APP, "voice_url": "", "voice_caller_id_lookup": True},
            ],
            "incoming_phone_numbers": [
                {"phone_number": "+15005550006", "voice_application_sid": APP},
                {"phone_number": "+15005550009", "sms_application_sid": None},
            ],
            "keys": [{"sid": "SK" + "1" * 32, "secret": "2" * 32, "main": True}],
            "subaccounts": [{"sid": SUBACCOUNT, "status": "suspended", "applications": [{}]}],
        }
    ]
}


def seeded() -> TwilioMock:
    mock = TwilioMock(account_sid="AC" + "0" * 32, seed="seeded")
    mock.seed(DOCUMENT)
    return mock


def test_a_document_gives_accounts_with_all_that_they_hold() -> None:
    mock = seeded()
    account, subaccount = mock.accounts[ACCOUNT], mock.accounts[SUBACCOUNT]
    assert account.auth_token == "1" * 32
    assert account.applications[APP].date_created == 1_498_214_019
    assert account.incoming_phone_numbers.one(voice_application_sid=APP)
    assert account.keys.one(main=True).secret == "2" * 32
    assert (subaccount.status, len(subaccount.applications)) == ("suspended", 1)
    assert [each.sid for each in account.subaccounts] == [SUBACCOUNT]


def test_what_is_exported_and_seeded_again_is_equal() -> None:
    mock = seeded()
    mock.accounts[ACCOUNT].client().applications(APP).delete()
    exported = mock.export()
    again = TwilioMock(account_sid="AC" + "0" * 32)
    again.seed(json.loads(json.dumps(exported)))
    assert again.export() == exported
    before, after = (each.accounts[ACCOUNT].client() for each in (mock, again))
    assert [app.sid for app in after.applications.list()] == [
        app.sid for app in before.applications.list()
    ]


def test_an_account_that_is_there_is_given_more() -> None:
    mock = seeded()
    mock.seed({"accounts": [{"sid": ACCOUNT, "friendly_name": "renamed", "applications": [{}]}]})
    assert len(mock.accounts[ACCOUNT].applications) == 3


def test_the_default_account_is_seeded_without_naming_it() -> None:
    mock = TwilioMock()
    mock.seed({"applications": [{"friendly_name": "a"}]})
    assert mock.applications.one().friendly_name == "a"
    assert mock.account.export()["applications"][0]["friendly_name"] == "a"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"applications": [{}, {"voice_method": "PUT"}]}, "applications[1].voice_method: Voice"),
        ({"applications": [{}, {"voiceurl": ""}]}, "applications[1].voiceurl: is not known"),
        ({"applications": [{"voice_url": 5}]}, "applications[0].voice_url: a text or a boolean"),
        ({"applications": [{"voice_url": []}]}, "applications[0].voice_url: an array is no value"),
        ({"applications": [{"voice_method": None}]}, "[0].voice_method: must not be null"),
        ({"applications": [{"sid": "AP1"}]}, "applications[0].sid: 'AP1' is no Application SID"),
        ({"applications": [{"sid": APP}]}, f"[0].sid: Application {APP} is there already"),
        ({"applications": [{"date_created": "soon"}]}, "[0].date_created: this is no moment"),
        ({"applications": {}}, "applications: an array is expected, not an object"),
        ({"applications": [3]}, "applications[0]: an object is expected, not a number"),
        ({"applications": [{}] * 1001}, "applications[998].Application: Cannot create"),
        ({"incoming_phone_numbers": [{}]}, "[0].phone_number: PhoneNumber is required (21421)"),
        ({"keys": [{"main": "yes"}]}, "keys[0].main: 'yes' is neither true nor false"),
        ({"keys": [{"secret": ""}]}, "keys[0].secret: must not be empty"),
        ({"subaccounts": [{"status": "gone"}]}, "subaccounts[0].status: 'gone' does not exist"),
        ({"subaccounts": [{"subaccounts": [{}]}]}, "subaccounts[0].subaccounts[0]: a subaccount"),
        ({"auth_token": ""}, "accounts[1].auth_token: must not be empty"),
        ({"queues": []}, "accounts[1].queues: is not known"),
        ({"aplications": []}, "aplications: is not known; did you mean applications? known are: "),
        ({"auth_tokens": ""}, "accounts[1].auth_tokens: is not known; did you mean auth_token?"),
        ({"status": "gone"}, "'gone' does not exist; there are: active, suspended, closed"),
        (
            {"subaccounts": [{"sid": "AC" + "3" * 32}, {}, {"sid": "AC" + "3" * 32}]},
            "accounts[1].subaccounts[2].sid: is that of accounts[1].subaccounts[0] as well",
        ),
    ],
)
def test_one_bad_value_is_named_by_its_path_and_nothing_is_stored(
    part: dict[str, Any], told: str
) -> None:
    mock = seeded()
    before = mock.export()
    document = {"accounts": [{"applications": [{}]}, {"sid": ACCOUNT, **part}]}
    with pytest.raises(ValueError, match=r"^twilio_mock: accounts\[1\]") as refusal:
        mock.seed(document)
    assert told in str(refusal.value)
    assert mock.export() == before


def test_two_accounts_of_one_sid_are_refused() -> None:
    mock, sid = TwilioMock(), "AC" + "3" * 32
    twins = [{"sid": sid, "auth_token": token} for token in ("one", "two")]
    with pytest.raises(ValueError, match=r"accounts\[1\]\.sid: is that of accounts\[0\] as well"):
        mock.seed({"accounts": twins})
    assert sid not in mock.accounts


@pytest.mark.parametrize("document", [{"accounts": 3}, {"accounts": [], "acounts": []}])
def test_a_document_of_another_shape_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected|is not known"):
        TwilioMock().seed(document)


def test_a_part_of_one_account_is_stored_whole_or_not_at_all() -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match=r"account\.applications\[1\]\.sms_url"):
        mock.seed({"applications": [{}, {"sms_url": "nowhere"}]})
    assert len(mock.applications) == 0


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(DOCUMENT))
    mock = TwilioMock()
    mock.seed(file)
    assert ACCOUNT in mock.accounts


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"accounts": [}')
    with pytest.raises(ValueError, match=r"broken\.json: this is no JSON: .*line 1 column 15"):
        TwilioMock().seed(broken)
    with pytest.raises(OSError, match="missing"):
        TwilioMock().seed(tmp_path / "missing.json")
    broken.write_text("[]")
    with pytest.raises(ValueError, match=r"broken\.json: an object is expected"):
        TwilioMock().seed(broken)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "[" * 102 + "]" * 102, '{"a":' * 101 + "[]" + "}" * 101],
    ids=["arrays", "objects", "well-formed", "mixed"],
)
def test_a_file_that_is_nested_too_deeply_is_named_too(tmp_path: Path, text: str) -> None:
    deep = tmp_path / "deep.json"
    deep.write_text(text)
    with pytest.raises(ValueError, match=r"deep\.json: this is no JSON: it is nested more"):
        TwilioMock().seed(deep)


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1969-12-31T23:59:59+00:00",
        "Mon, 1 Jan 2020 00:00:00 +99999999999999999",
    ],
)
def test_a_date_that_could_not_be_shown_is_refused(moment: str) -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match=r"date_created: this is no moment"):
        mock.seed({"applications": [{"date_created": moment}]})
    assert mock.client().applications.list() == []


@pytest.mark.parametrize("sid", [SUBACCOUNT, ACCOUNT])
def test_an_account_of_another_family_is_no_subaccount_and_stays_as_it_is(sid: str) -> None:
    mock = seeded()
    before = mock.export()
    parent = mock.accounts.create()
    part = {"sid": parent.sid, "subaccounts": [{"sid": sid, "friendly_name": "taken"}]}
    with pytest.raises(ValueError, match=r"subaccounts\[0\]\.sid: AC\d+ is there already"):
        mock.seed({"accounts": [part]})
    mock.accounts.free(parent)
    assert mock.export() == before


def test_a_refused_document_leaves_the_order_of_the_accounts_and_the_next_sid() -> None:
    mock, other = seeded(), seeded()
    order = mock.accounts.sids()
    with pytest.raises(ValueError, match="is not known"):
        mock.seed({"accounts": [{}, {"sid": order[0]}, {"sid": ACCOUNT, "nonsense": 1}]})
    assert mock.accounts.sids() == order
    assert mock.accounts.create().sid == other.accounts.create().sid


def test_a_key_of_another_account_is_not_taken_over() -> None:
    mock = seeded()
    with pytest.raises(ValueError, match="is there already"):
        mock.seed({"keys": [{"sid": "SK" + "1" * 32}]})
    assert mock.state.opened_by["SK" + "1" * 32] == ACCOUNT


def test_the_schema_knows_every_field_that_can_be_seeded() -> None:
    schema = seed_schema(RESOURCES)
    exported = seeded().export()["accounts"][1]
    assert exported.keys() <= schema["$defs"]["Account"]["properties"].keys()
    for resource in RESOURCES:
        for record in exported.get(resource.key, []):
            assert record.keys() <= schema["$defs"][resource.name]["properties"].keys()


def test_seeding_an_account_that_is_there_keeps_the_date_that_the_document_says() -> None:
    mock = TwilioMock()
    mock.clock.set(1_000_000_000)
    exported = mock.export()
    again = TwilioMock()
    again.clock.set(2_000_000_000)
    again.seed(exported)
    assert again.export() == exported


def test_the_schema_is_shipped_as_a_file() -> None:
    shipped = files("twilio_mock").joinpath("seed.schema.json").read_text()
    assert json.loads(shipped) == json.loads(json.dumps(seed_schema(RESOURCES)))
