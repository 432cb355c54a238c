"""What a command cannot do: one clear line, and an exit status."""

from __future__ import annotations


class CannotRun(Exception):
    """What was asked for cannot be done; the text is the line that says why."""

    def __init__(self, why: object, *, status: int = 2) -> None:
        super().__init__(str(why).removeprefix("twilio_mock: ").removeprefix("twilio_mock "))
        self.status = status


def reason(problem: OSError) -> str:
    """What the system says of a file, without its number."""
    return problem.strerror or str(problem)
