"""Test credentials: 403 for all but what they are made for, magic numbers, and nothing kept."""

from __future__ import annotations

import pytest

from tests.asking import Ask
from tests.conftest import AskWith

REFUSED = (403, 20008, "Resource not accessible with Test Account Credentials")
NUMBERS = "IncomingPhoneNumbers.json"


@pytest.fixture
def testing(ask_with: AskWith) -> Ask:
    """Ask an account with its test credentials."""
    ask = ask_with()
    ask.account.update(test_credentials=True)
    return ask


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "Applications.json"),
        ("POST", "Applications.json"),
        ("GET", "Applications/AP00000000000000000000000000000000.json"),
        ("POST", "Applications/AP00000000000000000000000000000000.json"),
        ("DELETE", "Applications/AP00000000000000000000000000000000.json"),
        ("GET", NUMBERS),
        ("GET", "IncomingPhoneNumbers/PN00000000000000000000000000000000.json"),
        ("POST", "IncomingPhoneNumbers/PN00000000000000000000000000000000.json"),
        ("DELETE", "IncomingPhoneNumbers/PN00000000000000000000000000000000.json"),
        ("GET", "Keys.json"),
        ("POST", "Keys.json"),
        ("GET", "{root}.json"),
        ("POST", "{root}.json"),
        ("GET", "/2010-04-01/Accounts.json"),
        ("POST", "/2010-04-01/Accounts.json"),
    ],
)
def test_all_else_is_refused_with_20008(testing: Ask, method: str, path: str) -> None:
    assert testing(method, path.format(root=testing.root)).refusal == REFUSED
    assert len(testing.state.accounts) == 1


def test_the_magic_number_that_can_be_had_is_shown_and_not_kept(testing: Ask) -> None:
    form = {"PhoneNumber": "+15005550006", "VoiceUrl": "https://a.example/", "FriendlyName": "x"}
    for _ in range(2):
        answer = testing("POST", NUMBERS, form)
        assert answer.status == 201
        shown = answer.json
        assert (shown["phone_number"], shown["friendly_name"]) == ("+15005550006", "x")
        assert shown["voice_url"] == "https://a.example/"
    assert len(testing.account.incoming_phone_numbers) == 0


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"PhoneNumber": "+15005550001"}, (400, 21421, "+15005550001 is not a valid number")),
        ({"PhoneNumber": "+15005550000"}, (400, 21422, "+15005550000 is not available")),
        ({"AreaCode": "533"}, (400, 21452, "No phone numbers found")),
        ({"PhoneNumber": "33"}, (400, 21421, "33 is not a valid number")),
    ],
)
def test_the_magic_inputs_are_refused_as_documented(
    testing: Ask, form: dict[str, str], refusal: tuple[int, int, str]
) -> None:
    assert testing("POST", NUMBERS, form).refusal == refusal


def test_the_magic_area_code_has_a_number(testing: Ask) -> None:
    answer = testing("POST", NUMBERS, {"AreaCode": "500"})
    assert answer.status == 201
    assert answer.json["phone_number"].startswith("+1500")
    assert len(testing.account.incoming_phone_numbers) == 0


@pytest.mark.parametrize("number", ["+15005550000", "+15005550001"])
def test_to_other_credentials_they_are_numbers_like_all(ask: Ask, number: str) -> None:
    assert ask("POST", NUMBERS, {"PhoneNumber": number}).status == 201
    assert ask("POST", NUMBERS, {"AreaCode": "533"}).status == 201
    assert len(ask.account.incoming_phone_numbers) == 2


def test_a_wrong_token_is_refused_before_that(testing: Ask) -> None:
    wrong = testing.credentials[:-8] + "AAAAAAAA"
    assert testing("POST", NUMBERS, credentials=wrong).refusal[:2] == (401, 20003)


def test_what_the_mock_does_not_model_stays_501(testing: Ask) -> None:
    for path in ("Messages.json", "Calls.json"):
        assert testing("POST", path).status == 501
