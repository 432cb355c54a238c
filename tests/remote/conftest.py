"""An account of this process, and one of a mock that is asked by its URL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from twilio_mock import AccountHandle, TwilioMock
from twilio_mock.remote.shared_mock import SharedMock


@pytest.fixture(scope="module")
def server() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture(params=["here", "there"])
def mock(request: pytest.FixtureRequest, server: TwilioMock) -> TwilioMock | SharedMock:
    return server if request.param == "here" else SharedMock(server.url)


@pytest.fixture
def account(mock: TwilioMock | SharedMock) -> Iterator[AccountHandle]:
    account = mock.accounts.create()
    yield account
    if account.sid in mock.accounts:
        mock.accounts.free(account)


@pytest.fixture
def shared(server: TwilioMock) -> SharedMock:
    return SharedMock(server.url)
