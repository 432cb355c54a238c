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


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("name", REAL_PARTS)
def test_a_missing_part_skips_the_test_and_says_how_to_get_it(name: str) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"{name} is missing: install "):
        require(name)


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("name", REAL_PARTS)
def test_a_missing_part_that_was_demanded_fails_the_test(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DEMANDED, f"{name}, ")
    with pytest.raises(pytest.fail.Exception, match=f"{name} is missing: install .* demands it"):
        require(name)


@pytest.mark.usefixtures("bare_machine")
def test_a_demand_for_a_part_that_does_not_exist_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEMANDED, "nodejs")
    with pytest.raises(pytest.fail.Exception, match=r"names \['nodejs'\]; there are: curl, node"):
        require("curl")
