"""A million requests, with a journal that is full and faults that are set: does memory grow?

`python benchmarks/memory_flat.py [REQUESTS]` prints the resident memory after each tenth.
"""

from __future__ import annotations

import sys
import time

from multidict import CIMultiDict

from twilio_mock import TwilioMock, delay, error
from twilio_mock.dispatch import finish, handle, resume
from twilio_mock.wire import Request, Response, Wait

# The first tenth fills the journal, and the places of 10,000 deleted records that are remembered.
TENTHS = 10


def resident() -> float:
    """The resident memory of this process, in MiB (Linux)."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 2**20


def ask(mock: TwilioMock, method: str, path: str, body: bytes = b"") -> Response:
    """One request and the end of its answer; what it would wait for is not waited for."""
    headers = CIMultiDict({"Authorization": mock.authorization})
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    root = f"/2010-04-01/Accounts/{mock.sid}/Applications"
    outcome = handle(mock.state, Request(method, root + path, headers=headers, body=body))
    while isinstance(outcome, Wait):
        outcome = resume(mock.state, outcome)
    finish(mock.state, outcome)
    return outcome


def walk(mock: TwilioMock) -> None:
    """Ten requests: create, read, change, list, refuse, delete."""
    sid = ask(mock, "POST", ".json", b"FriendlyName=Phone+Me").body[9:43].decode()
    for _ in range(4):
        ask(mock, "GET", f"/{sid}.json")
    ask(mock, "POST", f"/{sid}.json", b"VoiceUrl=https%3A%2F%2Fme.example%2Fvoice")
    ask(mock, "GET", ".json")
    ask(mock, "POST", ".json", b"VoiceMethod=PUT")
    ask(mock, "DELETE", f"/{sid}.json")
    ask(mock, "GET", f"/{sid}.json")


def main(requests: int) -> None:
    """Ask, and print."""
    mock = TwilioMock(seed="memory")
    mock.fault("FetchApplication", error(20503), probability=0.01)
    mock.fault("ListApplication", delay(0), nth=[3])
    for _ in range(50):
        mock.applications.create(friendly_name="stays")
    began, warm = time.perf_counter(), 0.0
    for tenth in range(1, TENTHS + 1):
        for _ in range(requests // TENTHS // 10):
            walk(mock)
        now = resident()
        warm = warm or now
        print(f"{tenth * requests // TENTHS:>9,} requests: {now:6.1f} MiB ({now / warm:.3f})")
    print(f"{time.perf_counter() - began:.0f} s; the journal holds {len(mock.requests):,} of them")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
