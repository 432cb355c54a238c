"""What was done to two mocks, as a script that does it again."""

from __future__ import annotations

from typing import Any

from tests.asking import Answer
from tests.reliability.two_doors import Both

HEAD = """
from tests.reliability.test_model import LIMITS
from tests.reliability.two_doors import Both

with Both.start(LIMITS) as both:
"""


class Script:
    """Passes on what is said to both mocks, and remembers it."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.lines: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def step(*arguments: Any) -> Any:
            shown = ", ".join(map(repr, arguments))
            self.lines.append(f"    both.{name}({shown})")
            result = getattr(self.both, name)(*arguments)
            if isinstance(result, Answer):
                self.lines[-1] += f"  # {result.status}"
            return result

        return step

    def __str__(self) -> str:
        return "\n".join([HEAD.rstrip(), *self.lines])
