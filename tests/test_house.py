"""How the house is kept: sizes, names, docstrings, and what an import costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import twilio_mock
from tests.real_parts import ROOT

PACKAGE = Path(twilio_mock.__file__).parent
LONGEST_FILE, LONGEST_FUNCTION = 250, 40
# A row of sentences about one behaviour is read faster than as much code.
LONGEST_TEST_FILE = 350
# A table, with a line for each of Twilio's codes.
LONG_BY_NATURE = {"error_table.py"}
BANNED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "core", "misc"}
BANNED |= {"data", "info"}
# The SDK passes the one by keyword, asyncio's protocols have the other.
FORCED_ON_US = {
    "serving/in_process.py: data",
    "serving/connection.py: data",
    "serving/doorway.py: data",
    "serving/prompt.py: data",
    "serving/proxy.py: data",
}
HEAVY = {"aiohttp", "asyncio", "hypothesis", "multidict", "pytest", "requests", "twilio", "yarl"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def parsed(*places: Path) -> dict[str, ast.Module]:
    """The files below these folders, by their names."""
    files = sorted(path for place in places for path in place.rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in files}


@pytest.fixture(scope="module")
def package() -> dict[str, ast.Module]:
    """The files of the package."""
    return parsed(PACKAGE)


@pytest.fixture(scope="module")
def all_files(package: dict[str, ast.Module]) -> dict[str, ast.Module]:
    """Those, the tests and the examples."""
    return package | parsed(ROOT / "tests", ROOT / "examples" / "python")


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def test_each_file_opens_with_a_sentence_about_what_it_holds(
    all_files: dict[str, ast.Module],
) -> None:
    opening = {
        name: (ast.get_docstring(tree) or "").partition("\n\n")[0]
        for name, tree in all_files.items()
    }
    assert [name for name, text in opening.items() if not re.match(r"\W*\w.*\.$", text, re.S)] == []


def test_each_file_can_be_read_in_one_go(all_files: dict[str, ast.Module]) -> None:
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in all_files}
    long = [
        f"{name}: {length} lines"
        for name, length in lengths.items()
        if length > (LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE)
        and Path(name).name not in LONG_BY_NATURE
    ]
    assert not long, "\n".join(long)


def test_each_function_fits_on_a_screen(all_files: dict[str, ast.Module]) -> None:
    long = [
        f"{name}: {function.name}"
        for name, tree in all_files.items()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def names(tree: ast.AST) -> Iterator[str]:
    """Every name that a file gives to something."""
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def test_no_name_says_nothing(package: dict[str, ast.Module]) -> None:
    found = set()
    for path, tree in package.items():
        place = path.removeprefix("twilio_mock/")
        for name in {*names(tree), *Path(place).with_suffix("").parts}:
            ends_so = name[:1].isupper() and name.lower().endswith(tuple(BANNED))
            if name.strip("_").lower() in BANNED or ends_so:
                found.add(f"{place}: {name}")
    assert not found - FORCED_ON_US


def test_exported_names_are_sorted_and_exist() -> None:
    for module in pkgutil.walk_packages([str(PACKAGE)], "twilio_mock."):
        if not module.name.endswith("__main__"):
            found = importlib.import_module(module.name)
            exported = list(getattr(found, "__all__", []))
            assert exported == sorted(exported), module.name
            assert [name for name in exported if not hasattr(found, name)] == []
    assert list(twilio_mock.__all__) == sorted(twilio_mock.__all__)


def test_every_public_name_says_what_it_promises(package: dict[str, ast.Module]) -> None:
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in package.items()
        for node in definitions(tree)
        if not (node.name.startswith("_") or ast.get_docstring(node) or is_operation(node))
    ]
    assert not silent, "\n".join(silent)


def definitions(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """The functions and classes of a module and the methods of its classes."""
    for node in tree.body:
        for each in [node, *(node.body if isinstance(node, ast.ClassDef) else [])]:
            if isinstance(each, Definition):
                yield each


def is_operation(node: ast.AST) -> bool:
    """Whether it answers a call of the control API, whose table of operations explains it."""
    return isinstance(node, Function) and "call: Call" in ast.unparse(node.args)


@pytest.mark.parametrize("name", [name for name in twilio_mock.__all__ if name != "__version__"])
def test_what_is_exported_is_explained(name: str) -> None:
    assert inspect.getdoc(getattr(twilio_mock, name))


def imported_by(statement: str) -> set[str]:
    """The top-level modules that a statement loads in a new interpreter."""
    program = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_the_import_of_the_package_loads_nothing_heavy() -> None:
    loaded = imported_by("import twilio_mock; twilio_mock.TwilioMock().applications.create()")
    assert HEAVY & loaded == set()


def test_the_pytest_plugin_loads_nothing_heavy_but_pytest() -> None:
    assert (HEAVY - {"asyncio", "pytest"}) & imported_by(
        "import twilio_mock.pytest_plugin"
    ) == set()


def test_every_test_is_named_by_a_sentence(all_files: dict[str, ast.Module]) -> None:
    tests = [
        f"{path}: {function.name}"
        for path, tree in all_files.items()
        for function in functions(tree)
        if function.name.startswith("test_")
    ]
    assert [name for name in tests if name.count("_") < 4] == []


def test_no_test_stops_its_thread_to_wait_for_something(all_files: dict[str, ast.Module]) -> None:
    naps = [
        f"{path}:{node.lineno}"
        for path, tree in all_files.items()
        for node in ast.walk(tree)
        if path.startswith("tests/")
        and isinstance(node, ast.Call)
        and ast.unparse(node.func) == "time.sleep"
    ]
    assert not naps, "\n".join(naps)
