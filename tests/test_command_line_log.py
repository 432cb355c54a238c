"""What the server writes to stderr: its two forms, and that nobody waits for who reads it."""

from __future__ import annotations

import http.client
import json
import logging
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.real_parts import clean_environment
from tests.test_command_line import PROMPT, READY, asked, ended, running
from twilio_mock.command_line.logs import JsonLines, TextLines, log_to_stderr
from twilio_mock.command_line.scribe import WAITING, Scribe
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

KEYS = ["time", "method", "path", "account", "operation", "status", "error_code"]
KEYS += ["ms", "fault", "findings"]


def record(message: str, exchange: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """A record as the package's logger makes them, of 14:03:07.412."""
    values = {"msg": message, "levelno": logging.INFO, "levelname": "INFO", **more}
    made = logging.makeLogRecord({**values, "created": 50587.412})
    if exchange:
        made.exchange = exchange
    return made


def test_a_line_of_json_has_exactly_the_promised_keys() -> None:
    with running("--port", "0", "--log-format", "json") as (process, url):
        asked(url, DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, "POST")
        asked(url, DEFAULT_ACCOUNT_SID, "wrong")
        _, _, errors, _ = ended(process, signal.SIGTERM)
    _, listening, _, *lines = [json.loads(line) for line in errors.splitlines()]
    assert list(listening) == ["time", "level", "message"]
    assert listening["level"] == "info"
    assert listening["message"] == f"twilio-mock: listening on {url}; Ctrl-C ends it"
    assert [list(line) for line in lines] == [KEYS, KEYS]
    created, refused = lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", created["time"])
    assert (created["method"], created["operation"]) == ("POST", "CreateApplication")
    assert created["account"] == DEFAULT_ACCOUNT_SID
    assert created["ms"] > 0
    assert (refused["status"], refused["account"], refused["operation"]) == (401, None, None)
    assert (created["error_code"], refused["error_code"]) == (None, 20003)
    assert DEFAULT_AUTH_TOKEN not in errors


@pytest.mark.parametrize(
    ("form", "told"), [("json", '"method": null, "path": null'), ("text", " - - -> 400 ")]
)
def test_of_a_request_that_was_refused_in_its_head_nothing_is_made_up(form: str, told: str) -> None:
    with running("--port", "0", "--log-format", form) as (process, url):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", "/", headers={f"X-{number}": "x" for number in range(200)})
        assert connection.getresponse().status == 400
        connection.close()
        _, _, errors, _ = ended(process, signal.SIGTERM)
    assert told in errors.splitlines()[-1]
    assert ".json" not in errors


def test_other_lines_of_json_have_a_level_and_a_message() -> None:
    try:
        raise ValueError("x\ny")
    except ValueError:
        raised = sys.exc_info()
    failed = record("it\nfailed", levelname="ERROR", exc_info=raised)
    [line] = JsonLines().format(failed).splitlines()
    values = json.loads(line)
    assert list(values) == ["time", "level", "message", "raised"]
    assert (values["level"], values["message"]) == ("error", "it\nfailed")
    assert values["raised"].startswith("Traceback")
    assert list(json.loads(JsonLines().format(record("x")))) == ["time", "level", "message"]


MISTAKEN = {
    "status": 201,
    "findings": [
        {"rule": "public_url_host", "parameter": "VoiceUrl", "message": "may be refused"},
        {"rule": "unknown_parameter", "parameter": "X", "message": "'X' is no parameter"},
    ],
}


def test_a_request_with_a_mistake_is_a_warning_that_says_what_is_wrong() -> None:
    told = record("POST X -> 201", MISTAKEN)
    plain, warned = TextLines(warn=False, colours=False), TextLines(warn=True, colours=False)
    assert plain.format(told) == "14:03:07.412 POST X -> 201"
    assert warned.format(told) == "14:03:07.412 warning: POST X -> 201 ('X' is no parameter)"


def test_only_the_answer_and_the_level_have_a_colour() -> None:
    lines = TextLines(warn=True, colours=True)
    for status, colour in ((201, "32"), (404, "33"), (503, "31"), (0, "31")):
        exchange = {"status": status, "findings": []}
        coloured = f"14:03:07.412 GET X \33[{colour}m-> {status}\33[0m y"
        assert lines.format(record(f"GET X -> {status} y", exchange)) == coloured
    said = lines.format(record("POST X -> 201", MISTAKEN))
    assert said.startswith("14:03:07.412 \33[33mwarning:\33[0m POST X \33[32m-> 201\33[0m (")
    failed = lines.format(record("x", levelno=logging.ERROR, levelname="ERROR"))
    assert failed == "14:03:07.412 \33[31merror:\33[0m x"


def test_no_message_can_forge_a_line() -> None:
    forged = record("a\n14:03:08.000 GET X\x1b[2J\r\u2028 -> 200")
    told = TextLines(warn=True, colours=False).format(forged)
    assert told == "14:03:07.412 a\n    14:03:08.000 GET X\\x1b[2J\\r\\u2028 -> 200"


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_its_user_wants_none(no_color: str, coloured: bool) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_mock", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env=clean_environment(NO_COLOR=no_color, TERM="xterm"),
    )
    os.close(theirs)
    with process:
        assert process.stdout is not None
        ready = READY.fullmatch(process.stdout.readline())
        assert ready
        asked(ready[1], DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN)
        told = b""
        while b" ms" not in told:
            told += os.read(ours, 4096)
        process.terminate()
    os.close(ours)
    assert (b"\33[32m-> 200\33[0m" in told) is coloured


def test_a_server_whose_lines_nobody_reads_goes_on_and_ends() -> None:
    with running("--port", "0") as (process, url):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        for _ in range(40):  # more than fits into a pipe
            connection.request("GET", f"/{'x' * 4000}")
            answer = connection.getresponse()
            assert (answer.status, len(answer.read()) > 0) == (401, True)
        connection.close()
        began = time.perf_counter()
        process.terminate()
        assert process.wait(10) == 0
        assert time.perf_counter() - began < PROMPT


def test_lines_that_nobody_reads_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    monkeypatch.setattr("twilio_mock.command_line.scribe.STDERR", theirs)
    scribe = Scribe()
    scribe.setFormatter(logging.Formatter("%(message)s"))
    long = "x" * 200_000  # the pipe is full before the first is written
    for number in range(WAITING + 20):
        scribe.handle(record(f"{number} {long if number == 0 else ''}"))
    assert scribe.dropped in (19, 20)  # the first may be on its way already
    told = b""
    while b"dropped" not in told:
        told += os.read(ours, 65536)
    assert re.search(rb"twilio-mock: nobody read here: (19|20) lines were dropped\n", told)
    os.close(ours)  # nobody reads any more: no reason to fail
    scribe.handle(record("more"))
    scribe.close()
    os.close(theirs)


def test_the_logger_is_left_as_it_was() -> None:
    logger = logging.getLogger("twilio_mock")
    before = logger.propagate, logger.level, list(logger.handlers)
    with log_to_stderr("text", {}, verbose=True):
        assert logger.isEnabledFor(logging.DEBUG)
    assert (logger.propagate, logger.level, logger.handlers) == before
