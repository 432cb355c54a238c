"""The fixtures under every runner: plain, unittest, asyncio, aiohttp, anyio with trio, xdist."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Run

ASYNC = """
import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

async def check(account):
    client = Client(http_client=AsyncTwilioHttpClient(pool_connections=False))
    application = await client.applications.create_async(voice_url="http://127.0.0.1:9/")
    assert application.sid in account.applications
    assert Client().applications(application.sid).fetch().sid == application.sid
    delivery = await account.outgoing_call(application.sid, to="+14155550100")
    assert delivery.error_code == 11202
    assert (await account.requests.wait_for("FetchApplication")).status == 200
    account.requests.assert_one("CreateApplication")

"""
# twilio-python 9.13 uses what aiohttp 3.14 calls deprecated.
SDKS_OWN = ("-W", "ignore::DeprecationWarning")
STRICT = ASYNC + (
    "@pytest.mark.asyncio\n"
    "@pytest.mark.parametrize('number', range(2))\n"
    "async def test_it(async_twilio_mock, number):\n    await check(async_twilio_mock)\n"
)
AUTO = ASYNC + "async def test_it(async_twilio_mock):\n    await check(async_twilio_mock)\n"
AIOHTTP = (
    ASYNC
    + """
from aiohttp import web

async def test_it(async_twilio_mock, aiohttp_client):
    async def create(request):
        await check(async_twilio_mock)
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", create)
    answer = await (await aiohttp_client(app)).get("/")
    assert await answer.text() == "done"
"""
)
ANYIO = """
import pytest
from provision import provision

pytestmark = pytest.mark.anyio

@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

async def test_it(twilio_mock):
    assert provision("Phone Me") in twilio_mock.applications
    assert len(twilio_mock.requests) == 1
"""
UNITTEST = """
import unittest
import pytest
from provision import provision

@pytest.mark.usefixtures("twilio_mock")
class Provisioning(unittest.TestCase):
    def test_it(self):
        assert provision("Phone Me")

class WithAnAccount(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def account(self, twilio_mock):
        self.twilio = twilio_mock

    async def test_it(self):
        assert provision("Phone Me") in self.twilio.applications
"""
MANY = """
import pytest
from provision import provision

@pytest.mark.parametrize("number", range(400))
def test_it(twilio_mock, number):
    assert len(twilio_mock.applications) == 0
    sid = provision(f"Phone {number}")
    assert [each.sid for each in twilio_mock.applications] == [sid]
    twilio_mock.requests.assert_one("CreateApplication", FriendlyName=f"Phone {number}")
"""
FROZEN = """
from datetime import UTC, datetime
import time_machine
from freezegun import freeze_time
from provision import provision

@freeze_time("2026-02-28 12:00")
def test_freezegun(twilio_mock):
    sid = provision("Phone Me")
    created = twilio_mock.applications[sid].date_created
    assert created == datetime(2026, 2, 28, 12, tzinfo=UTC).timestamp()

@time_machine.travel("2026-02-28 12:00 +0000", tick=False)
def test_time_machine(twilio_mock):
    sid = provision("Phone Me")
    created = twilio_mock.applications[sid].date_created
    assert created == datetime(2026, 2, 28, 12, tzinfo=UTC).timestamp()
"""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The flags for a run apart with our plugin alone: others take seconds to be imported."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return ("-p", "twilio_mock.pytest_plugin", "-W", "ignore::pytest.PytestConfigWarning")


@pytest.mark.parametrize("transport", ["socket", "in_process"])
@pytest.mark.parametrize(
    ("text", "mode"),
    [(STRICT, "strict"), (AUTO, "auto"), (AIOHTTP, "auto")],
    ids=["strict", "auto", "aiohttp"],
)
def test_under_asyncio_what_waits_is_awaited(
    run: Run, text: str, mode: str, transport: str
) -> None:
    ini = f"asyncio_mode = {mode}\ntwilio_mock_transport = {transport}"
    run(text, *SDKS_OWN, ini=ini).assert_outcomes(passed=2 if mode == "strict" else 1)


def test_under_anyio_with_asyncio_and_with_trio(run: Run) -> None:
    run(ANYIO).assert_outcomes(passed=2)


LEFT_BEHIND = """
import unittest
from twilio_mock import TwilioMock, error

class Left(unittest.TestCase):
    def setUp(self):
        self.mock = self.enterContext(TwilioMock())
        self.addCleanup(self.mock.assert_no_loose_ends)

    def test_it(self):
        self.mock.fault("CreateApplication", error(20503), name="outage")
"""


def test_under_unittest_a_cleanup_fails_a_test_for_what_it_leaves_behind(run: Run) -> None:
    result = run(LEFT_BEHIND)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the fault 'outage' never fired*"])


def test_under_unittest_plain_and_async(run: Run) -> None:
    run(UNITTEST).assert_outcomes(passed=2)


@pytest.mark.timeout(240)  # seconds; five processes and 400 tests
def test_four_workers_of_xdist_do_400_tests_without_a_collision(
    run: Run, alone: tuple[str, ...]
) -> None:
    run(MANY, *alone, "-p", "xdist", "-n", "4", apart=True).assert_outcomes(passed=400)


def test_in_random_order_as_in_any(run: Run, alone: tuple[str, ...]) -> None:
    # The ini file of the runs inside says -p no:randomly.
    flags = ["-o", "addopts=-p no:cacheprovider", "-p", "pytest_randomly"]
    result = run(MANY.replace("400", "40"), *flags, *alone, apart=True)
    result.assert_outcomes(passed=40)
    assert "randomly-seed" in result.stdout.str()


def test_with_time_frozen_by_either_library(run: Run) -> None:
    run(FROZEN).assert_outcomes(passed=2)


def test_with_sockets_to_this_machine_only(run: Run) -> None:
    run(MANY.replace("400", "4"), "--allow-hosts=127.0.0.1").assert_outcomes(passed=4)
