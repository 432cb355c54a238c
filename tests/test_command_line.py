"""`python -m twilio_mock` as a process: its one line, its flags, its signals and its ends."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.asking import FORM, basic
from tests.real_parts import clean_environment
from twilio_mock import __version__
from twilio_mock.__main__ import main
from twilio_mock.command_line.options import OPTIONS
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

READY = re.compile(r"TWILIO_MOCK_URL=(http://127\.0\.0\.1:\d+)\n")
SID = "AC" + "1" * 32
# Promised are 0.2 s; the rest is the interpreter's own end on a machine that does other things.
PROMPT = 0.2 + 0.8


@contextmanager
def running(*flags: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process that says it is ready, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_mock", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(**environment),
    )
    with process:
        try:
            assert process.stdout is not None
            ready = READY.fullmatch(process.stdout.readline())
            assert ready
            yield process, ready[1]
        finally:
            if process.poll() is None:
                process.kill()


def asked(url: str, sid: str, token: str, method: str = "GET") -> int:
    """The status of a list or a create."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Authorization": basic(sid, token), "Content-Type": FORM}
    try:
        connection.request(method, f"/2010-04-01/Accounts/{sid}/Applications.json", b"", headers)
        return connection.getresponse().status
    finally:
        connection.close()


def half_request(url: str, text: bytes) -> socket.socket:
    """A connection on which a request has begun that will never end."""
    address = urlsplit(url)
    hanging = socket.create_connection((address.hostname, address.port or 0), timeout=10)
    hanging.sendall(text)
    return hanging


HALF_HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str, float]:
    """Status, output and seconds of a process that was told to end."""
    started = time.perf_counter()
    process.send_signal(number)
    status = process.wait(10)
    seconds = time.perf_counter() - started
    rest, errors = process.communicate()
    return status, rest, errors, seconds


def test_flags_and_sigterm_with_half_requests_open() -> None:
    flags = ["--port", "0", "--account-sid", SID, "--auth-token", "s3cret"]
    # The flags win over the environment.
    environment = {"TWILIO_ACCOUNT_SID": "AC" + "2" * 32, "TWILIO_AUTH_TOKEN": "other"}
    with running(*flags, "--application-limit", "2", **environment) as (process, url):
        assert [asked(url, SID, "s3cret", "POST") for _ in range(3)] == [201, 201, 400]
        assert asked(url, SID, "other") == 401
        with half_request(url, HALF_HEAD), half_request(url, HALF_BODY):
            status, rest, errors, seconds = ended(process, signal.SIGTERM)
    assert (status, rest) == (0, "")
    assert seconds < PROMPT
    assert "Traceback" not in errors
    assert "s3cret" not in errors


def test_credentials_of_the_environment_and_sigint_with_a_half_request_open() -> None:
    environment = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "t0ken"}
    with running("--port", "0", **environment) as (process, url):
        assert asked(url, SID, "t0ken") == 200
        with half_request(url, HALF_BODY):
            status, rest, errors, seconds = ended(process, signal.SIGINT)
    assert (status, rest) == (0, "")
    assert seconds < PROMPT
    assert "Traceback" not in errors
    assert "t0ken" not in errors


def test_the_documented_account_and_a_port_of_one_s_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with running("--port", str(port)) as (process, url):
        assert url == f"http://127.0.0.1:{port}"
        assert asked(url, DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN) == 200
        taken = subprocess.run(
            [sys.executable, "-m", "twilio_mock", "--port", str(port)],
            capture_output=True,
            text=True,
            env=clean_environment(),
            timeout=30,
        )
        assert (taken.returncode, taken.stdout) == (2, "")
        [line] = taken.stderr.splitlines()
        assert line.startswith("twilio-mock: ")
        assert str(port) in line
        assert ended(process, signal.SIGTERM)[0] == 0


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials in the environment."""
    for name in [name for name in os.environ if name.startswith("TWILIO_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("no_environment")
@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--account-sid", "nonsense"], "'nonsense' is no Account SID"),
        (["--account-sid", "AP" + "0" * 32], "is no Account SID"),
        (["--application-limit", "0"], "--application-limit: '0' is no whole number above 0"),
        (["--port", "65536"], "65536"),
        (["--port", "-1"], "-1"),
        (["--port", "x"], "argument --port: 'x' is no port"),
        (["--nonsense"], "unrecognized arguments: --nonsense; see twilio-mock --help"),
        (["extra"], "invalid choice: 'extra'"),
        (["--log-format", "xml"], "'xml' is neither text nor json"),
        (["--enforce", "x"], "no suspected rule is named 'x'"),
        (["--seed-file", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["validate", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["healthcheck", "--url", "ftp://x"], "'ftp://x' is no http URL"),
    ],
)
def test_what_cannot_be_started_as_asked_is_one_line_and_status_2(
    flags: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*flags]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    [line] = output.err.splitlines()
    assert line.startswith("twilio-mock: ")
    assert told in line
    assert "twilio_mock: " not in line


def shown(flags: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a flag prints that ends the program well."""
    with pytest.raises(SystemExit) as ending:
        main(flags)
    assert ending.value.code == 0
    return capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(["--version"], capsys) == f"twilio-mock {__version__}\n"


def test_the_help_lists_the_commands_and_the_flags(capsys: pytest.CaptureFixture[str]) -> None:
    commands = shown(["--help"], capsys)
    assert all(f"    {word}" in commands for word in ("serve", "init", "validate", "healthcheck"))
    flags = shown(["serve", "--help"], capsys)
    for option in OPTIONS:
        assert option.flag in flags
        assert option.variable in flags


def test_the_help_shows_no_token_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "t0ken")
    with pytest.raises(SystemExit):
        main(["--help"])
    output: Any = capsys.readouterr()
    assert "t0ken" not in output.out + output.err
