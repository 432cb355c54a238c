"""The programs in examples/ that have tests of their own pass them, in strict mode too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.inner_pytest import run_pytest
from tests.real_parts import ROOT, clean_environment
from twilio_mock import TwilioMock


def test_so_it_does_on_a_server_that_is_shared(tmp_path: Path) -> None:
    with TwilioMock(redirect=False) as server:
        ini = f"twilio_mock_strict = error\ntwilio_mock_url = {server.url}\n"
        ended = run_pytest(ROOT / "examples" / "provisioning", tmp_path, ini=ini)
        assert "8 passed" in ended.stdout, ended.stdout + ended.stderr
        assert server.accounts.sids() == [server.sid]


@pytest.mark.parametrize("transport", ["socket", "in_process"])
@pytest.mark.parametrize(("folder", "tests"), [("provisioning", 8), ("async_service", 3)])
def test_a_program_passes_its_own_tests(
    folder: str, tests: int, transport: str, tmp_path: Path
) -> None:
    ini = f"twilio_mock_strict = error\ntwilio_mock_transport = {transport}\n"
    ended = run_pytest(ROOT / "examples" / folder, tmp_path, ini=ini)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{tests} passed" in ended.stdout


@pytest.mark.parametrize("folder", ["provisioning", "async_service", "webhooks_flask"])
def test_its_tests_run_where_they_are_without_the_plugins_of_this_project(folder: str) -> None:
    plugins = ["timeout", "randomly", "xdist", "socket", "aiohttp", "cacheprovider"]
    without = [word for name in plugins for word in ("-p", f"no:{name}")]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *without],
        cwd=ROOT / "examples" / folder,
        env=clean_environment(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
