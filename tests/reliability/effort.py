"""How hard the campaigns try: a short version for every run of the tests, and a long one."""

from __future__ import annotations

import os
from typing import TypeVar

VARIABLE = "TWILIO_MOCK_TESTS_EFFORT"
"""Environment variable: `short`, which is the default, or `long`."""

T = TypeVar("T")


def is_long() -> bool:
    """Whether the long campaigns were asked for; raises `ValueError` for a word that is neither."""
    effort = os.environ.get(VARIABLE) or "short"
    if effort not in ("short", "long"):
        raise ValueError(f"{VARIABLE} is short or long, not {effort!r}")
    return effort == "long"


def effort(short: T, long: T) -> T:
    """The one for the short version, or the other for the long one."""
    return long if is_long() else short
