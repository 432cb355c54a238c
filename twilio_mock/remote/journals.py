"""A journal that another process keeps, read anew whenever it is looked at."""

from __future__ import annotations

from collections import deque
from typing import Any
from urllib.parse import urlencode

from twilio_mock.control.request_exports import from_json
from twilio_mock.serving.control_caller import ControlCaller
from twilio_mock.state.exchanges import Exchange, Line
from twilio_mock.state.journal import Journal

BEHIND_ALL = 10**9


def line_of(exchange: Exchange) -> Line:
    """An exchange without secrets as it would have been noted."""
    noted = {**exchange._asdict(), "parameters": urlencode(exchange.parameters)}
    return tuple(noted.values()), (), 0


class MirroredJournal(Journal):
    """The journal at a path of the control API.

    Its lines come without secrets: the server has taken them out.
    """

    __slots__ = ("_ask", "_path")

    interval = 0.02

    def __init__(self, ask: ControlCaller, path: str) -> None:
        self._ask = ask
        self._path = path
        self.watchers = []

    def _fetch(self) -> Any:
        return self._ask("GET", self._path)

    @property
    def lines(self) -> deque[Line]:  # type: ignore[override]
        """The exchanges that are there now."""
        return deque(line_of(from_json(each)[1]) for each in self._fetch()["requests"])

    @property
    def dropped(self) -> int:  # type: ignore[override]
        """How many had to make room."""
        return int(self._fetch()["dropped"])

    @property
    def last(self) -> int:
        """The number of the last exchange."""
        return int(self._ask("GET", f"{self._path}?after={BEHIND_ALL}")["last"])

    def clear(self) -> None:
        """Forget all exchanges."""
        self._ask("DELETE", self._path)
