"""`twilio-mock serve`: run the server until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.options import several
from twilio_mock.command_line.seeds import seed
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.mock import TwilioMock
from twilio_mock.rules import RULES
from twilio_mock.serving.exhaustion import Exhaustion
from twilio_mock.settings import LIMITS, Settings
from twilio_mock.version import __version__


def serve(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run it; raises `CannotRun` for what cannot be started as it was asked for."""
    mock = made_of(flags, environment)
    with log_to_stderr(flags.log_format, environment, quiet=flags.quiet, verbose=flags.verbose):
        try:
            asyncio.run(until_stopped(mock, lambda: announce(mock, flags)))
        except (OSError, OverflowError) as problem:
            raise CannotRun(problem) from problem
    return 0


def made_of(
    flags: argparse.Namespace, environment: Mapping[str, str], *, proxy: bool = False
) -> TwilioMock:
    """The mock that the flags describe; raises `CannotRun`."""
    rules = several(flags, "enforce")
    token = flags.control_token
    if token is None and strangers_can_ask(flags.host):
        token = secrets.token_urlsafe()  # known to nobody
    try:
        settings = Settings(
            **{name: getattr(flags, name) for name in LIMITS},
            control_token=token,
            control_hosts=frozenset(several(flags, "allow_host")),
            accounts_on_demand=flags.accounts_on_demand,
            enforce=frozenset(RULES if "all" in rules else rules),
        )
        mock = TwilioMock(
            account_sid=flags.account_sid
            or environment.get("TWILIO_ACCOUNT_SID")
            or DEFAULT_ACCOUNT_SID,
            auth_token=flags.auth_token
            or environment.get("TWILIO_AUTH_TOKEN")
            or DEFAULT_AUTH_TOKEN,
            host=flags.host,
            port=flags.port,
            seed=flags.random_seed,
            settings=settings,
            redirect=False,
            proxy=proxy,
            allow=several(flags, "allow") if proxy else (),
            ca_folder=flags.ca_folder if proxy else None,
        )
    except ValueError as problem:
        raise CannotRun(problem) from problem
    for file in several(flags, "seed_file"):
        seed(mock, file)
    return mock


def strangers_can_ask(host: str) -> bool:
    """Say so if other machines will reach the server: without a token the control API is closed."""
    try:
        own = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        own = False
    if not own:
        message = f"other machines can reach {host}; the control API answers only with the token"
        print(f"twilio-mock: warning: {message} of --control-token", file=sys.stderr)
    return not own


def announce(mock: TwilioMock, flags: argparse.Namespace, more: Sequence[str] = ()) -> None:
    """The ready file, a line for machines on stdout (or several), the rest on stderr."""
    if flags.ready_file:
        # Written beside and moved there, so that nobody reads half of it.
        part = Path(f"{flags.ready_file}.{os.getpid()}")
        part.write_text(f"{mock.url}\n")
        part.replace(flags.ready_file)
    print(f"TWILIO_MOCK_URL={mock.url}", *more, sep="\n", flush=True)
    print(f"twilio-mock {__version__}: account {mock.account.sid}", file=sys.stderr)
    print(f"twilio-mock: listening on {mock.url}; Ctrl-C ends it", file=sys.stderr, flush=True)


async def until_stopped(mock: TwilioMock, started: Callable[[], None]) -> None:
    """Run until SIGTERM or SIGINT."""
    async with mock:
        await stopped(started)


async def stopped(started: Callable[[], None]) -> None:
    """Wait for SIGTERM or SIGINT, after `started` was called."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(Exhaustion())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, event.set)
    started()
    await event.wait()
