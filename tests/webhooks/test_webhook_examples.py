"""The sample sites in examples/ pass their own tests, run as their reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.real_parts import ROOT, clean_environment

PYTEST_INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
SITES = ["flask", "fastapi", "django", "aiohttp"]


@pytest.mark.parametrize("framework", SITES)
def test_a_sample_site_passes_its_own_tests(
    framework: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = tmp_path_factory.mktemp("settings") / "pytest.ini"
    settings.write_text(PYTEST_INI)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(settings), "."],
        cwd=ROOT / "examples" / f"webhooks_{framework}",
        env=clean_environment(PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"^6 passed", ended.stdout, re.MULTILINE), ended.stdout
