"""How a campaign is run: a function is tried on many examples, and they are counted."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tests.reliability.conftest import Tell
from tests.reliability.effort import effort, is_long

Refusal = TypeVar("Refusal", bound=Exception)
SHOWN_AT_MOST = 3000  # characters of an input that failed


def examples(short: int, long: int, **options: Any) -> settings:
    """How many examples are tried; those of the short version are the same in every run."""
    return settings(
        max_examples=effort(short, long),
        derandomize=not is_long(),
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        # Explaining a failure takes longer than finding it.
        phases=[Phase.explicit, Phase.generate, Phase.target, Phase.shrink],
        **options,
    )


def campaign(
    tell: Tell, attempt: Callable[..., None], tries: settings, **given_: SearchStrategy[Any]
) -> None:
    """Try a function on examples of its arguments, and tell how many it was."""
    tried = 0

    @functools.wraps(attempt)
    def counted(**arguments: Any) -> None:
        nonlocal tried
        tried += 1
        try:
            attempt(**arguments)
        except Exception as problem:
            shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
            problem.add_note(f"{attempt.__name__}({shown[:SHOWN_AT_MOST]})")
            raise

    tries(given(**given_)(counted))()
    tell(f"{attempt.__name__}, inputs", f"{tried:,}")


def refusal_by(action: Callable[[], object], kind: type[Refusal]) -> Refusal | None:
    """What an action is refused with, or `None` if it is done."""
    try:
        action()
    except kind as problem:
        return problem
    return None
