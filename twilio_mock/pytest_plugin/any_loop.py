"""The async face of an account whose server runs in a thread of its own."""

from __future__ import annotations

from twilio_mock.account_handles import AccountHandle
from twilio_mock.client_handles import Running
from twilio_mock.state import State


class InAnyLoop:
    """A mock of which no thread is known: what waits is awaited in the loop that asks for it."""

    loop_thread = None
    blocking = False

    def __init__(self, mock: Running) -> None:
        self._mock = mock
        self.state: State = mock.state
        self.backend = mock.backend

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self._mock.url

    @property
    def running(self) -> bool:
        """Whether a server is listening."""
        return self._mock.running

    @property
    def in_thread(self) -> bool:
        """Whether the server has a thread of its own."""
        return self._mock.in_thread


def in_any_loop(account: AccountHandle) -> AccountHandle:
    """The same account, with methods that are awaited where they wait."""
    face = AccountHandle(InAnyLoop(account._mock), account._account)
    face.told, face.excused = account.told, account.excused
    return face
