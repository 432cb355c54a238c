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
from tests.real_parts import ROOT, clean_environment
from twilio_mock import __version__
from twilio_mock.__main__ import COMMANDS, main
from twilio_mock.command_line.options import OPTIONS
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

READY = re.compile(r"TWILIO_MOCK_URL=(http://127\.0\.0\.1:\d+)\n")
SID = "AC" + "1" * 32
# Seconds in which it did not wait for half a request: that would take 10. How soon it ends on a
# busy machine is measured in test_command_line_ends.py, beside something else.
PROMPT = 5.0


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
        (["--account-sid", "nonsense"], "--account-sid: 'nonsense' is no AccountSid"),
        (["--account-sid", "AP" + "0" * 32], "is no AccountSid: AC and 32 hex digits"),
        (["--account", "AC1:s3cret"], "--account: 'AC1' is no AccountSid"),
        (["--account", "s3cret"], "--account: an AccountSid, a colon and an auth token"),
        (["--application-limit", "0"], "--application-limit: '0' is no whole number above 0"),
        (["--port", "65536"], "--port: '65536' is no port: 1 to 65535, or 0 for any free one"),
        (["--port", "-1"], "--port: '-1' is no port"),
        (["--port=x"], "--port: 'x' is no port"),
        (["--port", "9" * 5000], "is no port"),
        (["--port"], "--port needs a value (twilio-mock serve --help)"),
        (["--seed-file", "--quiet"], "--seed-file needs a value"),
        (["--control-token="], "--control-token: must not be empty"),
        (["--quiet=perhaps"], "--quiet: 'perhaps' is neither 1 nor 0"),
        (["--prot", "1"], "no option --prot; did you mean --port? (twilio-mock serve --help)"),
        (["proxy", "--alow", "x"], "no option --alow; did you mean --allow? (twilio-mock proxy"),
        (["--zzz"], "there is no option --zzz (twilio-mock serve --help)"),
        (["-p", "1"], "there is no option -p"),
        (["srve"], "there is no command srve; did you mean serve? (twilio-mock --help)"),
        (["zzz"], "there is no command zzz (twilio-mock --help)"),
        (["serve", "more"], "'more' is too much: twilio-mock serve [OPTION ...]"),
        (["validate", "a", "b"], "'b' is too much: twilio-mock validate FILE"),
        (["validate"], "as in: twilio-mock validate seed.json"),
        (["run"], "as in: twilio-mock run -- python provision.py"),
        (["run", "--"], "as in: twilio-mock run -- python provision.py"),
        (["run", "--port", "1", "--", "true"], "there is no option --port"),
        (["--log-format", "xml"], "--log-format: 'xml' is none of: text, json"),
        (["--strict", "x"], "--strict: 'x' is none of: off, warn, error"),
        (["--enforce", "x"], "no rule or mistake is named 'x'; there are: api_version_value, "),
        (["--let-pass", "all"], "no rule or mistake is named 'all'"),
        (["--seed-file", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["--seed-file", str(ROOT)], f"{ROOT}: Is a directory"),
        (["validate", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["healthcheck", "--url", "ftp://x"], "'ftp://x' is no http URL"),
        (["healthcheck", "--tls-cert", "nowhere"], "--tls-cert nowhere: No such file"),
        (["healthcheck", "--tls-cert", __file__], f"--tls-cert {__file__}: cannot be read"),
        (["--host", "a" * 70, "--port", "0"], "cannot listen on aaa"),
        (["--host", "nowhere.invalid", "--port", "0"], "cannot listen on nowhere.invalid port 0"),
        (["--port", "0", "--ready-file", "/nowhere/x"], "--ready-file /nowhere/x: No such file"),
        (["--port", "0", "--ready-file", str(ROOT)], f"--ready-file {ROOT}: Is a directory"),
        (["proxy", "--port", "0", "--ca-folder", "/nowhere"], "/nowhere/twilio-mock-ca.pem: No"),
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
    assert "s3cret" not in line


@pytest.mark.usefixtures("no_environment")
def test_an_account_of_the_environment_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AP" + "0" * 32)
    assert main([]) == 2
    assert "TWILIO_ACCOUNT_SID: 'AP0000" in capsys.readouterr().err


def shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is printed by what only explains, which fits into a narrow terminal."""
    assert main(words) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert max(map(len, output.out.splitlines())) <= 80
    return output.out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(["--version"], capsys) == f"twilio-mock {__version__}\n"


def test_the_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("--help", "-h"):
        text = shown([word], capsys)
        assert all(f"\n  {command} " in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_on_a_command_names_its_options_and_how_variables_set_them(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown([command, "--help"], capsys)
    assert text.startswith(f"usage: twilio-mock {command}")
    options = [option for group in COMMANDS[command].options.values() for option in group]
    for option in options:
        assert f"\n  {option.flag} {option.value}".rstrip() in text
    assert ("TWILIO_MOCK_" in text) is bool(options)
    assert shown([command, *(["--allow", "x"] if command == "run" else []), "-h"], capsys) == text


def test_each_option_has_a_help_somewhere() -> None:
    groups = [group for command in COMMANDS.values() for group in command.options.values()]
    found = [option for group in groups for option in group]
    assert [option.name for option in OPTIONS if option not in found] == []


def test_no_help_shows_a_token_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_MOCK_AUTH_TOKEN", "TWILIO_MOCK_CONTROL_TOKEN"):
        monkeypatch.setenv(name, "t0ken")
    for words in (["--help"], ["serve", "--help"], ["run", "--help"]):
        assert "t0ken" not in shown(words, capsys)


def test_ctrl_c_before_it_listens_ends_it_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(command: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("twilio_mock.__main__.work_of", interrupted)
    assert main(["--port", "0"]) == 128 + signal.SIGINT
    assert capsys.readouterr() == ("", "")
