"""Each snippet of the documentation is run, and the README opens with its two commands."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doc_tables import PAGES
from tests.inner_pytest import run_pytest
from tests.real_parts import ROOT, clean_environment, require
from twilio_mock import TwilioMock
from twilio_mock.defaults import DEFAULT_PORT

README = ROOT / "README.md"
START_THE_SERVER = "pip install . && python -m twilio_mock"
PASS_THE_TESTS = "pip install -e '.[dev]' && pytest"
# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
SDKS_OWN = "ignore::DeprecationWarning"
URL_VARIABLE = "$TWILIO_MOCK_URL"


@dataclass(frozen=True)
class Snippet:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file_name(self) -> str:
        """The name of a file of its own that pytest finds."""
        return "test_" + re.sub(r"\W", "_", str(self)) + ".py"


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
    generated = r"<!-- (table: \w+|performance) -->.*?<!-- end -->"
    written = re.sub(generated, "", README.read_text(), flags=re.DOTALL)
    assert len(written.splitlines()) < 250


def is_test(snippet: Snippet) -> bool:
    """Whether it is for pytest."""
    return re.search(r"^(async )?def test_", snippet.text, re.MULTILINE) is not None


PROGRAMS = [each for each in snippets("python") if not is_test(each)]
TESTS = [each for each in snippets("python") if is_test(each)]


@pytest.mark.filterwarnings(SDKS_OWN)
@pytest.mark.parametrize("snippet", PROGRAMS, ids=str)
def test_a_program_runs(snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - clean_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "program.py"
    program.write_text(snippet.text)
    monkeypatch.setattr(sys, "argv", [str(program)])
    try:
        runpy.run_path(str(program), run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            raise


@pytest.fixture(scope="module")
def lines_of_pytest(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What pytest says of the snippets that are tests: of all at once, for it starts slowly."""
    folder, settings = tmp_path_factory.mktemp("snippets"), tmp_path_factory.mktemp("settings")
    for snippet in TESTS:
        (folder / snippet.file_name).write_text(snippet.text)
    return run_pytest(folder, settings, "-rA", "-W", SDKS_OWN).stdout.splitlines()


@pytest.mark.parametrize("snippet", TESTS, ids=str)
def test_a_test_passes(snippet: Snippet, lines_of_pytest: list[str]) -> None:
    outcomes = [
        line.partition(" ")[0]
        for line in lines_of_pytest
        if re.match(rf"[A-Z]+ \S*\b{snippet.file_name}::", line)
    ]
    assert set(outcomes) == {"PASSED"}, "\n".join(lines_of_pytest)
    assert len(outcomes) >= len(re.findall(r"^(?:async )?def test_", snippet.text, re.MULTILINE))


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
