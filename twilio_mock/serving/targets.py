"""An active mock as redirection sees it."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass

from twilio_mock.complaints import EscapedRequest
from twilio_mock.state import State
from twilio_mock.state.accounts import TOLD_AT_MOST


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Where requests are led.

    `url` is where the server listens, or a name that leads nowhere if the mock answers
    `in_process`. `loop_thread` is the thread whose event loop runs the server. `allowed` are the
    hosts of Twilio's that may be asked for real.
    """

    state: State
    url: str
    in_process: bool = False
    loop_thread: int | None = None
    allowed: Collection[str] = ()

    def knows(self, user: str | None) -> bool:
        """Whether these credentials belong to an account of this mock."""
        return user in self.state.accounts or user in self.state.opened_by

    def note(self, user: str | None, escape: EscapedRequest) -> None:
        """Remember a request that was stopped, for the account whose credentials it had."""
        state = self.state
        with state.lock:
            sid = state.opened_by.get(user or "", user or "")
            place = state.accounts.get(sid, state)
            place.escapes = (*place.escapes, escape)[-TOLD_AT_MOST:]

    def holds(self, url: str) -> bool:
        """Whether a URL is one of this mock's."""
        return url.startswith(self.url) and url[len(self.url) : len(self.url) + 1] in ("/", "")

    @property
    def answers_here(self) -> bool:
        """Whether a blocking request has to be answered in the thread that asks.

        Over the socket it would wait for a loop that waits for it.
        """
        return self.in_process or self.loop_thread == threading.get_ident()
