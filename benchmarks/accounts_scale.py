"""How much a hundred thousand accounts cost: memory, and the time of a request beside one account.

    python benchmarks/accounts_scale.py [--accounts 100000] [--applications 10]

Requests are made in process, so that no socket hides the difference. The last lines ask one of
the accounts, as the single account was asked, and then a hundred of them in turn, whose data no
longer fit into the caches of the processor.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import sys
from base64 import b64encode
from collections.abc import Callable
from itertools import cycle
from statistics import median
from time import perf_counter

from twilio_mock import AccountHandle, Settings, TwilioMock
from twilio_mock.dispatch import finish, handle
from twilio_mock.wire import Request

FORM = "application/x-www-form-urlencoded"
ROUNDS = 2_000


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def request(account: AccountHandle, method: str, path: str) -> Request:
    """A request with the account's own credentials."""
    sent = b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
    headers = {"Authorization": f"Basic {sent}", "Content-Type": FORM}
    body = b"FriendlyName=x&VoiceUrl=https%3A%2F%2Fa.example%2F" if method == "POST" else b""
    return Request(method, f"/2010-04-01/Accounts/{account.sid}/{path}", "", headers, body)


def answering(mock: TwilioMock, requests: list[Request]) -> Callable[[], None]:
    """A function that has one of the requests answered, in process, the next one at each call."""
    turns = cycle(requests)

    def run() -> None:
        finish(mock.state, handle(mock.state, next(turns)))

    for _ in requests:
        run()  # the first time that a record is shown, its JSON has to be written
    return run


def microseconds(run: Callable[[], object]) -> float:
    """What one of many runs takes, as a median."""
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        run()
        times.append(perf_counter() - started)
    return median(times) * 1e6


def measured(mock: TwilioMock, accounts: list[AccountHandle], asked: int) -> dict[str, float]:
    """The time of each kind of request, in turn to so many of the accounts."""
    sample = random.Random(0).sample(accounts, asked)  # noqa: S311
    fetches = [
        request(account, "GET", f"Applications/{application.sid}.json")
        for account in sample
        for application in list(account.applications)[:1]
    ]
    return {
        "fetch": microseconds(answering(mock, fetches)),
        "list": microseconds(
            answering(mock, [request(each, "GET", "Applications.json") for each in sample])
        ),
        "create": microseconds(
            answering(mock, [request(each, "POST", "Applications.json") for each in sample])
        ),
    }


def filled(accounts: int, applications: int) -> tuple[TwilioMock, list[AccountHandle]]:
    """A mock with so many accounts, each with so many applications."""
    mock = TwilioMock(settings=Settings(application_limit=1_000_000))
    made = [mock.account, *(mock.accounts.create() for _ in range(accounts - 1))]
    for account in made:
        for number in range(applications):
            account.applications.create(
                friendly_name=f"n{number}", voice_url="https://a.example/voice"
            )
    return mock, made


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--applications", type=int, default=10)
    options = parser.parse_args()
    with TwilioMock() as running:
        print(f"create an account: {microseconds(running.accounts.create):.0f} us")
    alone = measured(*filled(1, options.applications), 1)
    gc.collect()
    before, started = resident(), perf_counter()
    gc.disable()  # it would look through millions of objects that all stay
    many = filled(options.accounts, options.applications)
    taken = perf_counter() - started
    gc.enable()
    gc.collect()
    print(f"{options.accounts:,} accounts: made in {taken:.0f} s")
    each = (resident() - before) * 1e3 / options.accounts
    print(f"resident: {resident():.0f} MB, {each:.1f} kB for each account")
    for asked in (1, 100):
        print(f"asked in turn: {asked}")
        for kind, time in measured(*many, asked).items():
            ratio = time / alone[kind]
            print(f"  {kind}: {alone[kind]:.0f} us alone, {time:.0f} us here, ratio {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
