"""A pytest in a process of its own, as the readers of our examples run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.real_parts import ROOT, clean_environment

# What the tests of a reader need. Our own development brings more, which takes seconds to import.
PLUGINS = "twilio_mock.pytest_plugin,pytest_asyncio.plugin,pytest_aiohttp.plugin"
INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""


def without_coverage(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose programs are not measured: that makes them slower by half."""
    return {name: text for name, text in environment.items() if not name.startswith("COVERAGE_")}


def run_pytest(
    folder: Path, settings: Path, *flags: str, ini: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder to their end; the configuration is written into `settings`."""
    file = settings / "pytest.ini"
    file.write_text(INI + ini)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = clean_environment(
        PYTHONPATH=path,
        PYTHONDONTWRITEBYTECODE="1",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        PYTEST_PLUGINS=PLUGINS,
    )
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", file, *flags, "."],
        cwd=folder,
        env=without_coverage(environment),
        capture_output=True,
        text=True,
        timeout=50,
    )
