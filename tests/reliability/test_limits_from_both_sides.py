"""Every limit is a setting, an option and a row of the documentation, and holds on both sides."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import fields

import pytest

from tests.real_parts import ROOT
from tests.reliability.both_sides import BOTH_SIDES, World
from twilio_mock import Settings
from twilio_mock.command_line.options import OPTIONS
from twilio_mock.settings import LIMITS


@pytest.mark.parametrize("name", LIMITS)
def test_what_a_limit_allows_works_and_what_is_beyond_gets_a_clear_answer(
    name: str, opened: ExitStack
) -> None:
    BOTH_SIDES[name](World(opened))


def test_every_number_among_the_settings_is_a_limit() -> None:
    numbers = {each.name for each in fields(Settings) if type(each.default) in (int, float)}
    assert numbers == set(LIMITS) == set(BOTH_SIDES)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_an_option_of_the_program_with_the_same_default(name: str) -> None:
    [option] = [each for each in OPTIONS if each.name == name]
    assert option.default == getattr(Settings(), name)
    assert option.read("7") == 7
    cells = (option.flag, f"TWILIO_MOCK_{name.upper()}", "[^|]*", f"`{option.default}`")
    row = "^[|] `{}` [|] `{}` [|]{}[|] {} [|]".format(*cells)
    assert re.search(row, (ROOT / "docs" / "standalone.md").read_text(), re.MULTILINE)
    assert f"| `{name}` |" in (ROOT / "docs" / "modelled.md").read_text()


def test_a_limit_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="body_timeout must be above 0, not nan"):
        Settings(body_timeout=float("nan"))
