"""What one test gets: a fresh account, the environment and the SDK set to it, and all freed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any

import pytest

from twilio_mock.account_handles import AccountHandle
from twilio_mock.mock import TwilioMock
from twilio_mock.pytest_plugin import options
from twilio_mock.serving.redirection import REDIRECTION
from twilio_mock.settings import Settings

CREDENTIALS = ("account_sid", "auth_token")
NO_SETTINGS = Settings()


class OneTest:
    """The fixture `twilio_mock` of one test, from its set-up to its tear-down."""

    def __init__(
        self,
        item: pytest.Item,
        settings: Mapping[str, object],
        server: TwilioMock,
        with_settings: Callable[[Settings], TwilioMock],
    ) -> None:
        self._item = item
        self._options = options.of_test(item)
        self._stack = ExitStack()
        self._credentials = {name: settings[name] for name in CREDENTIALS if name in settings}
        wanted = settings_in(settings)
        self._mock = server if wanted == NO_SETTINGS else with_settings(wanted)

    def __enter__(self) -> AccountHandle:
        try:
            self._account = self._open_accounts()
        except (TypeError, ValueError) as problem:
            self._stack.close()
            pytest.fail(str(problem), pytrace=False)
        self._set_environment()
        target = self._mock.target(self._options["allow"])
        REDIRECTION.add(target)
        self._stack.callback(REDIRECTION.remove, target)
        return self._account

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _open_accounts(self) -> AccountHandle:
        """The test's account, and those that its marker asks for beside it."""
        further: Mapping[str, str] = self._options.get("accounts") or {}
        account = self._open(
            self._options["seed"],
            sid=self._credentials.get("account_sid"),
            auth_token=self._credentials.get("auth_token"),
        )
        for sid, auth_token in further.items():
            self._open(self._options["seed"], sid=sid, auth_token=auth_token)
        return account

    def _open(self, seed: str, **fields: Any) -> AccountHandle:
        account = self._mock.accounts.create(seed=seed or None, **fields)
        self._stack.callback(self._free, account.sid)
        return account

    def _free(self, sid: str) -> None:
        if sid in self._mock.accounts:  # else the test did it
            self._mock.accounts.free(sid)

    def _set_environment(self) -> None:
        patch = pytest.MonkeyPatch()
        for name, value in self._account.environment.items():
            patch.setenv(name, value)
        self._stack.callback(patch.undo)


def settings_in(given: Mapping[str, object]) -> Settings:
    """The settings proper in what the fixture `twilio_mock_settings` gave; fails the test."""
    fields: dict[str, Any] = {k: v for k, v in given.items() if k not in CREDENTIALS}
    try:
        return Settings(**fields) if fields else NO_SETTINGS
    except (TypeError, ValueError) as problem:
        known = ", ".join((*CREDENTIALS, *Settings.__dataclass_fields__))
        message = f"twilio_mock: the fixture twilio_mock_settings gave {dict(given)}: {problem}"
        pytest.fail(f"{message}; there are: {known}", pytrace=False)
