"""The list of phone numbers: its filters and its pages."""

from __future__ import annotations

import pytest

from tests.accounts.phone_numbers import NUMBERS, bought, listed
from tests.asking import Ask


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "+442071838750 +14155550102 +14155550101"),
        ({"PhoneNumber": "+14155550101"}, "+14155550101"),
        ({"PhoneNumber": "415555"}, "+14155550102 +14155550101"),
        ({"PhoneNumber": "0101"}, "+14155550101"),
        ({"PhoneNumber": "415***0102"}, "+14155550102"),
        ({"PhoneNumber": "+44"}, "+442071838750"),
        ({"PhoneNumber": "999"}, ""),
        ({"PhoneNumber": ".*"}, ""),
        ({"FriendlyName": "desk"}, "+14155550102"),
        ({"FriendlyName": "des"}, ""),
        ({"FriendlyName": "desk", "PhoneNumber": "0101"}, ""),
        ({"FriendlyName": "desk", "PhoneNumber": "0102"}, "+14155550102"),
        ({"Origin": "twilio"}, "+442071838750 +14155550102 +14155550101"),
        ({"Origin": "hosted"}, ""),
        ({"Beta": "true"}, "+442071838750 +14155550102 +14155550101"),
    ],
)
def test_the_list_is_filtered(ask: Ask, query: dict[str, str], found: str) -> None:
    bought(ask, "+14155550101")
    bought(ask, "+14155550102", FriendlyName="desk")
    bought(ask, "+442071838750")
    assert listed(ask, **query) == found.split()


def test_a_filtered_list_is_walked_page_by_page(ask: Ask) -> None:
    for last in range(5):
        bought(ask, f"+1415555010{last}")
        bought(ask, f"+1212555010{last}")
    found, page = [], ask("GET", NUMBERS, query={"PhoneNumber": "415", "PageSize": "2"}).json
    while True:
        found += [each["phone_number"] for each in page["incoming_phone_numbers"]]
        if page["next_page_uri"] is None:
            break
        assert "PhoneNumber=415&" in page["next_page_uri"]
        page = ask.follow(page["next_page_uri"])
    assert found == [f"+1415555010{last}" for last in (4, 3, 2, 1, 0)]
