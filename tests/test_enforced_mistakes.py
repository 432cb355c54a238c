"""Each mistake that Twilio lets pass, refused because the user wants it so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import Ask
from tests.conftest import AskWith
from twilio_mock import Settings, respond
from twilio_mock.rules import MISTAKES

LIST = "Applications.json"
MADE: dict[str, tuple[str, dict[str, Any]]] = {
    "unknown_parameter": (
        "POST",
        {"form": {"FriendlyName": "a", "VoiceURL": "https://x.example/"}},
    ),
    "repeated_parameter": ("POST", {"form": [("FriendlyName", "a"), ("FriendlyName", "b")]}),
    "deprecated_parameter": ("POST", {"form": {"SmsStatusCallback": "https://x.example/"}}),
    "body_is_no_form": ("POST", {"body": b"{}", "headers": {"Content-Type": "application/json"}}),
    "query_on_post": ("POST", {"query": "FriendlyName=a"}),
    "empty_filter": ("GET", {"query": "FriendlyName="}),
    "page_value": ("GET", {"query": "Page=x"}),
}


def make(ask: Ask, mistake: str) -> tuple[int, dict[str, Any]]:
    """Status and answer of a request with this mistake."""
    method, parts = MADE[mistake]
    answer = ask(method, LIST, **parts)
    return answer.status, answer.json


def test_every_mistake_is_made_here() -> None:
    assert MADE.keys() == MISTAKES.keys()


@pytest.mark.parametrize("mistake", MADE)
def test_it_is_refused_in_words_and_changes_nothing(ask_with: AskWith, mistake: str) -> None:
    ask = ask_with(Settings(enforce={mistake}))
    status, refused = make(ask, mistake)
    assert (status, refused["code"], refused["status"]) == (400, 400, 400)
    assert refused["message"].startswith("twilio_mock: ")
    assert refused["message"].endswith(f" ({mistake} is refused here; Twilio lets it pass)")
    assert len(ask.account.applications) == 0
    [exchange] = ask.account.requests
    sent = MADE[mistake][1].get("form")
    pairs = list(sent.items() if isinstance(sent, dict) else sent or [])
    if pairs:
        assert list(exchange.parameters) == pairs


@pytest.mark.parametrize("mistake", MADE)
def test_all_others_still_pass(ask_with: AskWith, mistake: str) -> None:
    ask = ask_with(Settings(enforce=MISTAKES.keys() - {mistake}))
    assert make(ask, mistake)[0] < 300
    assert [finding.rule for finding in ask.findings] == [mistake]


def test_a_fault_still_finds_the_request_that_would_be_refused(ask_with: AskWith) -> None:
    ask = ask_with(Settings(enforce=MISTAKES.keys()))
    with ask.account.fault("CreateApplication", respond(202, {}), times=1):
        assert make(ask, "query_on_post")[0] == 202
    assert make(ask, "query_on_post")[0] == 400


def test_a_name_that_is_neither_rule_nor_mistake_is_told_the_names() -> None:
    with pytest.raises(ValueError, match=r"'nonsense'; there are: api_version_value, body_is"):
        Settings(enforce={"nonsense"})


def test_an_empty_control_token_would_open_the_door_and_is_refused() -> None:
    with pytest.raises(ValueError, match="control_token must not be empty"):
        Settings(control_token="")
