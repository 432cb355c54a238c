"""A missing program is a skip on a laptop and a failure where it was demanded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real_parts import DEMANDED, REAL_PARTS, require


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose PATH holds no program, and nothing demanded."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(DEMANDED, raising=False)


def refusal_of(name: str) -> tuple[str, str]:
    """How `require` ends the test, and its words; both ways are caught, or a skip skips us."""
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception)) as ended:
        require(name)
    return ("skip" if ended.type is pytest.skip.Exception else "fail"), str(ended.value)


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("name", REAL_PARTS)
def test_a_missing_part_skips_the_test_and_says_how_to_get_it(name: str) -> None:
    outcome, words = refusal_of(name)
    assert outcome == "skip"
    assert words == f"{name} is missing: {REAL_PARTS[name].remedy}"


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("name", REAL_PARTS)
def test_a_missing_part_that_was_demanded_fails_the_test(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DEMANDED, f"{name}, ")
    outcome, words = refusal_of(name)
    assert outcome == "fail"
    assert words == f"{name} is missing: {REAL_PARTS[name].remedy} ({DEMANDED} demands it)"


@pytest.mark.usefixtures("bare_machine")
def test_a_demand_for_a_part_that_does_not_exist_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEMANDED, "nodejs")
    known = ", ".join(REAL_PARTS)
    assert refusal_of("curl") == ("fail", f"{DEMANDED} names ['nodejs']; there are: {known}")
