"""The bounds of a journal hold, its counters add up, and no two accounts share a line."""

from __future__ import annotations

import sys
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.asking import Ask
from tests.conftest import AskWith, ask_in_process
from twilio_mock import Settings
from twilio_mock.state.exchanges import BYTES_OF_EXCHANGE
from twilio_mock.state.journal import Journal


class Step(NamedTuple):
    """One request: of which account, how it asks, and how long its text is."""

    account: int
    kind: str
    length: int


steps = st.builds(
    Step,
    st.integers(0, 2),
    st.sampled_from(["create", "list", "no such path", "wrong token", "two hundred parameters"]),
    st.sampled_from([0, 10, 3000, 20_000]),
)


def ask_for(ask: Ask, step: Step, serial: int) -> None:
    """Do one step; its number is in the request."""
    text = f"{serial} " + "x" * step.length
    match step.kind:
        case "create":
            ask("POST", "Applications.json", {"FriendlyName": str(serial), "Note": text})
        case "list":
            ask("GET", "Applications.json", query={"FriendlyName": text})
        case "no such path":
            ask("GET", f"Nonsense/{serial}.json", query={"FriendlyName": text})
        case "wrong token":
            ask("POST", "Applications.json", {"FriendlyName": text}, credentials=None)
        case _:
            pairs = [(f"P{n}", "é") for n in range(200)]
            ask("POST", "Applications.json", [("FriendlyName", str(serial)), *pairs])


def kept(journal: Journal) -> list[str]:
    """The numbers of the requests that a journal holds; each was sent in a parameter."""
    return [dict(each.parameters)["FriendlyName"].partition(" ")[0] for each in journal.entries]


@given(
    st.lists(steps, max_size=25),
    st.integers(1, 6),
    st.sampled_from([900, 1500, 6000, 50_000, 16 * 1024 * 1024]),
)
def test_bounds_hold_counters_add_up_and_journals_never_mix(
    plan: list[Step], limit: int, most_bytes: int
) -> None:
    first = ask_in_process(Settings(journal_limit=limit, journal_bytes=most_bytes))
    asks = [first, first.neighbour(), first.neighbour()]
    journals = [first.state.accounts[each.account.sid].journal for each in asks]
    journals.append(first.state.journal)
    expected: list[list[str]] = [[], [], [], []]
    for serial, step in enumerate(plan):
        ask_for(asks[step.account], step, serial)
        expected[3 if step.kind == "wrong token" else step.account].append(str(serial))
        for journal, sent in zip(journals, expected, strict=True):
            assert len(journal.lines) <= limit
            assert journal.bytes == sum(line[2] for line in journal.lines) <= most_bytes
            assert len(journal.lines) + journal.dropped == len(sent)
    for journal, sent in zip(journals, expected, strict=True):
        assert kept(journal) == sent[len(sent) - len(journal.lines) :]
    for each, journal in zip(asks, journals, strict=False):
        assert {exchange.account_sid for exchange in journal.entries} <= {each.account.sid}


def test_the_oldest_make_room_by_their_bytes_too(ask_with: AskWith) -> None:
    ask = ask_with(Settings(journal_bytes=10_000))
    for number in range(50):
        ask.create(FriendlyName=str(number))
    journal = ask.state.accounts[ask.account.sid].journal
    assert 2 <= len(ask.account.requests) <= 10
    assert ask.account.requests.dropped == 50 - len(ask.account.requests)
    assert ask.account.requests[-1].parameter("FriendlyName") == "49"
    assert 5000 < journal.bytes <= 10_000


def test_of_a_request_that_is_too_large_alone_all_but_the_body_is_kept() -> None:
    ask = ask_in_process(Settings(journal_bytes=2000))
    for _ in range(5):
        ask.account.applications.create(voice_url="https://me.example/" + "x" * 500)
    ask.page()
    [line] = ask.account.requests
    assert (line.operation, line.status, line.response_body) == ("ListApplication", 200, b"")


def test_what_a_line_counts_for_is_about_what_it_takes() -> None:
    ask = ask_in_process()
    name = "\U0001f600" + "x" * 1000  # four bytes for each character
    ask("POST", "Applications.json", [(f"P{n}", name) for n in range(100)])
    [(values, _, size)] = ask.state.accounts[ask.account.sid].journal.lines
    taken = sys.getsizeof(values[6])
    findings = sum(sys.getsizeof(finding.message) for finding in values[11])
    assert size >= taken + findings
    assert size < 3 * (taken + findings)
    assert size > BYTES_OF_EXCHANGE
