"""How much a hundred thousand accounts cost: memory, and the time of a request beside one account.

    python benchmarks/accounts_scale.py [--accounts 100000] [--applications 10]

Prints one figure a line. Requests are made in process, so that no socket hides the difference.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import sys
from base64 import b64encode
from collections.abc import Callable
from statistics import median
from time import perf_counter

from twilio_mock import AccountHandle, Settings, TwilioMock
from twilio_mock.dispatch import finish, handle
from twilio_mock.wire import Request

FORM = "application/x-www-form-urlencoded"
ROUNDS = 2_000
SAMPLE = 100


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def asked(mock: TwilioMock, account: AccountHandle, method: str, path: str) -> int:
    """The status of the answer to one request, made in process."""
    sid = account.sid
    sent = b64encode(f"{sid}:{account.auth_token}".encode()).decode()
    headers = {"Authorization": f"Basic {sent}", "Content-Type": FORM}
    body = b"FriendlyName=x&VoiceUrl=https%3A%2F%2Fa.example%2F" if method == "POST" else b""
    root = f"/2010-04-01/Accounts/{sid}/"
    answer = handle(mock.state, Request(method, root + path, "", headers, body))
    finish(mock.state, answer)
    return answer.status


def microseconds(run: Callable[[], object]) -> float:
    """What one of many runs takes, as a median."""
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        run()
        times.append(perf_counter() - started)
    return median(times) * 1e6


def requests(mock: TwilioMock, accounts: list[AccountHandle]) -> dict[str, float]:
    """The time of each kind of request, each time to some account of a sample.

    Each was asked once before: the first time that a record is shown, its JSON has to be written.
    """
    chance = random.Random(0)  # noqa: S311  # no secret
    accounts = chance.sample(accounts, min(len(accounts), SAMPLE))
    known = {account.sid: next(iter(account.applications)).sid for account in accounts}

    def ask(method: str, path: str) -> Callable[[], object]:
        def run() -> None:
            account = chance.choice(accounts)
            status = asked(mock, account, method, path.format(known[account.sid]))
            if status not in (200, 201):
                raise RuntimeError(f"{method} {path} was answered with {status}")

        return run

    for account in accounts:
        asked(mock, account, "GET", "Applications.json")
    return {
        "fetch": microseconds(ask("GET", "Applications/{}.json")),
        "list": microseconds(ask("GET", "Applications.json")),
        "create": microseconds(ask("POST", "Applications.json")),
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
    alone = requests(*filled(1, options.applications))
    gc.collect()
    before, started = resident(), perf_counter()
    many = filled(options.accounts, options.applications)
    taken = perf_counter() - started
    gc.collect()
    print(f"{options.accounts:,} accounts: made in {taken:.0f} s")
    each = (resident() - before) * 1e3 / options.accounts
    print(f"resident: {resident():.0f} MB, {each:.1f} kB for each account")
    among = requests(*many)
    for kind, time in alone.items():
        ratio = among[kind] / time
        print(f"{kind}: {time:.0f} us alone, {among[kind]:.0f} us among many, ratio {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
