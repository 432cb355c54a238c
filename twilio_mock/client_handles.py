"""How an account is asked: its credentials, its URL and Twilio's own SDK, wired to it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from twilio_mock import delivery_handles
from twilio_mock.control.backend import Backend
from twilio_mock.rest.authentication import basic
from twilio_mock.state import Account, State

# twilio takes a second to import: it is imported where a client is made.
if TYPE_CHECKING:
    from twilio.rest import Client


class Running(delivery_handles.Running, Protocol):
    """What an account has to know of the mock that it belongs to."""

    state: State

    @property
    def backend(self) -> Backend:
        """What carries out the changes that a test makes."""

    @property
    def url(self) -> str:
        """Where the server listens."""

    @property
    def running(self) -> bool:
        """Whether a server is listening."""

    @property
    def in_thread(self) -> bool:
        """Whether the server has a thread of its own."""


def check_sdk() -> None:
    """Say what to install where the SDK is missing, with `ModuleNotFoundError`."""
    if find_spec("twilio") is None:
        advice = "pip install 'twilio-mock[twilio]'"
        raise ModuleNotFoundError(f"twilio_mock: a client needs Twilio's SDK: {advice}")


class Clients:
    """What a client needs of an account, and clients that have it."""

    _mock: Running
    _account: Account

    @property
    def sid(self) -> str:
        """The AccountSid."""
        return self._account.sid

    @property
    def auth_token(self) -> str:
        """The auth token that opens the account."""
        return str(self._account.record["auth_token"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables in which Twilio's SDKs look for credentials."""
        return {"TWILIO_ACCOUNT_SID": self.sid, "TWILIO_AUTH_TOKEN": self.auth_token}

    @property
    def url(self) -> str:
        """Where the server listens; raises `RuntimeError` while none does."""
        return self._mock.url

    @property
    def authorization(self) -> str:
        """The value of the header `Authorization` that opens the account: `Basic ...`."""
        return basic(self.sid, self.auth_token)

    def client(self, *, in_process: bool | None = None, timeout: float | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for blocking calls.

        It asks over the socket where a server runs in a thread of its own, else in process:
        a blocking call in the thread whose loop runs the server would wait for ever.
        `timeout` is in seconds, as the SDK's own: without it a call waits as long as it takes.
        Needs the extra `twilio`. Raises `RuntimeError` if a socket is wanted and none is open.
        """
        check_sdk()
        from twilio_mock.serving.sdk import wired_client

        if in_process is None:
            in_process = not self._mock.in_thread
        url = self._url(in_process)
        return wired_client(self.sid, self.auth_token, self._mock.state, url, timeout)

    def async_client(self, *, in_process: bool | None = None) -> Client:
        """Twilio's own SDK, wired to this account, for its `_async` methods.

        It asks over the socket where a server runs, else in process. Needs the extra `twilio`.
        """
        check_sdk()
        from twilio_mock.serving.sdk import wired_async_client

        if in_process is None:
            in_process = not self._mock.running
        url = self._url(in_process)
        return wired_async_client(self.sid, self.auth_token, self._mock.state, url)

    def _url(self, in_process: bool) -> str | None:
        """What a client asks; `None` is this process."""
        if not in_process:
            return self._mock.url
        if self._mock.state.kept_at is not None:
            raise RuntimeError(
                f"twilio_mock: {self.sid} is kept at {self._mock.state.kept_at}, in another "
                "process, so that nothing can be asked in_process; leave that out"
            )
        return None
