"""Each example runs as a program of its own, and leaves the mock as its user would expect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real_parts import ROOT, clean_environment, require
from twilio_mock import TwilioMock
from twilio_mock.defaults import DEFAULT_PORT

EXAMPLES = ROOT / "examples"
SCRIPTS = {"python/applications.py", "node/applications.js", "curl/applications.sh"}
# The sample sites, each with its own tests: tests/webhooks/test_webhook_examples.py runs them.
SITES = {
    f"webhooks_{framework}/{prefix}{framework}_site.py"
    for framework in ("aiohttp", "django", "fastapi", "flask")
    for prefix in ("", "test_")
}
# Programs with tests of their own: tests/plugin/test_example_programs.py runs them.
PROGRAMS = {
    f"{folder}/{prefix}{name}.py"
    for folder, name in {"provisioning": "provision", "async_service": "service"}.items()
    for prefix in ("", "test_")
}
# tests/test_sharded.py runs nginx with it.
SHARDED = {"sharded/README.md", "sharded/nginx.conf"}
NOT_TO_BE_RUN = {"README.md", "pytest.ini", "node/.npmrc", "node/package.json"}
NOT_TO_BE_RUN |= {"node/package-lock.json"}

VOICE = "http://demo.twilio.com/docs/voice.xml"
HELLO = "http://demo.twilio.com/docs/hello.xml"
SMS = "http://demo.twilio.com/docs/sms.xml"


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture
def older_sid(mock: TwilioMock) -> str:
    """An application that was there before the example, and has to survive it."""
    return str(mock.account.client().applications.create(friendly_name="Order line").sid)


def run(*command: str, mock: TwilioMock, **environment: str) -> subprocess.CompletedProcess[str]:
    """An example that has ended."""
    wired = {
        "TWILIO_ACCOUNT_SID": mock.account.sid,
        "TWILIO_AUTH_TOKEN": mock.account.auth_token,
        "TWILIO_MOCK_URL": mock.url,
    }
    return subprocess.run(
        command,
        cwd=EXAMPLES,
        env=clean_environment(**wired | environment),
        capture_output=True,
        text=True,
        timeout=50,
    )


def lines_of(ended: subprocess.CompletedProcess[str]) -> list[str]:
    """What a program has printed that ended well, without a word on stderr."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


@pytest.mark.parametrize(
    ("program", "script"),
    [(sys.executable, "python/applications.py"), ("node", "node/applications.js")],
    ids=["python", "node"],
)
def test_an_sdk_example_walks_through_all_operations(
    program: str, script: str, mock: TwilioMock, older_sid: str
) -> None:
    if program == "node":
        require("node")
    lines = lines_of(run(program, script, mock=mock))
    sid = lines[0].removeprefix("Created ").removesuffix(": Phone Me")
    assert lines == [
        f"Created {sid}: Phone Me",
        f"Fetched {sid}: a call asks GET {VOICE}",
        "All applications:",
        f"  {sid} Phone Me",
        f"  {older_sid} Order line",
        "Named Phone Me:",
        f"  {sid} Phone Me",
        f"Updated {sid}: a call asks GET {HELLO}",
        f"Updated {sid}: a message asks POST {SMS}",
        f"Deleted {sid}",
    ]
    assert sid not in mock.account.applications
    assert [application.sid for application in mock.account.applications] == [older_sid]


def test_the_curl_example_walks_through_all_operations(mock: TwilioMock, older_sid: str) -> None:
    require("curl")
    lines = lines_of(run("sh", "curl/applications.sh", mock=mock))
    created, fetched, listed, named, updated = (json.loads(line) for line in lines[1:10:2])
    sid = created["sid"]
    assert created == fetched
    assert created["friendly_name"] == "Phone Me"
    assert (created["voice_method"], created["voice_url"]) == ("GET", VOICE)
    assert [one["sid"] for one in listed["applications"]] == [sid, older_sid]
    assert [one["sid"] for one in named["applications"]] == [sid]
    assert (updated["sms_url"], updated["voice_url"]) == (SMS, HELLO)
    assert (updated["voice_method"], updated["friendly_name"]) == ("GET", "Phone Me")
    assert lines[11:] == ["204"]
    assert [application.sid for application in mock.account.applications] == [older_sid]


def test_the_curl_example_shows_a_refusal_and_stops(mock: TwilioMock) -> None:
    require("curl")
    ended = run("sh", "curl/applications.sh", mock=mock, TWILIO_AUTH_TOKEN="wrong")
    assert ended.returncode == 1
    heading, refusal = ended.stdout.splitlines()
    assert heading == "Create:"
    assert json.loads(refusal)["code"] == 20003


@contextmanager
def command_line_server(*command: str) -> Iterator[str]:
    """The URL of a server that was started by a command; it has to end well when told to end."""
    environment, pipe = clean_environment(), subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        finally:
            server.terminate()
            server.communicate()
    assert server.returncode == 0


def test_the_readme_s_commands_work_with_a_server_from_the_command_line() -> None:
    require("curl")
    require("node")
    readme = (EXAMPLES / "README.md").read_text()
    start, *commands = [line.strip() for line in readme.splitlines() if line.startswith("    ")]
    assert start == "python -m twilio_mock"
    assert {word.removeprefix("examples/") for line in commands for word in line.split()} >= SCRIPTS
    with command_line_server(sys.executable, "-m", "twilio_mock", "--port", "0") as url:
        script = "\n".join(commands).replace(f"http://127.0.0.1:{DEFAULT_PORT}", url)
        assert url in script
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ended = subprocess.run(
            ["sh", "-ec", script],
            cwd=ROOT,
            env=clean_environment(PATH=path),
            capture_output=True,
            text=True,
            timeout=50,
        )
    assert len(lines_of(ended)) == 9 + 9 + 12


def test_every_file_in_examples_is_run_by_a_test() -> None:
    found = {
        path.relative_to(EXAMPLES).as_posix()
        for path in EXAMPLES.rglob("*")
        if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts)
    }
    assert found == SCRIPTS | PROGRAMS | SITES | SHARDED | NOT_TO_BE_RUN
