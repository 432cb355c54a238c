"""How the tests buy, list, change and fetch phone numbers."""

from __future__ import annotations

from typing import Any

from tests.asking import Ask

NUMBERS = "IncomingPhoneNumbers.json"


def bought(ask: Ask, number: str = "+14155550101", **fields: str) -> Any:
    """A new number, as it was answered."""
    answer = ask("POST", NUMBERS, {"PhoneNumber": number, **fields})
    assert answer.status == 201, answer.text
    return answer.json


def listed(ask: Ask, **query: str) -> list[str]:
    """The phone numbers of a list."""
    answer = ask("GET", NUMBERS, query=query)
    assert answer.status == 200, answer.text
    return [each["phone_number"] for each in answer.json["incoming_phone_numbers"]]


def changed(ask: Ask, number: Any, **fields: str) -> Any:
    """The number after an update."""
    answer = ask("POST", f"IncomingPhoneNumbers/{number['sid']}.json", fields)
    assert answer.status == 200, answer.text
    return answer.json


def fetched(ask: Ask, number: Any) -> Any:
    """The number as it is now."""
    return ask("GET", f"IncomingPhoneNumbers/{number['sid']}.json").json
