"""Each snippet of the documentation is run, and the README opens with its two commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doc_tables import PAGES
from tests.real_parts import ROOT, clean_environment, require
from twilio_mock import TwilioMock
from twilio_mock.defaults import DEFAULT_PORT

README = ROOT / "README.md"
START_THE_SERVER = "pip install . && python -m twilio_mock"
PASS_THE_TESTS = "pip install -e '.[dev]' && pytest"
# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
SDKS_OWN = "ignore::DeprecationWarning"
URL_VARIABLE = "$TWILIO_MOCK_URL"
PYTEST_INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


@dataclass(frozen=True)
class Snippet:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def snippets(*languages: str) -> list[Snippet]:
    """The blocks of all pages in these languages, or all."""
    return [
        Snippet(page, text[: found.start()].count("\n") + 1, found[1], found[2])
        for page in PAGES
        for text in [page.read_text()]
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        if not languages or found[1] in languages
    ]


def test_the_readme_opens_with_the_two_commands_that_do_all_set_up() -> None:
    opening = [snippet for snippet in snippets() if snippet.page == README][:2]
    assert [(snippet.language, snippet.text) for snippet in opening] == [
        ("sh", START_THE_SERVER + "\n"),
        ("sh", PASS_THE_TESTS + "\n"),
    ]
    assert not re.search(r"^## ", README.read_text().partition(PASS_THE_TESTS)[0], re.MULTILINE)


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len(README.read_text().splitlines()) < 250


@pytest.mark.parametrize("snippet", snippets("python"), ids=str)
def test_a_python_snippet_runs(snippet: Snippet, tmp_path: Path) -> None:
    is_test = "\ndef test_" in snippet.text or "\nasync def test_" in snippet.text
    program = tmp_path / "test_snippet.py"
    program.write_text(snippet.text)
    (tmp_path / "pytest.ini").write_text(PYTEST_INI)
    how = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if is_test else []
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-W", SDKS_OWN, *how, program.name],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@contextmanager
def served(command: str) -> Iterator[str]:
    """The URL of a server that was started by a shell command; it ends well on SIGTERM."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(
        ["sh", "-c", f"exec {command}"],
        env=clean_environment(PATH=path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        finally:
            server.terminate()
            server.communicate()
    assert server.returncode == 0


def test_the_server_starts_as_the_readme_says_and_answers_its_curl_command() -> None:
    require("curl")
    [curl] = [
        snippet.text for snippet in snippets("sh") if snippet.text.startswith("curl -X POST http")
    ]
    start = START_THE_SERVER.partition("&& ")[2]
    with served(f"{start} --port 0") as url:
        command = curl.replace(f"http://127.0.0.1:{DEFAULT_PORT}", url).replace(
            "curl ", "curl -sS "
        )
        assert url in command
        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=50)
    assert '"friendly_name": "Phone Me"' in answer.stdout


@pytest.mark.parametrize(
    "snippet", [each for each in snippets("sh") if URL_VARIABLE in each.text], ids=str
)
def test_a_snippet_that_asks_a_running_mock_succeeds(snippet: Snippet) -> None:
    require("curl")
    with TwilioMock() as mock:
        environment = clean_environment(TWILIO_MOCK_URL=mock.url)
        ended = subprocess.run(
            ["sh", "-ec", snippet.text], env=environment, capture_output=True, timeout=50
        )
    assert ended.returncode == 0, ended.stderr


def test_the_server_starts_with_the_flags_that_the_readme_shows() -> None:
    [start] = [s.text for s in snippets("sh") if s.text.startswith("python -m twilio_mock ")]
    with served(start) as url:
        assert url.startswith("http://127.0.0.1:")


def test_every_snippet_is_run_by_a_test() -> None:
    tried = {START_THE_SERVER, PASS_THE_TESTS, "curl ", "python -m twilio_mock "}
    assert {snippet.language for snippet in snippets()} - {"mermaid"} == {"python", "sh"}
    for snippet in snippets("sh"):
        run = any(snippet.text.startswith(command) for command in tried)
        assert run or URL_VARIABLE in snippet.text, f"{snippet}: not run"
