"""What has happened, as JSON says it: requests in a few words, and how deliveries go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

from twilio_mock.state import State
from twilio_mock.state.exchanges import Exchange, Line, read_line
from twilio_mock.state.feed import Happening
from twilio_mock.state.journal import Journal

STARTED = Exchange._fields.index("started")
# Characters of the parameters, to be searched and to be recognised by; the rest is read elsewhere.
LONGEST_TEXT = 500

Numbered = tuple[int, Line]
Event = dict[str, Any]


def newest(state: State, most: int) -> list[Numbered]:
    """The newest exchanges of all accounts, oldest first. Needs the state's lock."""
    journals = (state.journal, *(account.journal for account in state.accounts.values()))
    streams = [backwards(journal) for journal in journals if journal.lines]
    latest = merge(*streams, key=lambda each: -each[1][0][STARTED])
    return list(islice(latest, most))[::-1]


def backwards(journal: Journal) -> Iterator[Numbered]:
    """The exchanges of a journal with their numbers, newest first."""
    count = journal.last
    for back, line in enumerate(reversed(journal.lines)):
        yield count - back, line


def looked_up(state: State, happenings: Iterable[Happening]) -> Iterator[tuple[Happening, Any]]:
    """Each with the line of the journal that it is about: `None` if it has made room.

    Needs the state's lock.
    """
    for each in happenings:
        line = None
        if each.kind == "request":
            account = state.accounts.get(each.account_sid or "")
            journal = state.journal if each.account_sid is None else account and account.journal
            line = journal.find(each.place, each.sid) if journal else None
        yield each, line


def event_of(happening: Happening, line: Line | None, epoch: str) -> Event | None:
    """One event as the API gives it; `None` if nothing is left to tell of it."""
    identifier = f"{epoch}-{happening.number}"
    if happening.kind == "delivery":
        delivery = {
            "account_sid": happening.account_sid,
            "sid": happening.sid,
            "text": happening.text,
        }
        return {"id": identifier, "event": "delivery", "data": delivery}
    if line is None:
        return None
    brief = in_brief(happening.place, read_line(line))
    return {"id": identifier, "event": "request", "data": brief}


def in_brief(number: int, exchange: Exchange) -> dict[str, Any]:
    """What a list shows of an exchange; its parameters are cut where they are long."""
    return {
        "number": number,
        "account_sid": exchange.account_sid,
        "caller": exchange.caller,
        "operation": exchange.operation,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query[:LONGEST_TEXT],
        "parameters": spelt(exchange),
        "status": exchange.status,
        "error_code": exchange.error_code,
        "faults": exchange.faults,
        "findings": [finding.rule for finding in exchange.findings],
        "request_id": exchange.request_id,
        "started": exchange.started,
        "duration": exchange.duration,
    }


def spelt(exchange: Exchange) -> str:
    """The parameters in one line: `FriendlyName=Phone Me, VoiceMethod=GET`."""
    pieces: list[str] = []
    length = 0
    for name, value in exchange.parameters:
        pieces.append(f"{name}={value}"[: LONGEST_TEXT - length])
        length += len(pieces[-1]) + 2
        if length >= LONGEST_TEXT:
            break
    return ", ".join(pieces)
