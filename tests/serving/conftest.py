"""What the tests of serving share: aiohttp's parsers, a log to be kept quiet, a running thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from aiohttp import http_parser, web_protocol

from twilio_mock.serving.loop_thread import LoopThread

PARSERS = {name: f"HttpRequestParser{name}" for name in ("C", "Py")}


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The parser that servers of this test use: aiohttp has one in C and one in Python."""
    name = str(request.param)
    chosen = getattr(http_parser, PARSERS[name], None)
    if chosen is None:
        pytest.skip(f"this aiohttp has no {name} parser")
    monkeypatch.setattr(web_protocol, "HttpRequestParser", chosen)
    return name


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log, which must hold no traceback and no error at the end of the test."""
    with caplog.at_level(logging.DEBUG, "twilio_mock"):
        yield caplog
    # (caplog.records has those of the running phase only, which is the teardown here.)
    records = [one for one in caplog.get_records("call") if one.name != "foreign"]
    # A task that another test has made so that nobody can end it may be collected in this one.
    records = [one for one in records if "name='stubborn'" not in one.getMessage()]
    assert [one for one in records if one.exc_info or one.levelno >= logging.ERROR] == []


@pytest.fixture
def others() -> set[threading.Thread]:
    """The threads that are no concern of a test: other tests have a server running."""
    return set(threading.enumerate())


@pytest.fixture
def thread(others: set[threading.Thread]) -> Iterator[LoopThread]:
    """A running thread, of which nothing is left after the test."""
    thread = LoopThread()
    thread.start()
    yield thread
    thread.stop()
    assert "twilio_mock" not in {one.name for one in {*threading.enumerate()} - others}
