"""The page's files: how they are served, and what must never stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from tests.real_parts import ROOT
from twilio_mock import Settings, TwilioMock
from twilio_mock.control.http.page import page_files
from twilio_mock.dispatch import handle
from twilio_mock.wire import Request, Response

INDEX = "/_twilio_mock/"
FOLDER = ROOT / "twilio_mock" / "control" / "page"
SCRIPTS = sorted(FOLDER.glob("*.js"))
# What makes HTML or code of a text.
DANGEROUS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|DOMParser|srcdoc"
    r"|createContextualFragment|\beval\b|new Function|javascript:"
)


def asked(
    path: str = INDEX,
    method: str = "GET",
    settings: Settings | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """What a mock answers of its own."""
    mock = TwilioMock(settings=settings)
    request = Request(method, path, "", {"Host": "127.0.0.1:8010", **(headers or {})})
    response = handle(mock.state, request)
    assert isinstance(response, Response)
    assert len(mock.requests) == len(mock.unknown_requests) == 0
    return response


def test_the_page_is_served_without_being_journalled() -> None:
    page = asked()
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<title>twilio_mock</title>" in page.body


@pytest.mark.parametrize("name", sorted(page_files()))
def test_every_file_keeps_to_itself(name: str) -> None:
    path = INDEX if name == "index.html" else f"/_twilio_mock/page/{name}"
    file = asked(path)
    assert file.status == 200
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    policy = dict(
        each.partition(" ")[::2] for each in file.headers["Content-Security-Policy"].split("; ")
    )
    own = {name: "'self'" for name in ("script-src", "style-src", "img-src", "connect-src")}
    none = dict.fromkeys(
        ("default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types"), "'none'"
    )
    assert policy == {**own, **none, "require-trusted-types-for": "'script'"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_twilio_mock", 308),
        ("POST", INDEX, 405),
        ("GET", "/_twilio_mock/page/", 404),
        ("GET", "/_twilio_mock/page/index.html", 404),
        ("GET", "/_twilio_mock/page/../page.py", 404),
        ("GET", "/_twilio_mock/page/%2e%2e/page.py", 404),
        ("GET", "/_twilio_mock/page/main.js/x", 404),
    ],
)
def test_what_is_no_file_of_it_is_not_served(method: str, path: str, status: int) -> None:
    assert asked(path, method).status == status


def test_the_way_to_it_needs_no_last_slash() -> None:
    assert asked("/_twilio_mock").headers["Location"] == INDEX


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_it_is_no_page_of_another_site(headers: dict[str, str]) -> None:
    assert asked(headers=headers).status == 403


def test_it_needs_no_token_since_it_asks_for_it() -> None:
    settings = Settings(control_token="s3cret")
    assert asked(settings=settings).status == 200
    assert asked("/_twilio_mock/page/main.js", settings=settings).status == 200
    assert asked("/_twilio_mock/pages", settings=settings).status == 401


def lines() -> Iterator[tuple[str, str]]:
    for file in FOLDER.iterdir():
        for number, line in enumerate(file.read_text().splitlines(), 1):
            yield f"{file.name}:{number}", line


def test_no_text_is_ever_made_html_or_code() -> None:
    assert [place for place, line in lines() if re.search(DANGEROUS, line)] == []
    html = (FOLDER / "index.html").read_text()
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?! type=\"module\" src=)", html)


def test_nothing_is_fetched_from_elsewhere() -> None:
    known = {"http://www.w3.org/2000/svg", "http://127.0.0.1:3000"}
    found = {url for _, line in lines() for url in re.findall(r"https?://[\w./:-]+", line)}
    assert found <= known


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_module_is_short_and_opens_with_a_sentence(script: Path) -> None:
    text = script.read_text()
    assert len(text.splitlines()) <= 250
    assert re.match(r"// [A-Z][^\n]*[.:]\n(// [^\n]+\n)*\n", text)


def test_no_module_imports_itself_in_a_circle() -> None:
    imports = {
        each.name: set(re.findall(r'from "\./(\w+\.js)"', each.read_text())) for each in SCRIPTS
    }
    while imports:
        leaves = {name for name, wanted in imports.items() if not wanted & imports.keys()}
        assert leaves, sorted(imports)
        imports = {name: wanted for name, wanted in imports.items() if name not in leaves}


def test_the_package_brings_all_of_them() -> None:
    packaged = {each.name for each in (files("twilio_mock.control") / "page").iterdir()}
    assert packaged == page_files().keys()
