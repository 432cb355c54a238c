"""The SDK is not imported before the application does it, and is redirected all the same."""

from __future__ import annotations

import subprocess
import sys

from tests.real_parts import clean_environment

IMPORTED_LATER = """
import sys
from twilio_mock import TwilioMock
with TwilioMock() as mock:
    assert "twilio" not in sys.modules, "entering the mock has imported the SDK"
    from twilio.rest import Client
    client = Client(mock.account.sid, mock.account.auth_token)
    assert client.applications.create().sid in mock.applications
    assert hasattr(Client.get_hostname, "__wrapped__")
assert not hasattr(Client.get_hostname, "__wrapped__")
"""

NOT_INSTALLED = """
import sys
sys.modules["twilio"] = None
from twilio_mock import TwilioMock
with TwilioMock() as mock:
    mock.applications.create(friendly_name="Phone Me")
"""

IMPORTED_AFTERWARDS = """
import sys
from twilio_mock import TwilioMock
before = list(sys.meta_path)
with TwilioMock():
    assert sys.meta_path != before
assert sys.meta_path == before
from twilio.rest import Client
assert not hasattr(Client.get_hostname, "__wrapped__")
"""


def run(program: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr


def test_an_sdk_that_is_imported_later_is_redirected() -> None:
    run(IMPORTED_LATER)


def test_no_sdk_is_needed() -> None:
    run(NOT_INSTALLED)


def test_an_sdk_that_is_imported_afterwards_is_left_alone() -> None:
    run(IMPORTED_AFTERWARDS)
