"""How much the journal adds to the time of a request that is answered in process.

    python benchmarks/journal_cost.py [--rounds 200]

Fetches one Application with the journal and without it, in turns, so that what else the machine
does hits both alike. Prints the medians in microseconds, and their ratio.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import process_time
from unittest.mock import patch

from multidict import CIMultiDict

from twilio_mock import TwilioMock
from twilio_mock.dispatch import finish, handle
from twilio_mock.wire import Request

FETCHES = 200


def time_of(ask: Callable[[], object]) -> float:
    """Microseconds of this process for one request."""
    started = process_time()
    for _ in range(FETCHES):
        ask()
    return (process_time() - started) / FETCHES * 1e6


def measure(name: str, ask: Callable[[], object], rounds: int) -> None:
    """Print one figure a line."""
    for _ in range(10):  # fills the journal
        time_of(ask)
    with_journal, without = [], []
    for _ in range(rounds):
        with_journal.append(time_of(ask))
        with patch("twilio_mock.dispatch.write_down", lambda *_: None):
            without.append(time_of(ask))
    print(f"{name} with journal: {median(with_journal):.1f} us")
    print(f"{name} without: {median(without):.1f} us")
    print(f"{name} ratio: {median(with_journal) / median(without):.3f}")


def main() -> None:
    """Run it."""
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--rounds", type=int, default=200)
    rounds = flags.parse_args().rounds
    mock = TwilioMock()
    application = mock.applications.create(friendly_name="Phone Me", voice_url="https://a.example/")
    client = mock.client(in_process=True)
    path = f"/2010-04-01/Accounts/{mock.sid}/Applications/{application.sid}.json"
    request = Request("GET", path, "", CIMultiDict(Authorization=mock.authorization))
    measure("handle", lambda: finish(mock.state, handle(mock.state, request)), rounds)
    measure("SDK", lambda: client.applications(application.sid).fetch(), rounds)


if __name__ == "__main__":
    main()
