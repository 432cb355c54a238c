"""What happens in all accounts, told as it happens to whoever listens; free while nobody does."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

# Events that are kept for a listener that was cut off and comes back, and for one that is slow.
KEPT = 1000
# More listeners at once are refused: a page is one.
LISTENERS_AT_MOST = 100


class Happening(NamedTuple):
    """One event: its number, what kind it is, and where more about it is to be read.

    A `request` is the exchange `place` in its account's journal (`None`: in the mock's own), with
    its Request-Id in `sid`. A `delivery` is `sid` in the account's log, which has come to `text`.
    """

    number: int
    kind: str
    account_sid: str | None
    place: int
    sid: str
    text: str = ""


class Listener:
    """Who listens: events wait here to be taken. Every call needs the state's lock.

    `wake` is called when there is something to take, once until it is taken, and must not wait.
    `missed` counts events that had to make room. `closed` says that there will be no more.
    """

    __slots__ = ("_asleep", "closed", "missed", "queue", "wake")

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        self.queue: deque[Happening] = deque()
        self.missed = 0
        self.closed = False
        self._asleep = True

    def put(self, happening: Happening) -> None:
        """Let one more event wait; the oldest makes room."""
        if len(self.queue) >= KEPT:
            self.queue.popleft()
            self.missed += 1
        self.queue.append(happening)
        self.rouse()

    def rouse(self) -> None:
        """Wake whoever listens, unless that was done already."""
        if self._asleep:
            self._asleep = False
            self.wake()

    def take(self, most: int) -> tuple[int, list[Happening]]:
        """How many were missed since the last time, and the oldest of those that wait."""
        missed, self.missed = self.missed, 0
        taken = [self.queue.popleft() for _ in range(min(most, len(self.queue)))]
        self._asleep = not self.queue
        return missed, taken


class Feed:
    """The events of one mock. Every call needs the state's lock.

    `active` says whether anybody listens, or did lately; who has something to tell looks here
    first, so that it costs nothing otherwise. `epoch` tells the numbers of this mock from those of
    another one on the same port.
    """

    __slots__ = ("active", "epoch", "listeners", "number", "recent", "unheard")

    def __init__(self) -> None:
        self.active = False
        self.epoch = secrets.token_hex(4)
        self.listeners: list[Listener] = []
        self.number = 0
        self.recent: deque[Happening] = deque(maxlen=KEPT)
        self.unheard = 0

    @property
    def position(self) -> str:
        """The id of the last event."""
        return f"{self.epoch}-{self.number}"

    def tell(
        self, kind: str, account_sid: str | None, place: int, sid: str, text: str = ""
    ) -> None:
        """Tell of one event; when as many as are kept were heard by nobody, it becomes inactive."""
        self.number += 1
        happening = Happening(self.number, kind, account_sid, place, sid, text)
        self.recent.append(happening)
        for listener in self.listeners:
            listener.put(happening)
        if not self.listeners:
            self.unheard += 1
            if self.unheard > KEPT:
                self.active = False
                self.recent.clear()

    def listen(self, wake: Callable[[], None]) -> Listener:
        """A new listener, who hears what happens from now on."""
        listener = Listener(wake)
        self.listeners.append(listener)
        self.wake_up()
        return listener

    def wake_up(self) -> None:
        """Note events from now on, if that was not done before."""
        if not self.active:
            self.recent.clear()
            self.number += 1  # what nobody noted is a gap, however short
            self.active = True
        self.unheard = 0

    def leave(self, listener: Listener) -> None:
        """Listen no longer."""
        if listener in self.listeners:
            self.listeners.remove(listener)

    def close(self) -> None:
        """Tell all listeners that there will be no more."""
        for listener in self.listeners:
            listener.closed = True
            listener.rouse()

    def since(self, position: str) -> list[Happening] | None:
        """What happened after an event, by its id; `None` if that cannot be told any more."""
        epoch, _, text = position.partition("-")
        if epoch != self.epoch or not (text.isascii() and text.isdigit() and len(text) < 20):
            return None
        number = int(text)
        oldest = self.recent[0].number if self.recent else self.number + 1
        if not self.active or not oldest - 1 <= number <= self.number:
            return None
        return [each for each in self.recent if each.number > number]
