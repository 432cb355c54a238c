"""`twilio-mock proxy` and `twilio-mock run`: for programs that are not to be changed."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.serve import announce, made_of, stopped
from twilio_mock.mock import TwilioMock
from twilio_mock.serving.proxy_environment import SHIM


def proxy(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the proxy until it is told to stop; raises `CannotRun`."""
    mock = made_of(flags, environment, proxy=True)
    with log_to_stderr(flags.log_format, environment, quiet=flags.quiet, verbose=flags.verbose):
        return run_loop(lambda: serve_proxy(mock, flags))


def run(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run a command behind a proxy of its own; gives the command's exit status."""
    words = flags.words[1:] if flags.words[:1] == ["--"] else flags.words
    if not words:
        raise CannotRun("say which command to run, as in: twilio-mock run -- python provision.py")
    mock = made_of(flags, environment, proxy=True)
    with log_to_stderr("text", environment, quiet=True):
        return run_loop(lambda: run_command(mock, flags, words, environment))


def run_loop(work: Callable[[], object]) -> int:
    """Run to its end what needs a loop; raises `CannotRun`."""
    try:
        return asyncio.run(work())  # type: ignore[arg-type]
    except (OSError, OverflowError, ModuleNotFoundError) as problem:
        raise CannotRun(problem) from problem


async def serve_proxy(mock: TwilioMock, flags: argparse.Namespace) -> int:
    """The proxy, until SIGTERM or SIGINT."""
    async with mock:
        lines = [f"{name}={value}" for name, value in mock.proxy_environment.items()]
        await stopped(lambda: announce(mock, flags, lines))
    return 0


async def run_command(
    mock: TwilioMock,
    flags: argparse.Namespace,
    words: Sequence[str],
    environment: Mapping[str, str],
) -> int:
    """One command behind the proxy, and what it asked."""
    async with mock:
        path = os.pathsep.join(filter(None, [str(SHIM), environment.get("PYTHONPATH")]))
        given = {
            **environment,
            **mock.proxy_environment,
            "PYTHONPATH": path,
            "TWILIO_MOCK_URL": mock.url,
            "TWILIO_ACCOUNT_SID": mock.sid,
            "TWILIO_AUTH_TOKEN": mock.auth_token,
        }
        status = await ended(words, given)
    for line in summary(mock):
        print(f"twilio-mock: {line}", file=sys.stderr)
    return status


async def ended(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, which gets the signals that are meant for it, and give its exit status."""
    loop, early = asyncio.get_running_loop(), asyncio.Queue[int]()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, early.put_nowait, number)
    try:
        process = await asyncio.create_subprocess_exec(*words, env=environment)
    except OSError as problem:
        raise CannotRun(f"{words[0]}: {problem.strerror}") from problem
    forwarding = asyncio.ensure_future(forward(early, process))
    try:
        status = await process.wait()
    finally:
        forwarding.cancel()
    # As a shell says that a signal ended it.
    return status if status >= 0 else 128 - status


async def forward(signals: asyncio.Queue[int], process: asyncio.subprocess.Process) -> None:
    """Pass signals on, also those that came before the process was there."""
    while True:
        number = await signals.get()
        with suppress(ProcessLookupError):
            process.send_signal(number)


def summary(mock: TwilioMock) -> list[str]:
    """What was asked, in a few lines."""
    asked = Counter(
        f"{each.operation or each.method + ' ' + each.path} {each.status}" for each in mock.requests
    )
    lines = [f"{name} ({count} times)" if count > 1 else name for name, count in asked.items()]
    strangers = len(mock.unknown_requests)
    if strangers:
        lines.append(f"{strangers} requests had credentials that this mock does not know")
    if not lines:
        return ["the command asked nothing"]
    times = "once" if asked.total() == 1 else f"{asked.total()} times"
    return [f"the command asked {times}:", *(f"  {line}" for line in lines)]
