"""What the tests of serving share: both of aiohttp's parsers."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from aiohttp import http_parser, web_protocol

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
