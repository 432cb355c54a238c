"""localstripe as its own command starts it, its log of requests included, but on loopback."""

from __future__ import annotations

import logging
import sys

from aiohttp import web

from benchmarks.peers import find_python_peer


def main() -> None:
    """Serve until it is ended."""
    find_python_peer("localstripe")
    from localstripe.server import app  # type: ignore[import-not-found]  # not everybody has it

    logger = logging.getLogger("aiohttp.access")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(logging.StreamHandler())
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=logger, print=None)


if __name__ == "__main__":
    main()
