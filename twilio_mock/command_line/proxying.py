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
from twilio_mock.command_line.making import Made, made_of, running
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.serve import ENDING, run_loop, until_stopped
from twilio_mock.serving.live import Place
from twilio_mock.serving.proxy_environment import SHIM


def proxy(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the proxy until it is told to stop; raises `CannotRun`."""
    place = Place(flags.host, flags.port, proxy=(flags.allow, flags.ca_folder))
    return run_loop(until_stopped(made_of(flags, environment, place), flags, environment))


def run(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command behind a proxy of its own; gives the command's exit status."""
    place = Place("127.0.0.1", 0, proxy=(flags.allow, flags.ca_folder))
    made = made_of(flags, environment, place)
    with log_to_stderr("text", environment, quiet=True):
        return run_loop(run_command(made, words, environment))


async def run_command(made: Made, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """One command behind the proxy, and what it asked."""
    async with running(made) as live:
        path = os.pathsep.join(filter(None, [str(SHIM), environment.get("PYTHONPATH")]))
        url = live.server.url
        given = {
            **environment,
            **(live.front.environment(url) if live.front else {}),
            "PYTHONPATH": path,
            "TWILIO_MOCK_URL": url,
            "TWILIO_ACCOUNT_SID": made.account.sid,
            "TWILIO_AUTH_TOKEN": str(made.account.record["auth_token"]),
        }
        status = await ended(words, given)
    refused = live.front.proxy.refused if live.front else Counter[str]()
    for line in [*summary(made), *map(on_refused, refused, refused.values())]:
        print(f"twilio-mock: {line}", file=sys.stderr)
    return status


async def ended(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, which gets the signals that are meant for it, and give its exit status."""
    loop, early = asyncio.get_running_loop(), asyncio.Queue[int]()
    for number in ENDING:
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
        if number == signal.SIGINT and is_in_the_foreground():
            continue  # the terminal has sent it to the command as well
        with suppress(ProcessLookupError):
            process.send_signal(number)


def is_in_the_foreground() -> bool:
    """Whether this process and its command are those that Ctrl-C in the terminal is for."""
    for number in range(3):
        with suppress(OSError):
            return os.tcgetpgrp(number) == os.getpgrp()
    return False


def summary(made: Made) -> list[str]:
    """What was asked, in a few lines."""
    journals = [account.journal for account in made.state.accounts.values()]
    asked = Counter(
        f"{each.operation or each.method + ' ' + each.path} {each.status or 'no answer'}"
        for journal in journals
        for each in journal.entries
    )
    lines = [name + times(count) for name, count in asked.items()]
    unknown = made.state.journal.last
    if unknown:
        requests = "1 request" if unknown == 1 else f"{unknown} requests"
        lines.append(f"{requests} with credentials that this mock does not know")
    if not lines:
        return ["the command asked nothing"]
    total = asked.total() + unknown + sum(journal.dropped for journal in journals)
    often = "once" if total == 1 else f"{total} times"
    return [f"the command asked {often}:", *(f"  {line}" for line in lines)]


def on_refused(host: str, count: int) -> str:
    """What the summary says of a host that the proxy did not lead to."""
    return f"the proxy refused {host}{times(count)}; to allow it: --allow {host}"


def times(count: int) -> str:
    """How often, if that was more than once."""
    return f" ({count} times)" if count > 1 else ""
