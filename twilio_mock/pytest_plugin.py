"""The pytest plugin: a running mock for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from twilio_mock.mock import TwilioMock


@pytest.fixture
def twilio_mock() -> Iterator[TwilioMock]:
    """A running mock with one account, empty at the start of each test."""
    from twilio_mock.mock import TwilioMock

    with TwilioMock() as mock:
        yield mock
