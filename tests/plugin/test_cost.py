"""What the plugin costs those who use it, and those who do not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.plugin.conftest import Run
from tests.real_parts import clean_environment

IMPORTS = """
import sys, time
import pytest

def seconds_for(name):
    started = time.process_time()
    __import__(name)
    return time.process_time() - started

plugin = seconds_for("twilio_mock.pytest_plugin")
heavy = {"aiohttp", "asyncio", "twilio", "requests", "twilio_mock.mock"} & sys.modules.keys()
print(f"{plugin / seconds_for('aiohttp'):.6f}", f"{1000 * plugin:.3f}", *sorted(heavy))
"""

# Both kinds of test by turns, so that what else the machine does hits both.
BY_TURNS = """
import pytest

@pytest.fixture
def nothing():
    yield

@pytest.mark.parametrize("number", range(300))
class TestByTurns:
    def test_with(self, twilio_mock, number): ...
    def test_without(self, nothing, number): ...
"""
MEASURES = """
import time, collections, pytest
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
    fixture = middle["test_with"] - middle["test_without"]
    print("\\nCOST", fixture / middle["test_without"], f"{1000 * fixture:.3f} ms")
"""


CALLS = """
import time
from twilio_mock import TwilioMock

def seconds_for_a_call(client):
    spent = []
    for number in range(300):
        started = time.perf_counter()
        client.applications(sid).fetch()
        spent.append(time.perf_counter() - started)
    return sorted(spent)[len(spent) // 2]

with TwilioMock() as mock:
    sid = mock.applications.create().sid
    here, there = (seconds_for_a_call(mock.client(in_process=where)) for where in (True, False))
print(here / there, f"{1e6 * here:.0f} us")
"""


def measured(program: str) -> list[str]:
    """What a program of its own prints."""
    ended = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_importing_the_plugin_imports_nothing_heavy_and_is_quick() -> None:
    share, _, *heavy = measured(IMPORTS)
    assert heavy == []
    # Of what aiohttp takes, some 200 ms; below 0.02 where this was written, below 10 ms promised.
    assert float(share) < 0.2


@pytest.mark.parametrize("transport", ["socket", "in_process"])
def test_setting_the_fixture_up_and_tearing_it_down_is_quick(run: Run, transport: str) -> None:
    ini = f"twilio_mock_transport = {transport}"
    result = run(BY_TURNS, "-s", "-q", ini=ini, conftest=MEASURES)
    [cost] = [line.split()[1:] for line in result.outlines if line.startswith("COST")]
    # Of what pytest takes for a test that does nothing, 0.6 ms where this was written and this 0.3.
    assert float(cost[0]) < 2


def test_a_call_in_process_costs_a_fraction_of_one_over_the_socket() -> None:
    share, *_ = measured(CALLS)
    # 0.06 where this was written: 60 microseconds, most of them the SDK's own.
    assert float(share) < 0.5
