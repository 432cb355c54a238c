"""What a test run holds of a server that it shares with others."""

from __future__ import annotations

from collections.abc import Collection

from twilio_mock.account_handles import AccountHandle
from twilio_mock.control.accounts import Accounts
from twilio_mock.remote.backend import ThatProcess
from twilio_mock.remote.mirror import Mirror
from twilio_mock.request_handles import Requests
from twilio_mock.serving.control_caller import ControlCaller, Unreachable
from twilio_mock.serving.redirection import target_for
from twilio_mock.serving.targets import Target
from twilio_mock.state import State
from twilio_mock.version import __version__


class SharedMock:
    """A mock in another process, at a URL: the accounts that were opened from here.

    Accounts have a time to live, so that the server frees what a killed run leaves behind. What
    would touch the accounts of others (`seed`, `export` and `reset` of the whole mock) is not
    there; an account has them.
    """

    loop_thread = None
    in_thread = blocking = True
    running = True

    def __init__(self, url: str, token: str | None = None) -> None:
        self._ask = ControlCaller(url, token)
        self.state: State = Mirror(self._ask)
        self.backend = ThatProcess(self._ask)
        self.accounts: Accounts[AccountHandle] = self.backend.accounts(
            self.state, lambda account: AccountHandle(self, account)
        )

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self._ask.url

    @property
    def unknown_requests(self) -> Requests:
        """The requests that reached no account, whoever sent them."""
        return Requests(self.state, blocking=self.blocking)

    def check(self) -> None:
        """Make sure that a mock of this version answers, and obeys; raises `Unreachable`."""
        try:
            there = self._ask("GET", "/version").get("version")
        except PermissionError as refused:
            raise Unreachable(f"{refused} (at {self.url})") from None
        except (AttributeError, LookupError, RuntimeError, ValueError) as problem:
            if isinstance(problem, Unreachable):
                raise
            raise Unreachable(
                f"twilio_mock: what answers at {self.url} is no twilio_mock"
            ) from None
        if there != __version__:
            raise Unreachable(
                f"twilio_mock: the server at {self.url} is twilio_mock {there}, and this is "
                f"{__version__}: install the same version in both places"
            )

    def target(self, allow: Collection[str] = ()) -> Target:
        """This mock as `serving.redirection` wants it."""
        return target_for(self.state, self.url, None, allow)

    def __getattr__(self, name: str) -> object:
        raise AttributeError(
            f"twilio_mock: a server that others share has no {name!r} for all of it; it has "
            "url, accounts and unknown_requests. An account of it, as the fixture twilio_mock is "
            "one, has the rest (docs/testing.md of twilio_mock, section 'One server for many')"
        )

    def __repr__(self) -> str:
        return f"<shared mock at {self.url}>"
