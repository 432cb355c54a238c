"""One page of a list and the URIs that lead on, as recorded in 2015, 2017 and 2020."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import Ask
from tests.conftest import AskWith
from twilio_mock import Settings

KEYS = [
    "first_page_uri",
    "end",
    "previous_page_uri",
    "uri",
    "page_size",
    "page",
    "applications",
    "next_page_uri",
    "start",
]
NO_SUCH = "AP" + "0" * 32


def sids(page: dict[str, Any]) -> list[str]:
    return [each["sid"] for each in page["applications"]]


def made(ask: Ask, count: int, **fields: str) -> list[str]:
    """The SIDs of new applications, in the order of the list."""
    return [ask.create(**fields)["sid"] for _ in range(count)][::-1]


def walk(ask: Ask, page: dict[str, Any], direction: str = "next_page_uri") -> list[dict[str, Any]]:
    """A page and all that its URIs lead to."""
    pages = [page]
    while uri := pages[-1][direction]:
        pages.append(ask.follow(uri))
    return pages


def test_three_pages_are_linked_as_recorded(ask: Ask) -> None:
    a, b, c, d, e = made(ask, 5)
    path = f"{ask.root}/Applications.json?PageSize=2&Page="
    pages = walk(ask, ask.page("PageSize=2"))
    assert [list(page) for page in pages] == [KEYS] * 3
    assert [sids(page) for page in pages] == [[a, b], [c, d], [e]]
    assert [(page["start"], page["end"]) for page in pages] == [(0, 1), (2, 3), (4, 4)]
    assert [(page["page"], page["page_size"]) for page in pages] == [(0, 2), (1, 2), (2, 2)]
    assert {page["first_page_uri"] for page in pages} == {path + "0"}
    assert [page["uri"] for page in pages] == [
        path + "0",
        f"{path}1&PageToken=PA{b}",
        f"{path}2&PageToken=PA{d}",
    ]
    assert [page["next_page_uri"] for page in pages] == [pages[1]["uri"], pages[2]["uri"], None]
    assert [page["previous_page_uri"] for page in pages] == [
        None,
        f"{path}0&PageToken=PB{c}",
        f"{path}1&PageToken=PB{e}",
    ]


def test_the_way_back_shows_the_same_pages(ask: Ask) -> None:
    made(ask, 7)
    pages = walk(ask, ask.page("PageSize=3"))
    back = walk(ask, pages[-1], "previous_page_uri")[::-1]
    assert [sids(page) for page in back] == [sids(page) for page in pages]
    assert [page["page"] for page in back] == [0, 1, 2]
    assert back[0]["previous_page_uri"] is None
    assert [sids(page) for page in walk(ask, back[0])] == [sids(page) for page in pages]


def test_a_page_that_went_back_names_its_own_token(ask: Ask) -> None:
    made(ask, 3)
    uri = ask.follow(ask.page("PageSize=2")["next_page_uri"])["previous_page_uri"]
    assert ask.follow(uri)["uri"] == uri


@pytest.mark.parametrize(
    ("count", "size"), [(1, 1), (2, 2), (4, 2), (50, 50), (50, None), (51, None)]
)
def test_a_full_last_page_promises_no_empty_one(ask: Ask, count: int, size: int | None) -> None:
    expected = made(ask, count)
    pages = walk(ask, ask.page(f"PageSize={size}" if size else ""))
    assert [sid for page in pages for sid in sids(page)] == expected
    assert len(pages) == -(-count // (size or 50))


@pytest.mark.parametrize("query", ["", "PageSize=5", "FriendlyName=nobody"])
def test_an_empty_list_is_a_page_with_nothing_on_it(ask: Ask, query: str) -> None:
    page = ask.page(query)
    assert (page["applications"], page["start"], page["end"], page["page"]) == ([], 0, 0, 0)
    assert page["next_page_uri"] is page["previous_page_uri"] is None


def test_uris_are_relative_and_put_the_filters_first(ask: Ask) -> None:
    made(ask, 2, FriendlyName="a b&c=ü+")
    page = ask.page("PageSize=1&FriendlyName=a%20b%26c%3D%C3%BC%2B&Page=0")
    start = f"{ask.root}/Applications.json?FriendlyName=a+b%26c%3D%C3%BC%2B&PageSize=1&Page="
    assert page["uri"] == page["first_page_uri"] == start + "0"
    assert page["next_page_uri"].startswith(start + "1&PageToken=PA")


def test_an_unknown_parameter_is_not_carried_over_into_the_uris(ask: Ask) -> None:
    made(ask, 2)
    page = ask.page("Colour=red&PageSize=1")
    assert "Colour" not in page["uri"] + page["next_page_uri"] + page["first_page_uri"]


@pytest.mark.parametrize(
    ("sent", "taken", "rules"),
    [
        ("", 50, []),
        ("PageSize=1", 1, []),
        ("PageSize=1000", 1000, []),
        ("PageSize=1001", 1000, ["page_size_range"]),
        ("PageSize=99999999999999999999", 1000, ["page_size_range"]),
        ("PageSize=0", 50, ["page_size_range"]),
        ("PageSize=-1", 50, ["page_size_range"]),
        ("PageSize=abc", 50, ["page_size_range"]),
        ("PageSize=", 50, ["page_size_range"]),
        ("PageSize=%C2%B2", 50, ["page_size_range"]),
        ("PageSize=1.5", 50, ["page_size_range"]),
        ("PageSize=7&PageSize=8", 8, ["repeated_parameter"]),
        ("pagesize=7", 50, ["unknown_parameter"]),
    ],
)
def test_the_page_size_has_its_bounds(ask: Ask, sent: str, taken: int, rules: list[str]) -> None:
    page = ask.page(sent)
    assert page["page_size"] == taken
    assert f"PageSize={taken}&" in page["uri"]
    assert [finding.rule for finding in ask.findings] == rules


@pytest.mark.parametrize("size", ["1001", "0", "-1", "abc", ""])
def test_a_page_size_out_of_bounds_is_refused_when_that_rule_is_enforced(
    ask_with: AskWith, size: str
) -> None:
    ask = ask_with(Settings(enforce=frozenset({"page_size_range"})))
    answer = ask("GET", "Applications.json", query={"PageSize": size})
    assert answer.refusal == (400, 20007, "Page size too large")


@pytest.mark.parametrize(
    "query", ["Page=1", "Page=5&PageSize=2", "Page=99999999999", "Page=5&PageToken="]
)
def test_a_page_above_zero_needs_a_token(ask: Ask, query: str) -> None:
    made(ask, 1)
    answer = ask("GET", "Applications.json", query=query)
    assert answer.refusal == (400, 20001, "PageToken is required for paging.")


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.0", "%C2%B2"])
def test_a_page_that_is_no_number_is_the_first(ask: Ask, page: str) -> None:
    expected = made(ask, 1)
    answer = ask.page(f"Page={page}")
    assert (answer["page"], sids(answer)) == (0, expected)
    assert [finding.rule for finding in ask.findings] == ([] if page == "0" else ["page_value"])


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "PA",
        "PA" + NO_SUCH,
        "PB" + NO_SUCH,
        "PC{sid}",
        "{sid}",
        "pa{sid}",
        "PA{sid}0",
        "PA{SID}",
        "PA%00{sid}",
        " PA{sid}",
    ],
)
@pytest.mark.parametrize("page", ["", "Page=1&"])
def test_a_token_that_is_none_is_refused(ask: Ask, token: str, page: str) -> None:
    [sid] = made(ask, 1)
    token = token.format(sid=sid, SID=sid.upper())
    answer = ask("GET", "Applications.json", query=f"{page}PageToken={token.replace(' ', '+')}")
    assert answer.refusal == (400, 21481, "Invalid PageToken")


def test_a_token_of_another_account_is_refused(ask: Ask) -> None:
    [sid] = made(ask.neighbour(), 1)
    answer = ask("GET", "Applications.json", query=f"Page=1&PageToken=PA{sid}")
    assert answer.refusal[:2] == (400, 21481)


def test_the_page_after_the_end_is_empty(ask: Ask) -> None:
    expected = made(ask, 3)
    page = ask.page(f"PageSize=3&Page=1&PageToken=PA{expected[-1]}")
    assert (page["applications"], page["start"], page["end"], page["page"]) == ([], 3, 3, 1)
    assert page["next_page_uri"] is page["previous_page_uri"] is None


def test_a_token_whose_record_is_deleted_leads_on_from_where_it_stood(ask: Ask) -> None:
    a, b, c, d, e = made(ask, 5)
    first = ask.page("PageSize=2")
    for sid in (b, c):
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
    second = ask.follow(first["next_page_uri"])
    assert sids(second) == [d, e]
    assert ask("DELETE", f"Applications/{d}.json").status == 204
    assert sids(ask.follow(second["previous_page_uri"])) == [a]


def test_places_of_deleted_records_are_forgotten_beyond_the_limit(ask_with: AskWith) -> None:
    ask = ask_with(Settings(remembered_deletions=2))
    gone = made(ask, 3)
    kept = made(ask, 1)
    for sid in gone:
        assert ask("DELETE", f"Applications/{sid}.json").status == 204
    query = "Page=1&PageToken=PB"
    assert ask("GET", "Applications.json", query=query + gone[0]).refusal[:2] == (400, 21481)
    assert [sids(ask.page(query + sid)) for sid in gone[1:]] == [kept, kept]


def test_the_filter_wants_the_whole_name_in_the_very_same_letters(ask: Ask) -> None:
    [wanted] = made(ask, 1, FriendlyName="Phone Me")
    for other in ("phone me", "Phone", "Phone Me ", "Phone  Me", ""):
        ask.create(FriendlyName=other)
    ask.create()
    assert sids(ask.page({"FriendlyName": "Phone Me"})) == [wanted]


def test_the_filter_follows_a_renaming(ask: Ask) -> None:
    a, b = made(ask, 2, FriendlyName="old")
    ask.update(a, FriendlyName="new")
    assert sids(ask.page("FriendlyName=old")) == [b]
    assert sids(ask.page("FriendlyName=new")) == [a]
    ask.update(a, FriendlyName="old")
    assert sids(ask.page("FriendlyName=old")) == [a, b]
    assert sids(ask.page("FriendlyName=new")) == []


def test_a_filter_sent_empty_filters_nothing_and_is_remarked_on(ask: Ask) -> None:
    expected = made(ask, 2)
    page = ask.page("FriendlyName=")
    assert sids(page) == expected
    assert page["uri"].endswith("Applications.json?PageSize=50&Page=0")
    assert [finding.rule for finding in ask.findings] == ["empty_filter"]
