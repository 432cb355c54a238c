"""`python -m twilio_mock`, which is also `twilio-mock`: finds the command and runs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.healthcheck import healthcheck
from twilio_mock.command_line.options import OPTIONS, OneLineParser, add_options
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
    """The commands and their flags."""
    flags = OneLineParser(
        prog="twilio-mock",
        description="Twilio's Applications API on your machine, for tests. "
        "Without a command it serves.",
        epilog=HOOK_UP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    flags.add_argument("--version", action="version", version=f"twilio-mock {__version__}")
    commands = flags.add_subparsers(dest="command", metavar="COMMAND", parser_class=OneLineParser)
    serving = commands.add_parser(
        "serve",
        help="run the server (the default)",
        epilog=HOOK_UP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(serving, environment, OPTIONS)
    starter = commands.add_parser("init", help="write a starter seed file")
    starter.add_argument("file", nargs="?", default="seed.json", help="its path (%(default)s)")
    checked = commands.add_parser("validate", help="check a seed file")
    checked.add_argument("file", help="its path")
    asked = commands.add_parser("healthcheck", help="ask a server whether it is well")
    asked.add_argument("--url", help="where it listens (else 127.0.0.1 and the port)")
    add_options(asked, environment, tuple(o for o in OPTIONS if o.name in HEALTH))
    return flags


HEALTH = ("port", "control_token")
COMMANDS = ("serve", "init", "validate", "healthcheck")
ABOUT = ("-h", "--help", "--version")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 for what cannot be done as it was asked for."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ABOUT):
        words.insert(0, "serve")
    try:
        flags = parser(os.environ).parse_args(words)
        if flags.command == "init":
            return init(flags)
        if flags.command == "validate":
            return validate(flags)
        if flags.command == "healthcheck":
            return healthcheck(flags)
        return serve(flags, os.environ)
    except CannotRun as problem:
        print(f"twilio-mock: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
