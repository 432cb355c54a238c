"""What stands before a mock's server to make a proxy of it: certificates, files, and their end."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from os import PathLike
from pathlib import Path

from twilio_mock.serving.proxy import Proxy
from twilio_mock.serving.proxy_environment import proxy_environment


class ProxyFront:
    """A proxy with an authority of its own, whose certificate is written into a folder.

    Without a `folder` it is written into one that is gone with `close`. Raises `OSError` if it
    cannot be written, and `ModuleNotFoundError` where the extra `proxy` is missing.
    """

    def __init__(self, allowed: Collection[str], folder: str | PathLike[str] | None = None) -> None:
        # trustme is an extra, and it is not quick to import.
        try:
            from twilio_mock.serving.certificates import Authority
        except ImportError as problem:
            advice = "pip install 'twilio-mock[proxy]'"
            raise ModuleNotFoundError(
                f"twilio_mock: the proxy needs an extra: {advice}"
            ) from problem
        self._passing = tempfile.TemporaryDirectory(prefix="twilio-mock-")
        authority = Authority()
        try:
            self.alone, self.joined = authority.write(Path(folder or self._passing.name))
        except OSError:
            self.close()
            raise
        self.proxy = Proxy(authority, allowed)

    def environment(self, url: str) -> dict[str, str]:
        """What to set for a program that is to go through it."""
        return proxy_environment(url, self.alone, self.joined)

    def close(self) -> None:
        """Remove what was written."""
        self._passing.cleanup()
