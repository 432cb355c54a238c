"""What the mock says to the test, not to the client: its warnings and errors."""

from __future__ import annotations


class TwilioMockWarning(UserWarning):
    """Something in a request that Twilio would ignore, or may refuse."""


class EscapedRequest(RuntimeError):
    """Code under test was about to leave for a host of Twilio's that the mock does not play."""
