"""What a test pays: for the fixture, for calls of twilio-python, for snapshots and accounts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import responses
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from benchmarks.bare import BareThread
from benchmarks.figures import Figures
from benchmarks.processes import ROOT
from benchmarks.requests_asked import ACCOUNT_SID, AUTH_TOKEN, LIST
from twilio_mock import TwilioMock
from twilio_mock.account_handles import AccountHandle

# Three kinds of test by turns, and what pytest takes for each, its fixtures included.
TESTS = """
import pytest, responses

@pytest.mark.parametrize("number", range(300))
class TestByTurns:
    def test_empty(self, number): ...
    def test_ours(self, twilio_mock, number): ...
    @responses.activate
    def test_responses(self, number): ...
"""
MEASURES = """
import collections, json, time, pytest
spent = collections.defaultdict(list)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    started = time.process_time()
    try:
        return (yield)
    finally:
        spent[item.originalname].append(time.process_time() - started)

def pytest_sessionfinish():
    middle = {name: sorted(times)[len(times) // 2] for name, times in spent.items()}
    print("\\nSPENT", json.dumps(middle))
"""
STORED = 1_000


def measure_fixture(rounds: int) -> Figures:
    """The fixture's cost over an empty test in ms: the least of several runs of pytest."""
    seen: list[Mapping[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_by_turns.py").write_text(TESTS)
        Path(folder, "conftest.py").write_text(MEASURES)
        command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", folder]
        command += ["-p", "twilio_mock.pytest_plugin", "-c", "/dev/null", "--rootdir", folder]
        # No other plugin that happens to be installed.
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        for _ in range(max(2, rounds // 3)):
            said = subprocess.check_output(  # noqa: S603 (our own command)
                command, cwd=ROOT, env=environment, text=True
            )
            [line] = [line for line in said.splitlines() if line.startswith("SPENT")]
            seen.append(json.loads(line.partition(" ")[2]))
    cost = {
        name: min(each[f"test_{name}"] - each["test_empty"] for each in seen) * 1e3
        for name in ("ours", "responses")
    }
    return {"fixture.ms": cost["ours"], "fixture.ms.responses": cost["responses"]}


def ten_calls(client: Client) -> None:
    """What a test might do: twice, an Application is made and asked for in several ways."""
    for _ in range(2):
        made = client.applications.create(
            friendly_name="Phone Me", voice_url="https://me.example/voice"
        )
        client.applications(str(made.sid)).fetch()
        client.applications(str(made.sid)).update(friendly_name="Phone You")
        client.applications.list(limit=20)
        client.applications.create(friendly_name="Phone Us")


def seconds(run: Callable[[], object]) -> float:
    """What it takes."""
    started = perf_counter()
    run()
    return perf_counter() - started


def constant(mock: TwilioMock) -> Iterable[Mapping[str, Any]]:
    """The answers of the mock to the requests that differ, each under all its headers."""
    client = mock.client(in_process=True)
    # The lists of the ten calls show one Application and three.
    client.applications.create(friendly_name="Phone Us")
    transport: Any = client.http_client

    def answer(method: str, path: str, data: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        url, auth = f"https://api.twilio.com{path}", (ACCOUNT_SID, AUTH_TOKEN)
        got = transport.request(method, url, data=data, auth=auth)
        about = {"method": method, "path": path, "status": got.status_code, "body": got.text}
        return {**about, "headers": dict(got.headers)}

    created = answer("POST", LIST, {"FriendlyName": "Phone Me"})
    record = LIST.replace(".json", f"/{json.loads(created['body'])['sid']}.json")
    return [created, answer("GET", record), answer("POST", record), answer("GET", LIST)]


def measure_calls(rounds: int) -> Figures:
    """Ten calls: in process against `responses`, over the socket against bare aiohttp."""
    maker = TwilioMock(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN)
    answers = constant(maker)
    inside = TwilioMock(transport="in_process")
    mine, theirs = by_turns(
        lambda: in_process(inside), lambda: with_responses(answers), rounds * 30
    )
    with BareThread(answers) as bare, TwilioMock(redirect=False) as outside:
        socket, same_bytes = by_turns(
            lambda: with_account(outside, AccountHandle.client),
            lambda: ten_calls(client_at(bare.url)),
            rounds * 30,
        )
    taken = {"in process": mine, "responses": theirs, "socket": socket, "bare": same_bytes}
    return {
        "calls.responses": mine / theirs,
        "calls.bare": socket / same_bytes,
        **{f"calls.ms.{name}": each * 1e3 for name, each in taken.items()},
    }


def by_turns(
    first: Callable[[], object], second: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """The best of several times of each, after one of each that imports what it needs."""
    seen = [(seconds(first), seconds(second)) for _ in range(rounds + 1)][1:]
    return min(each for each, _ in seen), min(each for _, each in seen)


def with_account(mock: TwilioMock, client: Callable[[AccountHandle], Client]) -> None:
    """A test's ten calls with an account of its own, as the fixture makes one for each test."""
    account = mock.accounts.create()
    ten_calls(client(account))
    mock.accounts.free(account)


def client_at(url: str) -> Client:
    """The SDK with the address of a server, as the mock wires it: no proxy is looked for."""
    transport = TwilioHttpClient()
    if transport.session is not None:
        transport.session.trust_env = False
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=transport)
    client.api.base_url = url
    return client


def in_process(mock: TwilioMock) -> None:
    """The same with the SDK led to the mock, without a socket."""
    with mock:
        with_account(mock, lambda account: Client(account.sid, account.auth_token))


def with_responses(answers: Iterable[Mapping[str, Any]]) -> None:
    """The same with `responses`, and of each answer what somebody would write by hand."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as stub:
        for each in answers:
            url = f"https://api.twilio.com{each['path']}"
            stub.add(each["method"], url, body=each["body"], status=each["status"])
        ten_calls(Client(ACCOUNT_SID, AUTH_TOKEN))


def measure_state(rounds: int) -> Figures:
    """Snapshot and restore of 1,000 Applications, and an account created and freed, in ms."""
    mock = TwilioMock()
    for number in range(STORED):
        mock.applications.create(friendly_name=f"n{number}", voice_url="https://me.example/voice")
    there_and_back, accounts = [], []
    for _ in range(rounds * 10):
        there_and_back.append(seconds(lambda: mock.restore(mock.snapshot())))
        started = process_time()
        for _ in range(10):
            mock.accounts.free(mock.accounts.create())
        accounts.append((process_time() - started) / 10)
    return {"state.snapshot_ms": min(there_and_back) * 1e3, "state.account_ms": min(accounts) * 1e3}
