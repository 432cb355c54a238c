"""Room for the faults of an account, and for the luck that they depend on."""

from __future__ import annotations

from hashlib import blake2b
from typing import Protocol


class SetFault(Protocol):
    """A fault that is set, as far as the state has to know it."""

    @property
    def name(self) -> str:
        """What it is called; no two of an account share a name."""

    def release(self, *, give_up: bool) -> None:
        """Let go the requests that it holds; with `give_up` they end without an answer."""


class Faults:
    """The faults that are set in an account, oldest first; false while there are none.

    `numbered` counts all that were ever set. What is left to chance is drawn from a hash of the
    seed, the account and a running number: the same seed gives the same luck in an account,
    whatever other accounts do.
    """

    __slots__ = ("drawn", "entries", "numbered", "seed")

    def __init__(self, seed: str) -> None:
        self.entries: list[SetFault] = []
        self.numbered = 0
        self.drawn = 0
        self.seed = seed

    def draw(self) -> float:
        """A number from 0 up to, but not including, 1."""
        self.drawn += 1
        digest = blake2b(f"{self.seed} faults {self.drawn}".encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def release(self, *, give_up: bool) -> None:
        """Let go the requests that are held by any of them."""
        for entry in self.entries:
            entry.release(give_up=give_up)

    def __bool__(self) -> bool:
        return bool(self.entries)
