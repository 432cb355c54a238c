"""`TwilioMock` as a decorator."""

from __future__ import annotations

import inspect

import pytest
from twilio.rest import Client

from twilio_mock import TwilioMock

mock = TwilioMock()


@pytest.mark.parametrize("number", range(2))
@mock
def test_a_decorated_test_has_a_mock_that_starts_empty(number: int) -> None:
    assert len(mock.applications) == 0
    Client(mock.sid, mock.auth_token).applications.create()
    assert len(mock.applications) == 1


@pytest.mark.parametrize("number", range(2))
@mock
async def test_so_has_an_async_one(number: int) -> None:
    assert len(mock.applications) == 0
    Client(mock.sid, mock.auth_token).applications.create()
    assert len(mock.applications) == 1


def test_a_decorated_function_returns_what_it_returns_and_ends_the_mock() -> None:
    @mock
    def decorated(url: str) -> tuple[str, bool]:
        """What it does."""
        return url + "!", mock.running

    assert decorated("x") == ("x!", True)
    assert not mock.running
    assert (decorated.__doc__, list(inspect.signature(decorated).parameters)) == (
        "What it does.",
        ["url"],
    )


def test_an_exception_passes_and_ends_the_mock_too() -> None:
    @mock
    def failing() -> None:
        mock.applications.create()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert not mock.running
    assert len(mock.applications) == 0
