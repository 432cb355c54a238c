"""The pages of the documentation agree with the code, and with each other."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from types import FrameType

import aiohttp
import pytest

from tests import doc_tables
from tests.asking import basic
from tests.doc_tables import PAGES
from tests.real_parts import ROOT
from twilio_mock import TwilioMock
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.resources.fields import Field
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.routing import find_route, read_path

PACKAGE = ROOT / "twilio_mock"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
MODELLED = ROOT / "docs" / "modelled.md"
# The words of a field's declaration that the tables say in a column, or with another word.
IN_A_COLUMN = {"name", "kind", "default", "on_create", "on_update", "refused_code", "needs_code"}
IN_A_SECTION = {
    *("name", "plural", "sid_prefix", "fields", "documentation", "verbs", "operation_ids"),
    *("newest_first", "limit", "limit_code", "page_without_token", "idle_filters", "rules"),
    *("is_account", "opens_account", "for_main_credentials", "with_test_credentials"),
}


def page_name(page: Path) -> str:
    """How a test calls a page."""
    return page.relative_to(ROOT).as_posix()


def section(page: Path, heading: str) -> str:
    """What stands below a heading of the second level."""
    return page.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, heads left out."""
    cells = re.findall(r"^\| (.*?) \|.*", text, re.MULTILINE)
    head = {place - 1 for place, cell in enumerate(cells) if cell == "---"}
    return [cell for place, cell in enumerate(cells) if cell != "---" and place not in head]


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_the_tables_of_a_page_say_what_the_declarations_say(page: Path) -> None:
    text = page.read_text()
    assert text == doc_tables.with_tables(text), f"out of date: run `{doc_tables.WRITE}`"


def test_the_command_names_a_page_that_is_out_of_date_and_rewrites_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: mistakes -->\nold\n<!-- end -->\nafter\n")
    monkeypatch.setattr(doc_tables, "ROOT", tmp_path)
    monkeypatch.setattr(doc_tables, "PAGES", [page])
    command = doc_tables.main
    assert [command([]), command(["--write"]), command([])] == [1, 0, 0]
    assert capsys.readouterr().out == "page.md is out of date\npage.md rewritten\n"
    text = page.read_text()
    assert (text[:7], text[-6:]) == ("before\n", "after\n")
    assert "| `unknown_parameter` |" in text
    assert "old" not in text


def test_every_table_stands_on_a_page() -> None:
    text = "".join(page.read_text() for page in PAGES)
    assert doc_tables.TABLES.keys() == {name for _, name, _ in doc_tables.MARKED.findall(text)}


def test_the_tables_leave_no_word_of_a_declaration_unsaid() -> None:
    of_a_field = {word.name for word in fields(Field)} - {"_"}
    assert of_a_field == doc_tables.REMARKS.keys() | IN_A_COLUMN
    assert {word.name for word in fields(Resource)} == IN_A_SECTION


def test_every_kind_of_property_is_explained() -> None:
    kinds = [kind.name.lower().replace("_", " ") for kind in Kind]
    assert sorted(first_cells(section(MODELLED, "Kinds of properties"))) == sorted(kinds)


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert anchor in map(slug, headings), target


def find(node: ast.AST, name: str) -> ast.AST | None:
    """What defines a name in the body of a module or a class."""
    for child in getattr(node, "body", ()):
        if isinstance(child, ast.Assign):
            names = [ast.unparse(target) for target in child.targets]
        elif isinstance(child, ast.AnnAssign):
            names = [ast.unparse(child.target)]
        else:
            names = [getattr(child, "name", "")]
        if name in names:
            return child  # type: ignore[no-any-return]
    return None


def definition(file: str, name: str) -> ast.AST | None:
    """What defines a name such as `Door.answer` in a file of the package."""
    node: ast.AST | None = ast.parse((PACKAGE / file).read_text())
    for part in name.split("."):
        node = find(node, part) if node else None
    return node


def named(text: str) -> list[tuple[str, str]]:
    """The names written as `file.py:name`."""
    return re.findall(r"`([\w/]+\.py):([\w.]+)`", text)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_files_and_names_that_a_page_mentions_exist(page: Path) -> None:
    text = page.read_text()
    for file in re.findall(r"`([\w./-]+\.(?:py|md|toml)|[\w/-]+/)`", text):
        assert any((root / file).exists() for root in (ROOT, PACKAGE, page.parent)), file
    for file, name in named(text):
        assert definition(file, name), f"{file}:{name}"


def test_the_floors_are_those_of_the_import_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [floors] = [each for each in contracts["contracts"] if each["id"] == "floors"]
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    layers = [set(re.findall(r"\w+", layer)) & rooms for layer in floors["layers"]]
    written = [set(re.findall(r"\w+", c)) for c in first_cells(section(ARCHITECTURE, "The floors"))]
    assert written == list(filter(None, layers))
    assert set().union(*written) == rooms - {"__init__", "__pycache__", "py"}


async def test_a_post_takes_the_way_that_is_described() -> None:
    way = section(ARCHITECTURE, "The way of one POST")
    described = [(f, n) for f, n in named(way) if not isinstance(definition(f, n), ast.ClassDef)]
    called: dict[tuple[str, str], None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        place = Path(frame.f_code.co_filename)
        if event == "call" and PACKAGE in place.parents:
            called[place.relative_to(PACKAGE).as_posix(), frame.f_code.co_qualname] = None

    async with TwilioMock() as mock, aiohttp.ClientSession() as session:
        credentials = {"Authorization": basic(mock.account.sid, mock.account.auth_token)}
        url = f"{mock.url}/2010-04-01/Accounts/{mock.account.sid}/Applications.json"
        for remembered in (read_path, find_route):
            remembered.cache_clear()  # another test may have asked for the same path
        sys.setprofile(note)
        try:
            await session.post(url, data={"FriendlyName": "Phone Me"}, headers=credentials)
        finally:
            sys.setprofile(None)
    assert described
    assert [step for step in called if step in described] == described


def test_each_operation_of_the_control_api_has_an_example() -> None:
    text = (ROOT / "docs" / "control.md").read_text()
    for operation in OPERATIONS:
        parts = re.split(r"\{\w+\}", operation.path)
        pattern = r"[\w$.-]+".join(map(re.escape, parts))
        assert re.search(rf'call {operation.method} "?{pattern}[ \n"?)]', text), operation.name
