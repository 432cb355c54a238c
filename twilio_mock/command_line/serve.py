"""`twilio-mock serve`: run the server until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from twilio_mock.command_line.certificate import tls_of
from twilio_mock.command_line.failures import CannotRun, reason
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.making import made_of, strangers_can_ask
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.ready_file import ReadyFile
from twilio_mock.control.http.page import ROOT
from twilio_mock.mock import TwilioMock
from twilio_mock.serving.exhaustion import Exhaustion
from twilio_mock.version import __version__


def serve(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it; raises `CannotRun` for what cannot be started as it was asked for."""
    mock = made_of(flags, environment, tls=tls_of(flags.tls_cert, flags.tls_key))
    return run_loop(until_stopped(mock, flags, environment, list))


def run_loop(work: Coroutine[Any, Any, int]) -> int:
    """Run to its end what needs a loop; raises `CannotRun`."""
    try:
        return asyncio.run(work)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        raise CannotRun(place + reason(problem)) from problem
    except ModuleNotFoundError as problem:
        raise CannotRun(problem) from problem


async def until_stopped(
    mock: TwilioMock,
    flags: Flags,
    environment: Mapping[str, str],
    more: Callable[[], Sequence[str]],
) -> int:
    """Run a mock until SIGTERM or SIGINT; `more` gives further lines for stdout."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(Exhaustion())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    style = {"quiet": flags.quiet, "verbose": flags.verbose, "warn": flags.strict == "warn"}
    with (
        ReadyFile(flags.ready_file) as ready,
        log_to_stderr(flags.log_format, environment, **style),
    ):
        async with mock:
            ready.write(mock.url)
            announce(mock, flags, more())
            await stopped.wait()
    return 0


def announce(mock: TwilioMock, flags: Flags, more: Sequence[str]) -> None:
    """A line for machines on stdout (or several), the rest on stderr."""
    print(f"TWILIO_MOCK_URL={mock.url}", *more, sep="\n", flush=True)
    lines = [
        f"{__version__}: account {mock.sid}",
        f"listening on {mock.url}; Ctrl-C ends it",
        f"its page is {mock.url}{ROOT}/",
    ]
    if strangers_can_ask(mock.host):
        control = "asks for its token" if flags.control_token else "is closed without a token"
        lines.append(
            f"warning: other machines can reach {mock.host or 'it'}; its control API {control} "
            "(--control-token)"
        )
    for line in lines:
        print(f"twilio-mock{' ' if line is lines[0] else ': '}{line}", file=sys.stderr, flush=True)
