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
    for sid in running.accounts.sids():
        if sid != running.sid and sid in running.accounts:  # else it went with its parent
            running.accounts.free(sid)
