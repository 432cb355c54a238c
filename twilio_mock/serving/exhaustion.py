"""No file descriptor is left for a new connection: told in a line, not in a hundred tracebacks."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

logger = logging.getLogger("twilio_mock")

# What asyncio says for each connection that waits; it tries again after a second.
MESSAGE = "socket.accept() out of system resource"
SECONDS = 1.0


class Exhaustion:
    """An exception handler of a loop that tells once a second of what asyncio tells at each try."""

    def __init__(self) -> None:
        self.quiet_until = 0.0

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what nobody else has."""
        if context.get("message") != MESSAGE:
            loop.default_exception_handler(context)
        elif loop.time() >= self.quiet_until:
            self.quiet_until = loop.time() + SECONDS
            logger.warning(
                "twilio_mock: new connections wait, because this process may open no more files "
                "(see `ulimit -n`): %s",
                context.get("exception"),
            )
