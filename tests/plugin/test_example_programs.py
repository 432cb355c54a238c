"""The programs in examples/ that have tests of their own pass them, in strict mode too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real_parts import ROOT, clean_environment

PYTEST_INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
twilio_mock_strict = error
"""


@pytest.mark.parametrize("transport", ["socket", "in_process"])
@pytest.mark.parametrize(("folder", "tests"), [("provisioning", 8), ("async_service", 3)])
def test_a_program_passes_its_own_tests(
    folder: str, tests: int, transport: str, tmp_path: Path
) -> None:
    settings = tmp_path / "pytest.ini"
    settings.write_text(f"{PYTEST_INI}twilio_mock_transport = {transport}\n")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(settings), "."],
        cwd=ROOT / "examples" / folder,
        env=clean_environment(PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{tests} passed" in ended.stdout
