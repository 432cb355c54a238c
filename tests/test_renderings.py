"""What is remembered of renderings is bounded, and makes no difference to what is shown."""

from __future__ import annotations

import pytest

from tests.conftest import ask_in_process
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.fields import Value
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.representations import fields_json, record_json
from twilio_mock.state import renderings
from twilio_mock.state.records import Position, Record


def test_only_the_records_shown_last_keep_their_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderings, "MOST", 3000)
    ask = ask_in_process()
    bodies = {each["sid"]: each for each in [ask.create(FriendlyName=str(n)) for n in range(10)]}

    [table] = [t for name, t in ask.account._account.tables.items() if name == "Application"]
    kept = [record.sid for record in table.records.values() if record.rendered is not None]
    assert kept == list(bodies)[-len(kept) :]
    assert 0 < len(kept) < 5
    assert sum(len(table.records[sid].rendered or b"") for sid in kept) <= 3000
    assert {sid: ask.fetch(sid) for sid in bodies} == bodies
    assert [each["sid"] for each in ask.page()["applications"]] == list(bodies)[::-1]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.name)
def test_a_record_is_written_as_the_standard_library_writes_a_dict(resource: Resource) -> None:
    odd: list[Value] = ['é "\\ \u2028%s', "", None, True, False, 0, -1, 2**40]
    values = tuple(odd[number % len(odd)] for number in range(len(resource.stored_fields)))
    sids = [resource.position[name] for name in ("date_created", "date_updated")]
    values = tuple(0 if place in sids else value for place, value in enumerate(values))
    record = Record(resource, Position(0, 1, "XX%s"), values)
    expected = fields_json(record, resource.shown_fields, "/root")
    assert record_json(record, "/root", renderings.Renderings()) == expected
    assert record.rendered == expected
