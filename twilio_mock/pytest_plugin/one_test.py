"""What one test gets: a fresh account, the environment and the SDK set to it, and all freed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from twilio_mock.account_handles import AccountHandle
from twilio_mock.complaints import EscapedRequest, helped_by
from twilio_mock.mock import TwilioMock
from twilio_mock.pytest_plugin import options
from twilio_mock.pytest_plugin.diagnosis import Diagnosis
from twilio_mock.serving.redirection import REDIRECTION
from twilio_mock.settings import Settings

if TYPE_CHECKING:
    from twilio_mock.remote.shared_mock import SharedMock

CREDENTIALS = ("account_sid", "auth_token")
NO_SETTINGS = Settings()
FIXED = (
    "twilio_mock: usage error: twilio_mock_settings gives fixed credentials, and the server at {} "
    "is shared: two tests at once would have the same account. Leave them out, or run without "
    "twilio_mock_url " + helped_by("One server for many")
)
NO_MAPPING = (
    "twilio_mock: usage error: the fixture twilio_mock_settings gave {!r}; it returns a mapping, "
    'such as {{}} or {{"application_limit": 5}}'
)
# Which test an account belonged to that is gone.
ENDED = pytest.StashKey[dict[str, str]]()


class OneTest:
    """The fixture `twilio_mock` of one test, from its set-up to its tear-down.

    `account` is there after `begin()`.
    """

    account: AccountHandle
    diagnosis: Diagnosis

    def __init__(
        self,
        item: pytest.Item,
        settings: Mapping[str, object],
        server: TwilioMock | SharedMock,
        with_settings: Callable[[Settings], TwilioMock | SharedMock],
    ) -> None:
        if not isinstance(settings, Mapping):
            pytest.fail(NO_MAPPING.format(settings), pytrace=False)
        self._item = item
        self._options = options.of_test(item)
        self._stack = ExitStack()
        self._ended = item.config.stash.setdefault(ENDED, {})
        self._credentials = {name: settings[name] for name in CREDENTIALS if name in settings}
        wanted = settings_in(settings)
        self._mock = server if wanted == NO_SETTINGS else with_settings(wanted)
        if self._credentials and self._mock.state.kept_at is not None:
            pytest.fail(FIXED.format(self._mock.state.kept_at), pytrace=False)

    def begin(self) -> None:
        """Open the accounts, and lead environment and SDK to the first."""
        try:
            handles = self._open_accounts()
            self.account = handles[0]
            self.account.excused = self._came_as_far_as_the_test
            self._set_faults()
        except (RuntimeError, TypeError, ValueError) as problem:
            self._stack.close()
            pytest.fail(str(problem), pytrace=False)
        self.diagnosis = Diagnosis(handles, self._mock.state, self._options, self._ended)
        self._set_environment()
        target = self._mock.target(self._options["allow"])
        REDIRECTION.add(target)
        self._stack.callback(REDIRECTION.remove, target)

    def end(self, failed: bool) -> None:
        """Undo all, and fail the test for what it leaves behind, unless it has `failed` already."""
        with self._stack:
            complaint = self.diagnosis.conclude(self._item, failed)
        if complaint:
            pytest.fail(complaint, pytrace=False)

    def _came_as_far_as_the_test(self, escape: EscapedRequest) -> bool:
        """Whether the test function itself has caught it, as with `pytest.raises`."""
        own = str(self._item.path), getattr(self._item, "originalname", self._item.name)
        codes = [frame.f_code for frame in escape.path]
        return any((code.co_filename, code.co_name) == own for code in codes)

    def _open_accounts(self) -> list[AccountHandle]:
        """The test's account, and those that its marker asks for beside it."""
        further: Mapping[str, str] = self._options.get("accounts") or {}
        own = (self._credentials.get("account_sid"), self._credentials.get("auth_token"))
        return [self._open(sid, token) for sid, token in (own, *further.items())]

    def _open(self, sid: Any, auth_token: Any) -> AccountHandle:
        seed = self._options["seed"] or None
        account = self._mock.accounts.create(seed=seed, sid=sid, auth_token=auth_token)
        self._stack.callback(self._free, account.sid)
        return account

    def _free(self, sid: str) -> None:
        self._ended[sid] = self._item.nodeid
        if sid in self._mock.accounts:  # else the test did it
            self._mock.accounts.free(sid)

    def _set_faults(self) -> None:
        """Set the faults of the marker: by what they match, one effect or several."""
        faults: Mapping[str, Any] = self._options.get("faults") or {}
        for where, effects in faults.items():
            several = effects if isinstance(effects, list | tuple) else [effects]
            self.account.fault(where, *several)

    def _set_environment(self) -> None:
        patch = pytest.MonkeyPatch()
        for name, value in self.account.environment.items():
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
