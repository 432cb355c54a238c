"""A resource that the mock does not have, declared here and passed in: all else follows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from tests import doc_tables
from tests.asking import Ask
from tests.conftest import AskWith
from twilio_mock import TwilioMock
from twilio_mock.control.collections import Collection, RecordHandle
from twilio_mock.resources import RESOURCES, Field, Kind, Resource, Verb

Queues = Collection[RecordHandle]
# https://www.twilio.com/docs/voice/api/queue-resource
QUEUE = Resource(
    name="Queue",
    plural="Queues",
    sid_prefix="QU",
    documentation="https://www.twilio.com/docs/voice/api/queue-resource",
    fields=(
        Field("date_updated", kind=Kind.DATE),
        Field("current_size", kind=Kind.CONSTANT, default=0),
        Field(
            "friendly_name",
            kind=Kind.TEXT,
            on_create=True,
            on_update=True,
            required=True,
            max_length=64,
        ),
        Field("uri", kind=Kind.URI),
        Field("account_sid", kind=Kind.ACCOUNT_SID),
        Field("average_wait_time", kind=Kind.CONSTANT, default=0),
        Field("sid", kind=Kind.SID),
        Field("date_created", kind=Kind.DATE),
        Field(
            "max_size",
            kind=Kind.WHOLE_NUMBER,
            default=1000,
            bounds=(1, 5000),
            on_create=True,
            on_update=True,
        ),
    ),
)


@pytest.fixture
def ask(ask_with: AskWith) -> Ask:
    """Ask a mock that has queues as well."""
    return ask_with(resources=[*RESOURCES, QUEUE])


@pytest.fixture
def queues(ask: Ask) -> Queues:
    """The queues of the account."""
    return ask.account.collection(QUEUE)


def test_a_declared_resource_has_its_five_operations(ask: Ask) -> None:
    made = ask("POST", "Queues.json", {"FriendlyName": "support", "MaxSize": "25"})
    assert made.status == 201
    queue = made.json
    assert list(queue) == [field.name for field in QUEUE.fields]
    assert (queue["friendly_name"], queue["max_size"], queue["current_size"]) == ("support", 25, 0)
    path = f"Queues/{queue['sid']}.json"
    assert queue["uri"] == f"{ask.root}/{path}"
    assert ask("GET", path).json == queue
    assert ask("POST", path, {"MaxSize": "26"}).json["max_size"] == 26
    assert [each["max_size"] for each in ask("GET", "Queues.json").json["queues"]] == [26]
    assert ask("DELETE", path).status == 204
    assert ask("GET", path).refusal[:2] == (404, 20404)
    assert [exchange.operation for exchange in ask.journal] == [
        "CreateQueue",
        "FetchQueue",
        "UpdateQueue",
        "ListQueue",
        "DeleteQueue",
        "FetchQueue",
    ]


@pytest.mark.parametrize("sent", ["0", "5001", "-1", "1.5", "many", "", "٢٥", "9" * 5000])
def test_its_values_are_checked_by_their_kinds(ask: Ask, queues: Queues, sent: str) -> None:
    form = {"FriendlyName": "support", "MaxSize": sent}
    message = f"MaxSize is not valid: {sent}"
    assert ask("POST", "Queues.json", form).refusal == (400, 20001, message)
    assert len(queues) == 0


def test_what_it_requires_is_required(ask: Ask, queues: Queues) -> None:
    answer = ask("POST", "Queues.json")
    assert answer.refusal == (400, 20001, "FriendlyName is required")
    assert len(queues) == 0


def test_it_comes_in_each_format(ask: Ask, queues: Queues) -> None:
    queue = queues.create(friendly_name="a & b")
    [[shown]] = ElementTree.fromstring(ask("GET", "Queues.xml").body)
    assert (shown.tag, shown.findtext("FriendlyName")) == ("Queue", "a & b")
    assert shown.findtext("Uri") == f"{ask.root}/Queues/{queue.sid}"
    head, row = csv.reader(ask("GET", "Queues.csv").text.splitlines())
    values = dict(zip(head, row, strict=True))
    assert (values["FriendlyName"], values["MaxSize"]) == ("a & b", "1000")
    assert ask("GET", f"Queues/{queue.sid}").body.startswith(b"<?xml ")


def test_it_is_walked_page_by_page(ask: Ask, queues: Queues) -> None:
    made = [queues.create(friendly_name=f"{number}").sid for number in range(5)]
    page = ask("GET", "Queues.json", query="PageSize=2").json
    found = [each["sid"] for each in page["queues"]]
    while page["next_page_uri"]:
        assert "PageToken=PAQU" in page["next_page_uri"]
        page = ask.follow(page["next_page_uri"])
        found += [each["sid"] for each in page["queues"]]
    assert found == made[::-1]
    assert ask("GET", "Queues.json", query="Page=1").refusal[:2] == (400, 20001)


def test_it_is_seeded_and_read_like_any_other(queues: Queues) -> None:
    queue = queues.create(friendly_name="support", max_size=25, date_created=0)
    assert (queue.max_size, queue.current_size, queue.date_created) == (25, 0, 0)
    assert queues.one(friendly_name="support", max_size=25) == queue
    assert queue in queues
    with pytest.raises(ValueError, match=r"^twilio_mock: max_size: MaxSize is not valid: 0"):
        queues.create(friendly_name="x", max_size=0)
    with pytest.raises(ValueError, match=r"^twilio_mock: max_size"):
        queues.create(friendly_name="x", max_size=1.5)
    assert len(queues) == 1


def test_it_is_rewound_and_exported_like_any_other(ask: Ask, queues: Queues) -> None:
    before = ask.account.snapshot()
    with ask.account.rollback():
        queues.create(friendly_name="support", max_size=25)
        [exported] = ask.account.export()["queues"]
        assert exported["max_size"] == 25
    assert len(queues) == 0
    ask.account.seed({"queues": [exported]})
    assert queues.one(max_size=25).sid == exported["sid"]
    assert len(ask.account.diff(before).created) == 1


def test_its_accounts_and_keys_keep_to_themselves(ask: Ask, queues: Queues) -> None:
    queue = queues.create(friendly_name="support")
    other = ask.neighbour()
    assert other("GET", f"Queues/{queue.sid}.json").status == 404
    assert other("GET", f"{ask.root}/Queues.json").refusal[:2] == (401, 20003)
    ask.account.update(test_credentials=True)
    assert ask("GET", "Queues.json").refusal[:2] == (403, 20008)


def test_the_sdk_drives_it(ask: Ask) -> None:
    client: Any = ask.account.client()
    made = client.queues.create("support", max_size=25)
    assert made.update(max_size=26).max_size == 26
    assert [each.sid for each in client.queues.stream()] == [made.sid]
    assert client.queues(made.sid).delete()


def test_records_without_a_name_are_told_apart_by_their_sids() -> None:
    nameless = Resource(
        name="Thing",
        plural="Things",
        sid_prefix="TH",
        documentation="https://a.example/",
        fields=(Field("sid", kind=Kind.SID), Field("date_created", kind=Kind.DATE)),
    )
    things = TwilioMock(resources=[*RESOURCES, nameless]).account.collection(nameless)
    made = [things.create().sid for _ in range(2)]
    with pytest.raises(LookupError) as raised:
        things.one()
    assert all(sid in str(raised.value) for sid in made)


def test_no_other_mock_has_heard_of_it(ask: Ask) -> None:
    assert ask("POST", "Queues.json", {"FriendlyName": "x"}).status == 201
    plain = TwilioMock()
    stranger = Ask(ask.door, plain, plain.account)
    assert QUEUE not in plain.state.resources
    assert QUEUE not in RESOURCES
    assert "Queue" not in plain.state.accounts[stranger.account.sid].tables


def test_without_it_the_mock_says_how_to_declare_it() -> None:
    mock = TwilioMock()
    with pytest.raises(Exception, match="declare it as a Resource") as raised:
        mock.account.client().queues.create("support")
    assert getattr(raised.value, "status", None) == 501


def rows(text: str) -> Iterator[str]:
    """The lines of a table."""
    return (line for line in text.splitlines() if line.startswith("| "))


def test_the_tables_of_the_documentation_have_a_row_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doc_tables, "RESOURCES", (*RESOURCES, QUEUE))
    operations = [*rows(doc_tables.operations(QUEUE))]
    assert len(operations) == len(Verb) + 2  # with the head and the line below it
    [row] = [row for row in rows(doc_tables.resource_summary()) if row.startswith("| [Queue](")]
    assert "`/2010-04-01/Accounts/{AccountSid}/Queues`" in row
    assert "| `max_size` | `MaxSize` | whole number | `1000` | from 1 to 5000 |" in [
        *rows(doc_tables.properties(QUEUE))
    ]
    assert "`Queues`" not in doc_tables.not_modelled()
