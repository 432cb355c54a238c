"""What the mock says to the test, not to the client: its warnings and errors."""

from __future__ import annotations

from traceback import walk_tb
from types import FrameType


def helped_by(section: str) -> str:
    """Where to read on, at the end of a message."""
    return f"(docs/testing.md of twilio_mock, section '{section}')"


class TwilioMockWarning(UserWarning):
    """Something in a request that Twilio would ignore, or may refuse."""


class EscapedRequest(RuntimeError):
    """Code under test was about to leave for a host of Twilio's that the mock does not play.

    `host` is that host, without edge and region, as it can be allowed.
    """

    def __init__(self, message: str, host: str = "") -> None:
        super().__init__(message)
        self.host = host

    @property
    def path(self) -> list[FrameType]:
        """The frames that it came through, from the one that caught it to the one that raised."""
        return [frame for frame, _ in walk_tb(self.__traceback__)]
