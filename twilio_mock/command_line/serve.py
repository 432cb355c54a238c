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
from twilio_mock.command_line.logs import as_json, log_to_stderr
from twilio_mock.command_line.making import Made, made_of, running, strangers_can_ask
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.ready_file import ReadyFile
from twilio_mock.control.http.root import ROOT
from twilio_mock.serving.exhaustion import Exhaustion
from twilio_mock.serving.live import Live, Place
from twilio_mock.version import __version__

NAMED = 4  # accounts in the line at the start

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
            announce(made, live, flags)
            await stopped.wait()
    return 0


def announce(made: Made, live: Live, flags: Flags) -> None:
    """A line for machines on stdout (a proxy has several), the rest on stderr."""
    url, host = live.server.url, made.place.host
    variables = live.front.environment(url) if live.front else {}
    print(f"TWILIO_MOCK_URL={url}", *map("=".join, variables.items()), sep="\n", flush=True)
    lines = [
        f"twilio-mock {__version__}: {named_accounts(made)}",
        f"twilio-mock: listening on {url}; Ctrl-C ends it",
        f"twilio-mock: its page is {url}{ROOT}/",
    ]
    if strangers_can_ask(host):
        # The user has the token, or else it is one that nobody knows.
        control = "asks for its token" if flags.control_token else "is closed without a token"
        lines.append(
            f"twilio-mock: warning: other machines can reach {host}; its control API {control} "
            "(--control-token)"
        )
    if flags.log_format == "json":
        lines = [as_json(line) for line in lines]
    with suppress(OSError):  # whoever wanted no more than the first line has closed it
        print(*lines, sep="\n", file=sys.stderr, flush=True)


def named_accounts(made: Made) -> str:
    """The accounts that it starts with, the first one first, and not more than a few."""
    roots = [each.sid for each in made.state.accounts.values() if each.owner is None]
    sids = [made.account.sid, *(sid for sid in roots if sid != made.account.sid)]
    named, more = ", ".join(sids[:NAMED]), len(sids) - NAMED
    text = f"account{'' if len(sids) == 1 else 's'} {named}"
    return f"{text} and {more} more" if more > 0 else text
