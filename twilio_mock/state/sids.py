"""Where SIDs come from."""

from __future__ import annotations

from collections.abc import Container
from hashlib import blake2b


class Sids:
    """Mints SIDs: the same seed gives the same SIDs for the same sequence in an account.

    Each is a hash of the seed, the account and a running number, so that what other accounts do
    in between changes nothing, and an account needs no random generator of its own.
    """

    __slots__ = ("account_sid", "minted", "seed")

    def __init__(self, seed: str, account_sid: str) -> None:
        self.seed = seed
        self.account_sid = account_sid
        self.minted = 0

    def mint(self, prefix: str, taken: Container[str] = ()) -> str:
        """Two capital letters and 32 lower-case hex digits, not in `taken`."""
        while True:
            self.minted += 1
            text = f"{self.seed} {self.account_sid} {prefix} {self.minted}"
            sid = prefix + blake2b(text.encode(), digest_size=16).hexdigest()
            if sid not in taken:
                return sid
