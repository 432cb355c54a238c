"""What the code of the package must not do: run what it is given, or compare secrets with `==`."""

from __future__ import annotations

import ast
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import twilio_mock
from tests.asking import basic
from tests.conftest import ask_in_process
from tests.real_parts import ROOT
from twilio_mock import Settings

PACKAGE = Path(twilio_mock.__file__).parent
RUNNING = {"eval", "exec", "compile", "__import__", "execfile"}
# They run what they read, or read entities.
UNSAFE = {
    *(
        "pickle",
        "_pickle",
        "cPickle",
        "marshal",
        "shelve",
        "dill",
        "cloudpickle",
        "yaml",
        "jsonpickle",
    ),
    *(
        "xml.etree",
        "xml.etree.ElementTree",
        "xml.dom",
        "xml.dom.minidom",
        "xml.sax",
        "lxml",
        "code",
    ),
    *("telnetlib", "ftplib", "imp", "ctypes"),
}
SECRET = re.compile(r"token|secret|password|digest|signature(?!s)|authorization", re.IGNORECASE)


def nodes(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """The nodes of a kind in the package's code, with their places."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}", node


def test_nothing_that_was_given_is_run_as_code() -> None:
    found = [
        place
        for place, call in nodes(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id in RUNNING
    ]
    shells = [
        place
        for place, call in nodes(ast.Call)
        for keyword in call.keywords
        if keyword.arg == "shell"
        and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    ]
    assert found + shells == []


def test_nothing_is_imported_that_runs_what_it_reads() -> None:
    imported = [(place, each.name) for place, node in nodes(ast.Import) for each in node.names]
    imported += [(place, node.module or "") for place, node in nodes(ast.ImportFrom)]
    # `escape` of xml.sax.saxutils reads nothing.
    assert [each for each in imported if each[1] in UNSAFE] == []


def test_no_secret_is_compared_with_an_operator() -> None:
    suspicious = [
        f"{place}: {ast.unparse(node)}"
        for place, node in nodes(ast.Compare)
        if any(isinstance(each, ast.Eq | ast.NotEq) for each in node.ops)
        and any(names_secret(side) for side in (node.left, *node.comparators))
        and not any(is_known_to_all(side) for side in (node.left, *node.comparators))
    ]
    assert suspicious == []


def names_secret(side: ast.expr) -> bool:
    """Whether one side of a comparison is a value that is secret by its name."""
    name = side.attr if isinstance(side, ast.Attribute) else ast.unparse(side)
    return bool(SECRET.search(name)) and not is_known_to_all(side)


def is_known_to_all(side: ast.expr) -> bool:
    """Whether one side of a comparison can be read in the code: nobody learns it from time."""
    if isinstance(side, ast.Tuple):
        return all(is_known_to_all(each) for each in side.elts)
    return isinstance(side, ast.Constant) or (isinstance(side, ast.Name) and side.id.isupper())


@pytest.mark.parametrize("door", ["token", "secondary token", "key", "control token"])
def test_each_way_in_compares_in_constant_time(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[Any, Any]] = []
    real = hmac.compare_digest

    def noting(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return real(one, other)

    for place in ("twilio_mock.rest.authentication", "twilio_mock.control.http.guard"):
        monkeypatch.setattr(f"{place}.compare_digest", noting)
    ask = ask_in_process(Settings(control_token="the-control-token"))
    ask.account.update(secondary_auth_token="the-secondary-token")
    key = ask.account.keys.create(friendly_name="x")
    sid = key.sid if door == "key" else ask.account.sid
    if door == "control token":
        headers = {"Authorization": "Bearer wrong", "Host": "localhost"}
        answer = ask("GET", "/_twilio_mock/accounts", headers=headers, credentials=None)
    else:
        answer = ask("GET", "Applications.json", credentials=basic(sid, "wrong"))
    assert answer.status == 401
    assert [given for _, given in compared if given == b"wrong"] or compared[0][0] == b"wrong"
