"""A process that is forked while a server runs: a working child or a clear error, never a hang."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from twilio_mock import TwilioMock
from twilio_mock.dispatch import handle
from twilio_mock.wire import Request

PATIENCE = 20  # seconds after which a test calls it a hang

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system"),
    # From Python 3.12 on, forking a process that has threads is worth a warning.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def in_a_fork(work: Callable[[], object]) -> str:
    """What a function gives in a fork of this process, or what it raises; a hang fails the test."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = str(work())
        except BaseException as problem:
            told = f"{type(problem).__name__}: {problem}"
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], PATIENCE)
    if not ready:
        os.kill(child, signal.SIGKILL)
    heard = b""
    while ready and (part := os.read(reading, 65536)):
        heard += part
    os.close(reading)
    os.waitpid(child, 0)
    assert ready, f"the child still hangs after {PATIENCE} s"
    return heard.decode()


def create(mock: TwilioMock) -> str:
    """Make an Application with a client of the SDK."""
    return str(mock.account.client().applications.create(friendly_name="from the fork").sid)


def test_a_client_in_a_fork_asks_the_server_of_its_parent() -> None:
    with TwilioMock() as mock:
        sid = in_a_fork(lambda: create(mock))
        assert mock.applications[sid].friendly_name == "from the fork"


def test_a_worker_of_multiprocessing_asks_the_server_of_its_parent() -> None:
    with TwilioMock() as mock:
        worker = multiprocessing.get_context("fork").Process(target=create, args=(mock,))
        worker.start()
        worker.join(PATIENCE)
        assert worker.exitcode == 0
        assert [each.friendly_name for each in mock.applications] == ["from the fork"]


@pytest.mark.parametrize(
    "look",
    [
        lambda mock: mock.applications.create(),
        lambda mock: len(mock.applications),
        lambda mock: list(mock.requests),
        lambda mock: mock.requests.wait_for("CreateApplication"),
        lambda mock: mock.reset(),
        lambda mock: mock.__exit__(None, None, None),
    ],
    ids=["seed", "count", "journal", "wait", "reset", "stop"],
)
def test_looking_into_the_mock_from_a_fork_is_a_clear_error(
    look: Callable[[TwilioMock], object],
) -> None:
    with TwilioMock() as mock:
        told = in_a_fork(lambda: look(mock))
        assert told.startswith("RuntimeError: twilio_mock: the server of this mock runs in process")
        assert str(os.getpid()) in told
        assert "make a new mock here" in told
        create(mock)
        assert len(mock.applications) == 1


def test_a_fork_can_make_a_mock_of_its_own() -> None:
    def work() -> str:
        with TwilioMock(redirect=False) as own:
            create(own)
            return str(len(own.applications))

    with TwilioMock() as mock:
        assert in_a_fork(work) == "1"
        assert len(mock.applications) == 0


def test_a_fork_of_a_mock_without_a_server_has_a_copy_that_works() -> None:
    mock = TwilioMock(transport="in_process")
    with mock:
        create(mock)
        assert in_a_fork(lambda: [create(mock), len(mock.applications)][1]) == "2"
        assert len(mock.applications) == 1


def test_a_lock_that_another_thread_held_at_the_fork_does_not_stop_the_child() -> None:
    mock = TwilioMock(transport="in_process", redirect=False)
    held, end = threading.Event(), threading.Event()

    def hold() -> None:
        with mock.state.lock:
            held.set()
            end.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE)
    try:
        told = in_a_fork(lambda: handle(mock.state, Request("GET", "/")).status)  # type: ignore[union-attr]
    finally:
        end.set()
        thread.join()
    assert told == "401"


def test_a_fork_under_load_hangs_in_none_of_many_tries() -> None:
    with TwilioMock() as mock:
        stop = threading.Event()

        def load() -> None:
            with suppress(OSError):
                while not stop.is_set():
                    mock.account.client().applications.list(limit=1)

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(20):
                assert in_a_fork(lambda: create(mock)).startswith("AP")
                assert in_a_fork(lambda: len(mock.applications)).startswith("RuntimeError")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert len(mock.applications) == 20
