"""What is remembered of renderings is bounded, and makes no difference to what is shown."""

from __future__ import annotations

import pytest

from tests.conftest import ask_in_process
from twilio_mock.state import renderings


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
