"""The command line: `python -m twilio_mock` runs a mock until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.mock import TwilioMock
from twilio_mock.settings import Settings
from twilio_mock.version import __version__


def parser() -> argparse.ArgumentParser:
    """The flags."""
    flags = argparse.ArgumentParser(
        prog="twilio-mock",
        description="Twilio's Applications API on your machine, for tests.",
    )
    flags.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    flags.add_argument("--port", type=int, default=8010, help="0 takes a free one (%(default)s)")
    flags.add_argument(
        "--account-sid",
        default=os.environ.get("TWILIO_ACCOUNT_SID") or DEFAULT_ACCOUNT_SID,
        help="default: TWILIO_ACCOUNT_SID, else " + DEFAULT_ACCOUNT_SID,
    )
    flags.add_argument(
        "--auth-token",
        default=os.environ.get("TWILIO_AUTH_TOKEN") or DEFAULT_AUTH_TOKEN,
        help="default: TWILIO_AUTH_TOKEN, else " + DEFAULT_AUTH_TOKEN,
    )
    flags.add_argument(
        "--application-limit",
        type=int,
        default=1000,
        help="Applications in an account (%(default)s)",
    )
    flags.add_argument("--version", action="version", version=f"twilio-mock {__version__}")
    return flags


async def serve(mock: TwilioMock) -> None:
    """Run until SIGTERM or SIGINT; one line for machines on stdout, the rest on stderr."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with mock:
        print(f"TWILIO_MOCK_URL={mock.url}", flush=True)
        print(f"twilio-mock {__version__}: account {mock.account.sid}", file=sys.stderr)
        print(f"twilio-mock: listening on {mock.url}; Ctrl-C ends it", file=sys.stderr, flush=True)
        await stopped.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 2 for what cannot be started as it was asked for."""
    flags = parser().parse_args(arguments)
    try:
        mock = TwilioMock(
            account_sid=flags.account_sid,
            auth_token=flags.auth_token,
            host=flags.host,
            port=flags.port,
            settings=Settings(application_limit=flags.application_limit),
        )
        asyncio.run(serve(mock))
    except (ValueError, OSError, OverflowError) as problem:
        print(f"twilio-mock: {str(problem).removeprefix('twilio_mock: ')}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
