"""The list of accounts: who sees whom, in which order, filtered and page by page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.accounts.families import ACCOUNTS, Family, listed, new_subaccount, of
from tests.asking import Answer, Ask

AC = re.compile("AC[0-9a-f]{32}")


def test_the_list_is_oldest_first_and_starts_with_the_parent(family: Family) -> None:
    parent, child, sibling = (
        each.account.sid for each in (family.parent, family.child, family.sibling)
    )
    assert listed(family.parent) == [parent, child, sibling]
    family.as_parent("POST", of(child), {"FriendlyName": "renamed"})
    assert listed(family.parent) == [parent, child, sibling]
    newest = new_subaccount(family.parent)["sid"]
    assert listed(family.parent) == [parent, child, sibling, newest]


def test_a_subaccount_sees_itself_alone(family: Family) -> None:
    child, sibling = family.child, family.sibling
    assert listed(child) == [child.account.sid]
    assert listed(child, FriendlyName="sibling") == []
    for other in (family.parent, sibling):
        assert child("GET", f"{other.root}.json").refusal[:2] == (401, 20003)


def test_a_stranger_is_no_part_of_the_list(family: Family) -> None:
    stranger = family.parent.neighbour()
    assert stranger.account.sid not in listed(family.parent)
    assert listed(stranger) == [stranger.account.sid]


def test_the_list_is_filtered_by_whole_name_and_by_status(family: Family) -> None:
    parent, child = family.parent, family.child.account.sid
    assert listed(parent, FriendlyName="child") == [child]
    assert listed(parent, FriendlyName="chil") == []
    assert listed(parent, Status="suspended") == []
    family.set_status("suspended")
    assert listed(parent, Status="suspended") == [child]
    assert child not in listed(parent, Status="active")
    assert listed(parent, Status="suspended", FriendlyName="sibling") == []
    assert listed(parent, Status="nonsense") == []
    query = {"Status": "suspended", "FriendlyName": "child"}
    assert f"{ACCOUNTS}.json?" in parent("GET", f"{ACCOUNTS}.json", query=query).json["uri"]


def test_the_list_is_walked_page_by_page(family: Family) -> None:
    parent = family.parent
    first = parent("GET", f"{ACCOUNTS}.json", query={"PageSize": "2"}).json
    second = parent.follow(first["next_page_uri"])
    assert [len(each["accounts"]) for each in (first, second)] == [2, 1]
    assert second["next_page_uri"] is None
    assert parent.follow(second["previous_page_uri"])["accounts"] == first["accounts"]


@pytest.mark.parametrize("page", ["1", "2"])
def test_a_later_page_without_a_token_is_refused_with_70002(ask: Ask, page: str) -> None:
    answer = ask("GET", f"{ACCOUNTS}.json", query={"Page": page})
    assert answer.refusal == (400, 70002, "Paged requests must include a PageToken")
    assert ask("GET", f"{ACCOUNTS}.json", query={"Page": "0"}).status == 200


def test_a_list_can_be_had_in_each_format(family: Family) -> None:
    answers: dict[str, Answer] = {
        extension: family.parent("GET", f"{ACCOUNTS}{extension}")
        for extension in ("", ".json", ".xml", ".csv")
    }
    assert {answer.status for answer in answers.values()} == {200}
    [accounts] = ElementTree.fromstring(answers[".xml"].body)
    assert accounts.tag == "Accounts"
    assert len(accounts) == 3
    assert answers[".csv"].text.startswith("AuthToken,DateCreated,")
