"""A shared server tells a test the same as its own: of a forgotten await, of credentials."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Run
from tests.plugin.test_shared_server import server, share

__all__ = ["server", "share"]

FORGOTTEN = """
import asyncio
import pytest

def test_waiting(twilio_mock):
    async def forgets():
        twilio_mock.requests.wait_for("CreateApplication", timeout=0.1)

    with pytest.raises(RuntimeError, match="async_twilio_mock"):
        asyncio.run(forgets())

def test_of_no_account(twilio_mock_server):
    async def forgets():
        twilio_mock_server.unknown_requests.wait_for(timeout=0.1)

    with pytest.raises(RuntimeError, match="async_twilio_mock"):
        asyncio.run(forgets())

def test_calling(twilio_mock):
    application = twilio_mock.applications.create(voice_url="http://127.0.0.1:9/voice")

    async def forgets():
        application.incoming_call()

    with pytest.raises(RuntimeError, match="would block the event loop.*async_twilio_mock"):
        asyncio.run(forgets())
"""
STRANGE = """
from twilio.rest import Client

def test_it(twilio_mock):
    Client("AC" + "9" * 32, "token").applications.list()
"""


NO_SETTINGS = """
import pytest

@pytest.fixture
def twilio_mock_settings():
    return None

def test_it(twilio_mock): ...
"""


def test_settings_that_are_no_mapping_are_told_to_whoever_returned_them(run: Run) -> None:
    result = run(NO_SETTINGS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["twilio_mock: usage error: the fixture twilio_mock_settings gave*"]
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("shared", [True, False])
def test_a_forgotten_await_is_refused_wherever_the_server_is(
    run: Run, share: Run, shared: bool
) -> None:
    (share if shared else run)(FORGOTTEN).assert_outcomes(passed=3)


@pytest.mark.parametrize("shared", [True, False])
def test_credentials_that_nobody_knows_come_with_advice_that_can_be_followed(
    run: Run, share: Run, shared: bool
) -> None:
    result = (share if shared else run)(STRANGE)
    result.assert_outcomes(failed=1)
    said = result.stdout.str()
    assert ("fixed ones cannot be, on a server that is shared" in said) == shared
    assert ('return {"account_sid": "AC...", "auth_token": "..."}' in said) != shared
