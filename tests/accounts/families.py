"""A parent account with two subaccounts, and how the tests ask for accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.asking import Answer, Ask, basic

ACCOUNTS = "/2010-04-01/Accounts"


@dataclass
class Family:
    """A parent account and two of its subaccounts, each to be asked with its own credentials."""

    parent: Ask
    child: Ask
    sibling: Ask

    def as_parent(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """The parent asks for what belongs to the child."""
        return self.child(method, path, form, credentials=self.parent.credentials)

    def set_status(self, status: str) -> Answer:
        """The parent changes the status of the child."""
        return self.as_parent("POST", f"{self.child.root}.json", {"Status": status})

    def shown(self) -> str:
        """The status of the child, as it is stored now."""
        return self.child.account.status


def with_key(ask: Ask, *, main: bool) -> str:
    """The credentials of a new API key of the account."""
    key = ask.account.keys.create(main=main)
    return basic(key.sid, str(key.secret))


def new_subaccount(ask: Ask, **fields: str) -> Any:
    """A new subaccount, as it was answered."""
    answer = ask("POST", f"{ACCOUNTS}.json", fields)
    assert answer.status == 201, answer.text
    return answer.json


def listed(ask: Ask, **query: str) -> list[str]:
    """The SIDs of a list of accounts."""
    answer = ask("GET", f"{ACCOUNTS}.json", query=query)
    assert answer.status == 200, answer.text
    return [each["sid"] for each in answer.json["accounts"]]


def of(sid: str, extension: str = ".json") -> str:
    """The path of one account."""
    return f"{ACCOUNTS}/{sid}{extension}"


def family_of(ask: Ask) -> Family:
    """The account that is asked, with two new subaccounts, all active and empty."""
    child, sibling = (
        Ask(ask.door, ask.mock, ask.account.subaccounts.create(friendly_name=name))
        for name in ("child", "sibling")
    )
    return Family(ask, child, sibling)
