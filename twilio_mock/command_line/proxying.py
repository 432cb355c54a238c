"""`twilio-mock proxy` and `twilio-mock run`: for programs that are not to be changed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from twilio_mock.command_line.failures import CannotRun, reason
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.making import made_of
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.serve import run_loop, until_stopped
from twilio_mock.mock import TwilioMock
from twilio_mock.serving.proxy_environment import SHIM


def proxy(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the proxy until it is told to stop; raises `CannotRun`."""
    mock = made_of(flags, environment, proxy=True)

    def variables() -> list[str]:
        return [f"{name}={value}" for name, value in mock.proxy_environment.items()]

    return run_loop(until_stopped(mock, flags, environment, variables))


def run(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command behind a proxy of its own; gives the command's exit status."""
    mock = made_of(flags, environment, host="127.0.0.1", port=0, proxy=True)
    with log_to_stderr("text", environment, quiet=True):
        return run_loop(run_command(mock, words, environment))


async def run_command(
    mock: TwilioMock, words: Sequence[str], environment: Mapping[str, str]
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
        # As shells have it: 127 for what is not there, 126 for what cannot be run.
        status = 127 if isinstance(problem, FileNotFoundError) else 126
        why = f"cannot run {words[0]}: {reason(problem)}"
        raise CannotRun(why, status=status) from problem
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
