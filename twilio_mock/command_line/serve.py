"""`twilio-mock serve`: run the server until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any

from twilio_mock.command_line.certificate import tls_of
from twilio_mock.command_line.failures import CannotRun, reason
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.making import Made, made_of, running, strangers_can_ask
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.ready_file import ReadyFile
from twilio_mock.control.http.root import ROOT
from twilio_mock.serving.exhaustion import Exhaustion
from twilio_mock.serving.live import Live, Place
from twilio_mock.version import __version__

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def serve(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it; raises `CannotRun` for what cannot be started as it was asked for."""
    place = Place(flags.host, flags.port, tls=tls_of(flags.tls_cert, flags.tls_key))
    return run_loop(until_stopped(made_of(flags, environment, place), flags, environment))


def run_loop(work: Coroutine[Any, Any, int]) -> int:
    """Run to its end what needs a loop; raises `CannotRun`."""
    try:
        return asyncio.run(work)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        raise CannotRun(place + reason(problem)) from problem
    except ModuleNotFoundError as problem:
        raise CannotRun(problem) from problem


async def until_stopped(made: Made, flags: Flags, environment: Mapping[str, str]) -> int:
    """Run a mock until a signal ends it."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(Exhaustion())
    for number in ENDING:
        # Who runs it under nohup has had SIGHUP ignored.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, stopped.set)
    style = {"quiet": flags.quiet, "verbose": flags.verbose, "warn": flags.strict == "warn"}
    with (
        ReadyFile(flags.ready_file) as ready,
        log_to_stderr(flags.log_format, environment, **style),
    ):
        async with running(made) as live:
            ready.write(live.server.url)
            announce(made, live, is_open=bool(flags.control_token))
            await stopped.wait()
    return 0


def announce(made: Made, live: Live, *, is_open: bool) -> None:
    """A line for machines on stdout (a proxy has several), the rest on stderr.

    `is_open` says whether the user has the token of the control API, if it asks for one.
    """
    url, host = live.server.url, made.place.host
    variables = live.front.environment(url) if live.front else {}
    print(f"TWILIO_MOCK_URL={url}", *map("=".join, variables.items()), sep="\n", flush=True)
    lines = [
        f"twilio-mock {__version__}: account {made.account.sid}",
        f"twilio-mock: listening on {url}; Ctrl-C ends it",
        f"twilio-mock: its page is {url}{ROOT}/",
    ]
    if strangers_can_ask(host):
        control = "asks for its token" if is_open else "is closed without a token"
        lines.append(
            f"twilio-mock: warning: other machines can reach {host}; its control API {control} "
            "(--control-token)"
        )
    with suppress(OSError):  # whoever wanted no more than the first line has closed it
        print(*lines, sep="\n", file=sys.stderr, flush=True)
