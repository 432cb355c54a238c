"""A running mock for the tests of the control API, emptied after each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.control.caller import Control
from twilio_mock import TwilioMock


@pytest.fixture(scope="module")
def running() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture
def control(running: TwilioMock) -> Iterator[Control]:
    caller = Control(running)
    yield caller
    caller.connection.close()
    running.reset()
    for account in running.accounts:
        if account.sid != running.sid:
            running.accounts.free(account)
