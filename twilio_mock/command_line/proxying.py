"""`twilio-mock proxy` and `twilio-mock run`: for programs that are not to be changed."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.logs import log_to_stderr
from twilio_mock.command_line.options import several
from twilio_mock.command_line.serve import announce, made_of, stopped
from twilio_mock.mock import TwilioMock
from twilio_mock.serving.proxy_environment import SHIM, proxy_environment


def proxy(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the proxy until it is told to stop; raises `CannotRun`."""
    log_to_stderr(flags.log_format, quiet=flags.quiet, verbose=flags.verbose)
    mock = made_of(flags, environment)
    return run_loop(lambda: serve_proxy(mock, flags))


def run(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run a command behind a proxy of its own; gives the command's exit status."""
    words = flags.words[1:] if flags.words[:1] == ["--"] else flags.words
    if not words:
        raise CannotRun("say which command to run, as in: twilio-mock run -- python provision.py")
    log_to_stderr("text", quiet=True, verbose=False)
    mock = made_of(flags, environment)
    return run_loop(lambda: run_command(mock, flags, words, environment))


def run_loop(work: Callable[[], object]) -> int:
    """Run to its end what needs a loop; raises `CannotRun`."""
    try:
        return asyncio.run(work())  # type: ignore[arg-type]
    except (OSError, OverflowError) as problem:
        raise CannotRun(problem) from problem


async def serve_proxy(mock: TwilioMock, flags: argparse.Namespace) -> int:
    """The proxy, until SIGTERM or SIGINT."""
    async with behind_proxy(mock, flags) as (url, variables):

        def ready() -> None:
            announce(url, mock, flags, [f"{name}={value}" for name, value in variables.items()])

        await stopped(ready)
    return 0


async def run_command(
    mock: TwilioMock,
    flags: argparse.Namespace,
    words: Sequence[str],
    environment: Mapping[str, str],
) -> int:
    """One command behind the proxy, and what it asked."""
    async with behind_proxy(mock, flags) as (url, variables):
        path = os.pathsep.join(filter(None, [str(SHIM), environment.get("PYTHONPATH")]))
        given = {
            **environment,
            **variables,
            "PYTHONPATH": path,
            "TWILIO_MOCK_URL": url,
            "TWILIO_ACCOUNT_SID": mock.sid,
            "TWILIO_AUTH_TOKEN": mock.auth_token,
        }
        try:
            process = await asyncio.create_subprocess_exec(*words, env=given)
        except OSError as problem:
            raise CannotRun(f"{words[0]}: {problem.strerror}") from problem
        status = await ended(process)
    for line in summary(mock):
        print(f"twilio-mock: {line}", file=sys.stderr)
    return status


async def ended(process: asyncio.subprocess.Process) -> int:
    """The exit status of a process, which gets the signals that are meant for it."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.send_signal, number)
    status = await process.wait()
    # As a shell says that a signal ended it.
    return status if status >= 0 else 128 - status


@asynccontextmanager
async def behind_proxy(
    mock: TwilioMock, flags: argparse.Namespace
) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """A running proxy: its URL, and what has to be set for it."""
    try:
        from twilio_mock.serving.certificates import Authority
    except ImportError as problem:
        raise CannotRun("the proxy needs an extra: pip install 'twilio-mock[proxy]'") from problem
    from twilio_mock.serving.app import Door
    from twilio_mock.serving.proxy import Proxy
    from twilio_mock.serving.server import Server

    authority, door = Authority(), Door(mock.state)
    server = Server(
        door.answer,
        door.refuse,
        host=mock.host,
        port=mock.port,
        header_timeout=mock.state.settings.header_timeout,
        proxy=Proxy(authority, several(flags, "allow")),
    )
    with tempfile.TemporaryDirectory(prefix="twilio-mock-") as folder:
        alone, joined = authority.write(Path(flags.ca_folder or folder))
        await server.start()
        try:
            yield server.url, proxy_environment(server.url, alone, joined)
        finally:
            await server.stop()


def summary(mock: TwilioMock) -> list[str]:
    """What was asked, in a few lines."""
    asked = Counter(
        f"{each.operation or each.method + ' ' + each.path} {each.status}" for each in mock.requests
    )
    lines = [f"{name}, {count} times" if count > 1 else name for name, count in asked.items()]
    strangers = len(mock.unknown_requests)
    if strangers:
        lines.append(f"{strangers} requests had credentials that this mock does not know")
    return [f"the command asked {asked.total()} times", *lines] if lines else ["nothing was asked"]
