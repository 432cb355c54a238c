"""The lines that `--help` shows for hooking up an SDK, each run as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.real_parts import NODE_PROJECT, TWILIO_CLI, clean_environment, require
from twilio_mock import TwilioMock
from twilio_mock.__main__ import main


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock(redirect=False) as running:
        running.applications.create(friendly_name="Phone Me")
        yield running


def lines_for(client: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The lines for a client: those that are indented below its name."""
    assert main(["--help"]) == 0
    [found] = re.findall(rf"^  {client}\b.*\n((?:    .*\n)+)", capsys.readouterr().out, re.M)
    return dedent(found)


def printed(words: list[str], mock: TwilioMock, **more: str) -> str:
    """What a program prints that finds the mock as a user's does."""
    variables = {
        "TWILIO_MOCK_URL": mock.url,
        "TWILIO_ACCOUNT_SID": mock.sid,
        "TWILIO_AUTH_TOKEN": mock.auth_token,
    }
    ended = subprocess.run(
        words,
        env=clean_environment(**variables, **more),
        cwd=NODE_PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_lines_for_python(mock: TwilioMock, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_for("Python", capsys)
    program = f"import os\nimport twilio.rest\n{lines}print(client.applications.list())"
    assert mock.sid in printed([sys.executable, "-c", program], mock)
    mock.requests.assert_one("ListApplication", caller="auth_token")


def test_the_lines_for_node(mock: TwilioMock, capsys: pytest.CaptureFixture[str]) -> None:
    require("node")
    program = (
        lines_for("Node", capsys)
        + "client.applications.list().then((found) => console.log(found[0].friendlyName));"
    )
    assert printed(["node", "-e", program], mock) == "Phone Me\n"


def test_the_lines_for_curl(mock: TwilioMock, capsys: pytest.CaptureFixture[str]) -> None:
    require("curl")
    answer = printed(["sh", "-c", lines_for("curl", capsys)], mock)
    assert '"friendly_name": "Phone Me"' in answer


def test_the_line_for_twilio_cli(
    mock: TwilioMock, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    require("twilio-cli")
    program = tmp_path / "twilio-mock"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m twilio_mock "$@"\n')
    program.chmod(0o755)
    seed = tmp_path / "seed.json"
    assert main(["init", str(seed)]) == 0
    ended = subprocess.run(
        ["sh", "-c", lines_for("twilio-cli", capsys)],
        env=clean_environment(
            PATH=os.pathsep.join([str(tmp_path), str(TWILIO_CLI.parent), os.environ["PATH"]]),
            HOME=str(tmp_path),
            NODE_NO_WARNINGS="1",
            TWILIO_MOCK_SEED_FILE=str(seed),
            TWILIO_MOCK_ACCOUNT_SID="AC" + "1" * 32,
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert "twilio-mock:   ListApplication 200" in ended.stderr
