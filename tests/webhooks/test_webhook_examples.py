"""The sample sites in examples/ pass their own tests, run as their reader would run them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.inner_pytest import run_pytest
from tests.real_parts import ROOT

SITES = ["flask", "fastapi", "django", "aiohttp"]


@pytest.mark.parametrize("framework", SITES)
def test_a_sample_site_passes_its_own_tests(framework: str, tmp_path: Path) -> None:
    ended = run_pytest(ROOT / "examples" / f"webhooks_{framework}", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"^6 passed", ended.stdout, re.MULTILINE), ended.stdout
