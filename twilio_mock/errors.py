"""Every refusal that Twilio can give: its HTTP status, its code and its message.

The names of the codes and their statuses come from Twilio's error dictionary; messages that were
seen on the wire are used in their wording, for the rest the dictionary's name is the message.
"""

from __future__ import annotations

from collections.abc import Mapping

NO_HEADERS: Mapping[str, str] = {}
# Where what was seen on the wire differs from the dictionary: the message, and the last part of
# more_info. 20500 was recorded in 2025 or 2026, 20503 in 2025.
RECORDED: Mapping[int, tuple[str, int]] = {
    20500: ("An internal server error has occurred", 20500),
    20503: ("Service is unavailable, please try again", 503),
}


class TwilioError(Exception):
    """A refusal in Twilio's envelope; `code` is Twilio's own, or the HTTP status if it has none."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        # Not before it is needed: a server is not to wait for four hundred names.
        from twilio_mock.error_table import DICTIONARY

        known = DICTIONARY.get(code)
        seen = RECORDED.get(code)
        if message is None:
            message = seen[0] if seen else known.name if known else f"Error {code}"
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or (known and known.status) or 400
        # Seen on every refusal since 2025.
        self.headers = {"X-Twilio-Error-Code": str(code), **headers}

    @property
    def more_info(self) -> str:
        """Where the code is explained."""
        place = RECORDED.get(self.code, ("", self.code))[1]
        return f"https://www.twilio.com/docs/errors/{place}"


class AuthenticationFailed(TwilioError):
    """401: the credentials do not open this path. Three messages were recorded, 2018 to 2026."""

    def __init__(self, message: str = "Authenticate") -> None:
        # Realm as recorded in 2014 and 2026.
        super().__init__(20003, message, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'})


class NotFound(TwilioError):
    """404: neither such a path nor such a record. The path is quoted with its extension."""

    def __init__(self, path: str) -> None:
        super().__init__(20404, f"The requested resource {path} was not found")


class MethodNotAllowed(TwilioError):
    """405: the resource is there, but it has no such operation (dictionary: 20004)."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(20004, headers={"Allow": ", ".join(allowed)})


class InvalidParameter(TwilioError):
    """400: a parameter was refused; `parameter` is its name as Twilio spells it."""

    def __init__(self, parameter: str, code: int, message: str | None = None) -> None:
        super().__init__(code, message)
        self.parameter = parameter


class EntityTooLarge(TwilioError):
    """413: the body has more than `limit` bytes (dictionary: 20413)."""

    def __init__(self, limit: int) -> None:
        super().__init__(20413, f"Request Entity Too Large: the body is above {limit} bytes")


class MockRefusal(TwilioError):
    """A refusal of the mock itself, which Twilio would not give in these words.

    It speaks in Twilio's envelope so that every client can read it, carries the HTTP status as
    its code, and its message says who speaks.
    """

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        super().__init__(status, f"twilio_mock: {message}", status=status, headers=headers)

    @property
    def more_info(self) -> str:
        """The part of this project's documentation that helps."""
        return "docs/modelled.md of twilio_mock"
