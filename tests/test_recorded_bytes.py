"""Real responses of Twilio, replayed: ours are the same bytes but for what is listed here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.asking import FORM, Answer, Ask, basic
from tests.conftest import AskWith

RECORDED: dict[str, dict[str, Any]] = {
    each["name"]: each
    for each in json.loads((Path(__file__).parent / "recorded" / "applications.json").read_text())
}
ACCOUNT_SID = "AC" + "a" * 32  # the recordings have it masked

DATE = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"
# What our body has and the recorded one has not: removed from ours.
NEWER = {
    "the 21st key, of January 2023": r', "public_application_connect_enabled": false',
}
# What only the recorded body has: removed from it.
OLDER = {
    "the detail of a 401, gone by 2023": r'"detail": "[^"]*", ',
    "the same in XML": "<Detail>[^<]*</Detail>",
}
# What two calls never share: put into our body as it was recorded.
ACCIDENTAL = {
    "the SID of the application": r"AP[0-9a-f]{32}",
    "its dates": DATE,
}
# The recorded body is of another resource, which is named in its message.
OTHER_RESOURCES = {
    "Transcriptions/TR4c7f9a71f19b7509cb1e8344af78fc82": (
        "Applications/APe39e67b56459410e9d2f6426125cb160"
    ),
}
# Headers whose values have changed since: recorded then, sent today.
NEWER_HEADERS = {
    ("Content-Type", "application/json; charset=utf-8"): "application/json;charset=utf-8",
    ("Strict-Transport-Security", "max-age=15768000"): "max-age=31536000",
}


@pytest.fixture
def ask(ask_with: AskWith) -> Ask:
    """Ask a mock whose account has the SID of the recordings."""
    return ask_with(account_sid=ACCOUNT_SID)


def replayed(ask: Ask, recording: dict[str, Any]) -> Answer:
    """Our answer to a recorded request."""
    request = recording["request"]
    user = request.get("user", ACCOUNT_SID)
    credentials = basic(user, "wrong") if user else None
    return ask(
        request["method"],
        request["path"],
        query=request.get("query", ""),
        body=request.get("form", "").encode(),
        headers={"Content-Type": FORM},
        credentials=credentials if "user" in request else "own",
    )


def as_recorded(body: str, recorded: str) -> str:
    """Our body with the listed differences undone."""
    for pattern in NEWER.values():
        body = re.sub(pattern, "", body)
    for pattern in ACCIDENTAL.values():
        originals = iter(re.findall(pattern, recorded))
        body = re.sub(pattern, lambda found: next(originals, found[0]), body)  # noqa: B023
    return body


def of_today(recorded: str) -> str:
    """A recorded body without what is gone by now."""
    for pattern in OLDER.values():
        recorded = re.sub(pattern, "", recorded)
    for theirs, ours in OTHER_RESOURCES.items():
        recorded = recorded.replace(theirs, ours)
    return recorded


@pytest.mark.parametrize("name", RECORDED)
def test_the_answer_is_the_recorded_one_byte_for_byte(ask: Ask, name: str) -> None:
    recording = RECORDED[name]
    if name == "list of one":
        ask.create(FriendlyName="Call tracking app")
    answer = replayed(ask, recording)
    assert answer.status == recording["status"]
    expected = of_today(recording["body"])
    if name == "wrong token, 2018":
        # In 2018 with blanks, since 2023 without.
        expected = json.dumps(json.loads(expected), separators=(",", ":"))
    assert as_recorded(answer.text, expected) == expected


@pytest.mark.parametrize("name", [name for name in RECORDED if "headers" in RECORDED[name]])
def test_the_recorded_headers_are_ours_too(ask: Ask, name: str) -> None:
    recording = RECORDED[name]
    if name == "list of one":
        ask.create(FriendlyName="Call tracking app")
    answer = replayed(ask, recording)
    expected = dict(recording["headers"])
    assert expected.pop("Content-Length") == str(len(recording["body"]))
    for header, value in expected.items():
        assert answer.headers[header] == NEWER_HEADERS.get((header, value), value), header


def test_the_key_that_was_added_is_the_last_one_and_the_only_one(ask: Ask) -> None:
    recorded = json.loads(RECORDED["create"]["body"])
    ours = replayed(ask, RECORDED["create"]).json
    assert list(ours) == [*recorded, "public_application_connect_enabled"]
