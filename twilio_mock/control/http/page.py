"""The files of the page that shows what goes on, and the headers that keep it to itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from twilio_mock.control.http.problems import Problem
from twilio_mock.control.http.root import ROOT
from twilio_mock.wire import Request, Response

INDEX = f"{ROOT}/"
FOLDER = f"{ROOT}/page/"
TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No text becomes HTML or code, not even by a mistake in a module.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_page(path: str) -> bool:
    """Whether a path belongs to the page: to its files, which hold nothing that is secret."""
    return path in (ROOT, INDEX) or path.startswith(FOLDER)


def answer_page(request: Request) -> Response:
    """A file of the page, or the way to it; raises a `Problem`."""
    if request.method not in ("GET", "HEAD"):
        raise Problem(405, f"{request.method} means nothing here", headers={"Allow": "GET"})
    if request.path == ROOT:
        return Response(308, {**HEADERS, "Location": INDEX, "Content-Length": "0"})
    name = "index.html" if request.path == INDEX else request.path[len(FOLDER) :]
    content = page_files().get(name)
    if content is None or (name == "index.html" and request.path != INDEX):
        raise Problem(404, f"the page has no file {name[:80]!r}")
    kind = TYPES[name.rpartition(".")[2]]
    headers = {**HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}
    return Response(200, headers, content)


@cache
def page_files() -> dict[str, bytes]:
    """The files by their names, read when they are first asked for."""
    folder = files("twilio_mock.control") / "page"
    return {
        each.name: each.read_bytes()
        for each in folder.iterdir()
        if each.name.rpartition(".")[2] in TYPES
    }
