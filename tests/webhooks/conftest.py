"""What the tests of the webhooks share: an endpoint, and both faces of the mock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

import pytest

from tests.webhooks.endpoints import Endpoint, serving
from twilio_mock import TwilioMock
from twilio_mock.simulation_handles import NumberHandle

T = TypeVar("T")
NUMBER = "+15005550006"


@dataclass
class Face:
    """A mock, and how its conversations are waited for."""

    mock: TwilioMock
    runner: asyncio.Runner | None

    def __call__(self, begin: Callable[[], T]) -> T:
        """What a conversation gives: at once, or awaited."""
        if self.runner is None:
            return begin()

        async def awaited() -> T:
            return await cast(Awaitable[T], begin())

        return self.runner.run(awaited())

    def number(self, **fields: str) -> NumberHandle:
        """The account's number."""
        return self.mock.incoming_phone_numbers.create(phone_number=NUMBER, **fields)


@pytest.fixture(params=["blocking", "async"])
def face(request: pytest.FixtureRequest) -> Iterator[Face]:
    """A mock in its blocking face, in a thread of its own, and in its async one."""
    if request.param == "blocking":
        with TwilioMock(seed="tests") as mock:
            yield Face(mock, None)
    else:
        with asyncio.Runner() as runner:
            mock = TwilioMock(seed="tests")
            runner.run(mock.__aenter__())
            yield Face(mock, runner)
            runner.run(mock.__aexit__(None, None, None))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server of the user's."""
    with serving() as endpoint:
        yield endpoint
