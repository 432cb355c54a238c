"""What a command cannot do: one clear line, exit status 2."""

from __future__ import annotations


class CannotRun(Exception):
    """What was asked for cannot be done; the text is the line that says why."""

    def __init__(self, why: object) -> None:
        super().__init__(str(why).removeprefix("twilio_mock: "))
