"""Twilio's Applications API on your machine, for tests."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from twilio_mock.version import __version__

# Each is imported when it is first asked for: pytest imports this package in every run that has
# the plugin, also in those that never use it.
if TYPE_CHECKING:
    from twilio_mock.account_handles import AccountHandle
    from twilio_mock.complaints import EscapedRequest, TwilioMockWarning
    from twilio_mock.errors import TwilioError
    from twilio_mock.mock import TwilioMock, create_app
    from twilio_mock.settings import Settings

ROOMS = {
    "AccountHandle": "account_handles",
    "EscapedRequest": "complaints",
    "Settings": "settings",
    "TwilioError": "errors",
    "TwilioMock": "mock",
    "TwilioMockWarning": "complaints",
    "create_app": "mock",
}

__all__ = [
    "AccountHandle",
    "EscapedRequest",
    "Settings",
    "TwilioError",
    "TwilioMock",
    "TwilioMockWarning",
    "__version__",
    "create_app",
]


def __getattr__(name: str) -> object:
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
    globals()[name] = found
    return found
