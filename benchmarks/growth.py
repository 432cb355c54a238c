"""Growth: what a request costs in process, as Applications, accounts or the journal grow.

In process and not over the socket, whose cost would hide the difference. CPU time, the best of
several windows, the sizes by turns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count, cycle
from time import process_time

from multidict import CIMultiDict

from benchmarks.figures import Figures
from benchmarks.requests_asked import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    LIST,
    TWO_PARAMETERS,
    Asked,
    application_requests,
    of_twilio,
)
from twilio_mock import Settings, TwilioMock
from twilio_mock.dispatch import finish, handle
from twilio_mock.wire import Request, Response

SIZES = (10, 1_000, 100_000)
ACCOUNTS = (1, 1_000, 100_000)
# Requests of one window, and how many Applications have the name that is filtered by.
ASKED, NAMESAKES = 200, 10
RARE = "rare"

Run = Callable[[], object]


def to_request(asked: Asked) -> Request:
    """As the rules see it."""
    path, _, query = asked.path.partition("?")
    return Request(asked.method, path, query, CIMultiDict(asked.headers), asked.body.encode())


def answer(mock: TwilioMock, request: Request) -> Response:
    """Have a request answered."""
    response = handle(mock.state, request)
    finish(mock.state, response)
    if not isinstance(response, Response) or response.status >= 300:
        raise RuntimeError(f"{request}: {response}")
    return response


def filled(applications: int, accounts: int = 1) -> TwilioMock:
    """A mock whose account has so many Applications, and beside which there are other accounts."""
    settings = Settings(application_limit=10_000_000, account_limit=10_000_000, journal_limit=1_000)
    mock = TwilioMock(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, settings=settings)
    rare = {number * (applications // NAMESAKES) for number in range(NAMESAKES)}
    for number in range(applications):
        name = RARE if number in rare else f"n{number}"
        mock.applications.create(friendly_name=name, voice_url=f"https://me.example/{number}")
    for _ in range(accounts - 1):
        mock.accounts.create()
    return mock


def operations(mock: TwilioMock) -> Mapping[str, Run]:
    """What is measured; the Applications take turns, and in the end there are as many as before."""
    every = [record.sid for record in mock.applications]
    some = cycle([application_requests(sid) for sid in every[:: max(1, len(every) // 50)]])
    names = count()
    filtered = to_request(of_twilio("GET", f"{LIST}?PageSize=5&FriendlyName={RARE}"))
    page = to_request(of_twilio("GET", f"{LIST}?PageSize=10"))

    def fetch() -> None:
        answer(mock, to_request(next(some)["fetch"]))

    def update() -> None:
        changes = {**TWO_PARAMETERS, "FriendlyName": f"u{next(names)}"}
        path = next(some)["fetch"].path
        answer(mock, to_request(of_twilio("POST", path, changes)))

    def create_and_delete() -> None:
        body = answer(mock, to_request(next(some)["create"])).body.decode()
        path = LIST.replace(".json", f"/{body[9:43]}.json")
        answer(mock, to_request(of_twilio("DELETE", path)))

    return {
        "fetch": fetch,
        "page": lambda: answer(mock, page),
        # Before the updates, which give those that are looked for other names.
        "filtered list": lambda: answer(mock, filtered),
        "update": update,
        "create and delete": create_and_delete,
    }


def microseconds(run: Run) -> float:
    """CPU of one of many runs."""
    started = process_time()
    for _ in range(ASKED):
        run()
    return (process_time() - started) / ASKED * 1e6


def grown(mocks: Mapping[int, TwilioMock], rounds: int) -> Iterator[tuple[str, dict[int, float]]]:
    """Each operation with what it costs at each size."""
    runs = {size: operations(mock) for size, mock in mocks.items()}
    for name in runs[min(runs)]:
        seen: dict[int, list[float]] = {size: [] for size in runs}
        for number in range(rounds + 1):
            for size, able in runs.items():
                taken = microseconds(able[name])
                if number:  # the first shows each record for the first time
                    seen[size].append(taken)
        yield name, {size: min(times) for size, times in seen.items()}


def measure(rounds: int, of: str, sizes: tuple[int, ...]) -> Figures:
    """The worst ratio to the smallest size, and what each costs at each size."""
    mocks = {size: filled(size) if of == "applications" else filled(10, size) for size in sizes}
    figures: Figures = {}
    ratios = []
    for name, costs in grown(mocks, rounds):
        smallest = costs[sizes[0]]
        for size, cost in costs.items():
            figures[f"growth.us.{of}.{name}.{size}"] = cost
        ratio = max(cost / smallest for cost in costs.values())
        figures[f"growth.{of}.{name}"] = ratio
        ratios.append(ratio)
    figures[f"growth.{of}"] = max(ratios)
    return figures


def measure_journal(rounds: int) -> Figures:
    """A fetch with a full journal against one with an empty journal."""
    mock = filled(10)
    fetch = operations(mock)["fetch"]
    full, empty = [], []
    for _ in range(rounds * 3):
        for _ in range(5):
            microseconds(fetch)
        full.append(microseconds(fetch))
        with mock.state.lock:
            mock.state.accounts[ACCOUNT_SID].journal.clear()
        empty.append(microseconds(fetch))
    return {
        "growth.journal": min(full) / min(empty),
        "growth.us.journal.full": min(full),
        "growth.us.journal.empty": min(empty),
    }
