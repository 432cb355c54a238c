"""The Keys resource: a secret that is shown once, and what else a key has."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.asking import Ask

SK = re.compile("SK[0-9a-f]{32}")
SHOWN = ["sid", "friendly_name", "date_created", "date_updated"]


def test_the_secret_of_a_key_is_shown_by_the_create_and_never_again(ask: Ask) -> None:
    answer = ask("POST", "Keys.json", {"FriendlyName": "deploy"})
    assert answer.status == 201
    made = answer.json
    assert list(made) == [*SHOWN, "secret"]
    assert SK.fullmatch(made["sid"])
    assert re.fullmatch("[0-9a-f]{32}", made["secret"])
    assert made["friendly_name"] == "deploy"
    path = f"Keys/{made['sid']}"
    later = [ask("GET", f"Keys{extension}") for extension in ("", ".json", ".xml", ".csv")]
    later += [ask("GET", path + extension) for extension in ("", ".json", ".xml")]
    later += [ask("POST", f"{path}.json", {"FriendlyName": "renamed"})]
    for each in later:
        assert each.status == 200
        assert made["secret"] not in each.text
    assert later[-1].json["friendly_name"] == "renamed"
    assert list(later[-1].json) == SHOWN


def test_in_xml_too_the_secret_is_shown_once(ask: Ask) -> None:
    [made] = ElementTree.fromstring(ask("POST", "Keys.xml").body)
    assert [child.tag for child in made] == [
        "Sid",
        "FriendlyName",
        "DateCreated",
        "DateUpdated",
        "Secret",
    ]
    [fetched] = ElementTree.fromstring(ask("GET", f"Keys/{made.findtext('Sid')}.xml").body)
    assert [child.tag for child in fetched] == [child.tag for child in made][:-1]


def test_two_keys_have_two_secrets(ask: Ask) -> None:
    made = [ask("POST", "Keys.json").json for _ in range(10)]
    assert len({key["secret"] for key in made} | {key["sid"] for key in made}) == 20


def test_keys_are_listed_and_walked(ask: Ask) -> None:
    made = [ask("POST", "Keys.json").json["sid"] for _ in range(3)]
    page = ask("GET", "Keys.json", query={"PageSize": "2"}).json
    rest = ask.follow(page["next_page_uri"])
    assert [key["sid"] for key in page["keys"] + rest["keys"]] == made[::-1]
    assert {*page} - {"keys"} == {*ask.page()} - {"applications"}


def test_a_deleted_key_is_gone(ask: Ask) -> None:
    sid = ask("POST", "Keys.json").json["sid"]
    assert ask("DELETE", f"Keys/{sid}.json").status == 204
    for method in ("GET", "POST", "DELETE"):
        assert ask(method, f"Keys/{sid}.json").refusal[:2] == (404, 20404)
    assert sid not in ask.account.keys
    assert sid not in ask.state.opened_by


@pytest.mark.parametrize("name", ["x" * 65, "a\0"])
def test_a_bad_name_is_refused_and_makes_no_key(ask: Ask, name: str) -> None:
    assert ask("POST", "Keys.json", {"FriendlyName": name}).status == 400
    assert len(ask.account.keys) == 0


def test_no_request_makes_a_main_key_or_chooses_a_secret(ask: Ask) -> None:
    made = ask("POST", "Keys.json", {"Main": "true", "Secret": "mine", "Sid": "SK" + "1" * 32})
    assert made.json["secret"] != "mine"
    assert ask.account.keys[made.json["sid"]].main is False
    assert {finding.parameter for finding in ask.findings} == {"Main", "Secret", "Sid"}


def test_a_seeded_key_must_differ_from_every_other_key_of_the_mock(ask: Ask) -> None:
    sid = ask.account.keys.create().sid
    other = ask.neighbour()
    with pytest.raises(ValueError, match=f"^twilio_mock: .*Key {sid} is there already"):
        other.account.keys.create(sid=sid)
    assert ask.state.opened_by[sid] == ask.account.sid
