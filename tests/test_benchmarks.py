"""The benchmark: its table is the README's, and it judges as the targets say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.__main__ import PARTS, parser
from benchmarks.figures import Figures
from benchmarks.plot import FOLDER, THEMES, draw, drawn
from benchmarks.report import RESULTS, as_text, control, read, short_table, with_table, write
from benchmarks.requests_asked import of_twilio
from benchmarks.targets import GROSSLY, SHORT, TARGETS, rows
from benchmarks.wrk import script
from tests.real_parts import ROOT


def test_the_table_of_the_readme_is_that_of_the_figures_kept() -> None:
    text = (ROOT / "README.md").read_text()
    assert text == with_table(text, read()), "run: python -m benchmarks --write"
    assert "| fetch: requests/s |" in text


def test_the_plot_is_that_of_the_figures_kept() -> None:
    for name, colours in THEMES.items():
        picture = (FOLDER / f"performance-{name}.svg").read_text()
        assert picture == drawn(read(), colours), "run: python -m benchmarks --write"
        assert ET.fromstring(picture).tag.endswith("svg")


def test_every_target_was_measured_or_says_why_not() -> None:
    assert [row.target for row in rows(read())] == list(TARGETS)


def test_a_figure_on_the_wrong_side_of_its_limit_fails() -> None:
    figures: Figures = {
        "fetch.rate.bare": 0.84,
        "fetch.cpu.bare": 1.19,
        "prism.missing": "not installed",
    }
    seen = {row.target.figure: (row.verdict, row.seen) for row in rows(figures)}
    assert seen["fetch.rate.bare"] == ("FAIL", "0.84")
    assert seen["fetch.cpu.bare"] == ("pass", "1.19")
    assert seen["fetch.rate.prism"] == ("-", "not installed")
    assert "memory.idle_mib" not in seen


@pytest.mark.parametrize(("times", "good"), [(1.0, True), (GROSSLY * 1.01, False)])
def test_the_short_version_fails_for_gross_regressions_only(times: float, good: bool) -> None:
    figures: Figures = {target.figure: target.limit for target in SHORT}
    last = SHORT[-1]
    table, verdict = short_table({**figures, last.figure: last.limit * times}, {})
    assert verdict is good
    assert short_table({**figures, last.figure: last.limit * times}, {last.figure: 99.0})[1]
    assert last.what in table


def test_the_control_is_told(tmp_path: Path) -> None:
    figures: Figures = {"fetch.rate.copy": 1.02, "fetch.cpu.copy": 0.97}
    assert "1.02 of its requests/s, 0.97 of its CPU" in control(figures)
    assert control({}) == ""
    write(figures, tmp_path / "results.json")
    assert read(tmp_path / "results.json") == figures
    draw(figures, tmp_path)
    assert len(list(tmp_path.glob("*.svg"))) == len(THEMES)
    assert as_text([]).startswith("what")


def test_rows_are_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    assert "".join(", ".join(PARTS).split()) in "".join(capsys.readouterr().out.split())


def test_a_peer_that_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "PYTHON", Path("nowhere"))
    monkeypatch.setattr(peers, "PRISM", Path("nowhere"))
    for find in (peers.prism_command, lambda: peers.find_python_peer("localstripe")):
        with pytest.raises(peers.NotInstalled, match="--install-peers"):
            find()


def test_a_request_is_the_same_for_wrk_and_as_bytes() -> None:
    asked = of_twilio("POST", "/a", {"FriendlyName": "Phone Me"})
    assert b"\r\nContent-Length: 21\r\n" in asked.to_bytes()
    assert asked.to_bytes().endswith(b"\r\n\r\nFriendlyName=Phone+Me")
    assert "wrk.body = [==[FriendlyName=Phone+Me]==]" in script(asked)
    assert RESULTS.exists()
