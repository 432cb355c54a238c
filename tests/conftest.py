"""What the tests share: `ask` goes through both doors, each test with an account of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from subprocess import Popen
from typing import Any, Protocol

import hypothesis
import pytest

from tests.asking import Ask, SocketDoor, in_process_door
from tests.node_process import Node, started_node
from tests.real_parts import require
from twilio_mock import Settings, TwilioMock

DOORS = ["in_process", "socket"]

# The same examples in every run: a red test is a bug of today's change, not of today's luck.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("search", deadline=None, database=None)
hypothesis.settings.load_profile("tests")


@pytest.fixture(scope="session")
def running_mock() -> Iterator[TwilioMock]:
    """One server for the whole session; a test takes a fresh account of it.

    The SDK is not redirected to it: that would reach into the tests of everything else.
    """
    with TwilioMock(redirect=False) as mock:
        yield mock


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    """The name of the door that a test goes through."""
    return str(request.param)


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Closes at the end of a test what it has opened."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def ask(door: str, request: pytest.FixtureRequest, opened: ExitStack) -> Ask:
    """Ask an empty account, in process and over the socket."""
    if door == "in_process":
        return ask_in_process()
    mock: TwilioMock = request.getfixturevalue("running_mock")
    account = mock.accounts.create()
    opened.callback(mock.accounts.free, account)
    return Ask(opened_door(mock, opened), mock, account)


@pytest.fixture(scope="session")
def node_process() -> Iterator[Popen[str]]:
    """Node with twilio-node loaded, for the whole session: that takes longer than any test."""
    require("node")
    with started_node() as process:
        yield process


@pytest.fixture
def node(node_process: Popen[str], mock: TwilioMock) -> Node:
    """twilio-node, which asks the `mock` of the test's own file."""
    return Node(node_process, mock)


class AskWith(Protocol):
    """Makes a mock with the given options, and asks its account."""

    def __call__(self, settings: Settings | None = None, **options: Any) -> Ask: ...


@pytest.fixture
def ask_with(door: str, opened: ExitStack) -> AskWith:
    """Ask a mock of its own, in process and over the socket."""

    def made(settings: Settings | None = None, **options: Any) -> Ask:
        if door == "in_process":
            return ask_in_process(settings, **options)
        mock = opened.enter_context(TwilioMock(settings=settings, redirect=False, **options))
        return Ask(opened_door(mock, opened), mock, mock.account)

    return made


def ask_in_process(settings: Settings | None = None, **options: Any) -> Ask:
    """Ask a mock of its own that runs no server; its SIDs are the same in every run."""
    mock = TwilioMock(settings=settings, **{"seed": "tests", **options})
    return Ask(in_process_door(mock.state), mock, mock.account)


def opened_door(mock: TwilioMock, stack: ExitStack) -> SocketDoor:
    """A connection to a running mock, closed with the stack."""
    door = SocketDoor(mock.url)
    stack.callback(door.close)
    return door
