"""The switch between the short and the long version of the campaigns."""

from __future__ import annotations

import pytest

from tests.real_parts import ROOT
from tests.reliability.effort import VARIABLE, effort

COMMAND = f"{VARIABLE}=long pytest tests/reliability"


@pytest.mark.parametrize(
    ("said", "chosen"), [(None, "few"), ("", "few"), ("short", "few"), ("long", "many")]
)
def test_the_short_version_is_run_unless_the_long_one_is_asked_for(
    said: str | None, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if said is not None:
        monkeypatch.setenv(VARIABLE, said)
    assert effort("few", "many") == chosen


def test_a_misspelt_effort_is_no_silent_short_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "Long")
    with pytest.raises(ValueError, match="TWILIO_MOCK_TESTS_EFFORT is short or long, not 'Long'"):
        effort("few", "many")


def test_one_documented_command_runs_the_long_version_and_ci_has_it_too() -> None:
    assert f"\n    {COMMAND}\n" in (ROOT / "docs" / "reliability.md").read_text()
    words = [word for word in COMMAND.split() if word in (ROOT / ".ci" / "run").read_text()]
    assert words == COMMAND.split()
