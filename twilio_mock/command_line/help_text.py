"""What `--help` shows: the commands, how to hook up an SDK, and the options of a command."""

from __future__ import annotations

from textwrap import wrap

from twilio_mock.command_line.options import Groups, Option
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

WIDTH = 79
COLUMN = 28

COMMANDS = """\
usage: twilio-mock [COMMAND] [OPTION ...]

Twilio's Applications API on your machine, for tests.

commands
  serve                  run the server; this is what no command means
  proxy                  the same, and play api.twilio.com for programs that
                         are not to be changed
  run [--] COMMAND ...   run a command behind a proxy of its own, and say what
                         it asked
  init [FILE]            write a starter seed file
  validate FILE          check a seed file
  healthcheck            ask a server whether it is well

  --help, after a command: its options       --version

"""

# The tests run these lines as they stand.
HOOK_UP = f"""\
hooking up an SDK; the server prints the line TWILIO_MOCK_URL=...
  Python
    client = twilio.rest.Client()
    client.api.base_url = os.environ["TWILIO_MOCK_URL"]
  Node
    const client = require("twilio")();
    client.api.baseUrl = process.env.TWILIO_MOCK_URL;
  curl
    curl -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\
    "$TWILIO_MOCK_URL/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Applications.json"
  twilio-cli, and every program that is not to be changed
    twilio-mock run -- twilio api:core:applications:list

The first account is that of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or else
{DEFAULT_ACCOUNT_SID} with the auth token
{DEFAULT_AUTH_TOKEN}.
"""


def of_all() -> str:
    """The help on the program."""
    return COMMANDS + HOOK_UP


def of_command(usage: str, about: str, groups: Groups) -> str:
    """The help on one command."""
    parts = [f"usage: twilio-mock {usage}", "\n".join(wrap(about, WIDTH))]
    parts += [
        "\n".join([title, *(line for option in options for line in lines(option))])
        for title, options in groups.items()
    ]
    options = [option for group in groups.values() for option in group]
    if options:
        parts.append("\n".join(wrap(variables(options), WIDTH)))
    return "\n\n".join(parts) + "\n"


def variables(options: list[Option]) -> str:
    """How options are set by variables, shown with one that has two words."""
    shown = next(option for option in options if "_" in option.name)
    text = f"Each option can be set by a variable as well, and the flag wins: {shown.flag} is "
    text += f"{shown.variable}."
    if any(option.is_switch for option in options):
        text += " A switch is 1 or 0 there, and several values have commas between them."
    return text


def lines(option: Option) -> list[str]:
    """One option, in as many lines as it takes."""
    head = f"  {option.flag} {option.value}".rstrip()
    default = f" [{option.default:g}]" if isinstance(option.default, float) else ""
    if isinstance(option.default, int | str) and not option.is_switch:
        default = f" [{option.default}]"
    more = " (repeatable)" if option.several else ""
    text = wrap(option.help + more + default, WIDTH - COLUMN)
    if len(head) > COLUMN - 2:
        return [head, *(" " * COLUMN + line for line in text)]
    return [head.ljust(COLUMN) + text[0], *(" " * COLUMN + line for line in text[1:])]
