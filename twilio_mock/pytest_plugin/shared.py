"""The one server that workers and test runs share, where `twilio_mock_url` names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from twilio_mock.complaints import helped_by
from twilio_mock.remote.shared_mock import SharedMock
from twilio_mock.serving.control_caller import Unreachable
from twilio_mock.settings import Settings

HELP = helped_by("One server for many")


class SharedServer:
    """Gives every test the same mock, which runs elsewhere and stays when the session ends."""

    def __init__(self, url: str, token: str | None) -> None:
        self._mock = SharedMock(url, token)

    def with_settings(self, settings: Settings) -> SharedMock:
        """The mock; fails the test if it wants settings, which are the server's own."""
        if settings != Settings():
            pytest.fail(
                "twilio_mock: usage error: twilio_mock_settings asks for settings, and the server "
                f"at {self._mock.url} has its own; start it with them, as in `twilio-mock serve "
                f"--application-limit 5`, or run without twilio_mock_url {HELP}",
                pytrace=False,
            )
        return self._mock


def check_server(values: Mapping[str, Any]) -> None:
    """Refuse, as a usage error, a URL where no mock of this version obeys."""
    try:
        SharedMock(values["url"], values["control_token"] or None).check()
    except Unreachable as problem:
        raise pytest.UsageError(f"{problem} {HELP}") from None
