"""The Containerfile: nobody could build it here, so each of its lines is held to the project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_parts import ROOT, clean_environment
from twilio_mock.command_line.options import OPTIONS
from twilio_mock.defaults import DEFAULT_PORT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def lines() -> Iterator[tuple[str, str]]:
    """Each instruction and what follows it."""
    for line in (ROOT / "Containerfile").read_text().splitlines():
        if not line.startswith("#"):
            instruction, _, rest = line.partition(" ")
            yield instruction, rest


def said(instruction: str) -> list[str]:
    """What follows an instruction, for each time that it is there."""
    return [rest for each, rest in lines() if each == instruction]


def command(instruction: str) -> list[str]:
    """The words of an instruction that ends in a command."""
    [rest] = said(instruction)
    words = json.loads(rest[rest.index("[") :])
    assert all(isinstance(word, str) for word in words)
    return list(words)


def variables() -> dict[str, str]:
    """The environment that it sets."""
    return dict(rest.split("=", 1) for rest in said("ENV"))


def test_every_instruction_is_one_that_is_looked_at_here() -> None:
    looked_at = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV"}
    looked_at |= {"EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert {instruction for instruction, _ in lines()} == looked_at
    assert next(lines())[0] == "FROM"


def test_its_python_is_one_that_the_project_is_tested_with() -> None:
    [version] = re.findall(r"^docker\.io/library/python:([\d.]+)-slim$", said("FROM")[0])
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]


def test_it_copies_what_the_package_is_made_of() -> None:
    copied = [word for rest in said("COPY") for word in rest.split()[:-1]]
    assert {PROJECT["readme"], *PROJECT["license-files"], "pyproject.toml", "twilio_mock"} == {
        *copied
    }
    assert all((ROOT / name).exists() for name in copied)
    assert said("RUN") == ['pip install --no-cache-dir ".[proxy]"']
    assert "proxy" in PROJECT["optional-dependencies"]


def test_it_runs_as_nobody_in_particular() -> None:
    [user] = said("USER")
    assert all(int(number) > 0 for number in user.split(":"))


def test_the_server_listens_where_the_container_says_so() -> None:
    assert said("EXPOSE") == [str(DEFAULT_PORT)]
    assert variables() == {"TWILIO_MOCK_HOST": "0.0.0.0"}
    assert variables().keys() <= {option.variable for option in OPTIONS}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of the container, but for the address and the port."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = variables() | {"TWILIO_MOCK_HOST": "127.0.0.1", "TWILIO_MOCK_PORT": "0"}
    return clean_environment(**given, PATH=path, HOME=str(tmp_path))


def test_its_commands_start_a_server_that_its_health_check_finds_well(
    environment: dict[str, str],
) -> None:
    with subprocess.Popen(
        command("ENTRYPOINT") + command("CMD"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        _, _, port = server.stdout.readline().strip().rpartition(":")
        asked = environment | {"TWILIO_MOCK_PORT": port}
        well = subprocess.run(command("HEALTHCHECK"), env=asked, timeout=50)
        server.terminate()
        assert server.wait(timeout=20) == 0
        gone = subprocess.run(command("HEALTHCHECK"), env=asked, timeout=50)
    assert (well.returncode, gone.returncode) == (0, 1)
