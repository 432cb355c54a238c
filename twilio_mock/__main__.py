"""`python -m twilio_mock`, which is also `twilio-mock`: finds the command and runs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.healthcheck import healthcheck
from twilio_mock.command_line.options import (
    HEALTH_OPTIONS,
    OPTIONS,
    PROXY_OPTIONS,
    RUN_OPTIONS,
    OneLineParser,
    Option,
    add_options,
)
from twilio_mock.command_line.proxying import proxy, run
from twilio_mock.command_line.seeds import init, validate
from twilio_mock.command_line.serve import serve
from twilio_mock.version import __version__

HOOK_UP = """\
hooking up an SDK (the URL is the line that the server prints):
  python   client = twilio.rest.Client(); client.api.base_url = os.environ["TWILIO_MOCK_URL"]
  node     const client = twilio(); client.api.baseUrl = process.env.TWILIO_MOCK_URL
  curl     curl -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\
             "$TWILIO_MOCK_URL/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Applications.json"
without TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN the server has a fixed account, which the
documentation names and the server's second line tells.
"""


def parser(environment: Mapping[str, str]) -> OneLineParser:
    """The commands and their flags; each sets `work`, the function that does it."""
    flags = OneLineParser(
        prog="twilio-mock",
        description="Twilio's Applications API on your machine, for tests. "
        "Without a command it serves.",
        epilog=HOOK_UP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    flags.add_argument("--version", action="version", version=f"twilio-mock {__version__}")
    commands = flags.add_subparsers(dest="command", metavar="COMMAND", parser_class=OneLineParser)

    def command(
        name: str, work: Work, help: str, options: tuple[Option, ...] = ()
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
        add_options(added, environment, options)
        added.set_defaults(work=work)
        return added

    command("serve", serve, "run the server (the default)", OPTIONS)
    command("proxy", proxy, "run it as a proxy for api.twilio.com", OPTIONS + PROXY_OPTIONS)
    runner = command("run", run, "run a command behind a proxy of its own", RUN_OPTIONS)
    runner.set_defaults(host="127.0.0.1", port=0, ready_file=None)
    runner.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    starter = command("init", init, "write a starter seed file")
    starter.add_argument("file", nargs="?", default="seed.json", help="its path (%(default)s)")
    command("validate", validate, "check a seed file").add_argument("file", help="its path")
    asked = command("healthcheck", healthcheck, "ask a server whether it is well", HEALTH_OPTIONS)
    asked.add_argument("--url", help="where it listens (else 127.0.0.1 and the port)")
    return flags


Work = Callable[[argparse.Namespace, Mapping[str, str]], int]
ABOUT = ("-h", "--help", "--version")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 for what cannot be done as it was asked for."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ABOUT):
        words.insert(0, "serve")
    try:
        flags = parser(os.environ).parse_args(words)
        work: Work = flags.work
        return work(flags, os.environ)
    except CannotRun as problem:
        print(f"twilio-mock: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
