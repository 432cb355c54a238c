"""Twilio's Applications API on your machine, for tests."""

from twilio_mock.account_handles import AccountHandle
from twilio_mock.errors import TwilioError
from twilio_mock.mock import TwilioMock, create_app
from twilio_mock.settings import Settings
from twilio_mock.version import __version__

__all__ = ["AccountHandle", "Settings", "TwilioError", "TwilioMock", "__version__", "create_app"]
