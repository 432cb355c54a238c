"""`twilio-mock init` and `twilio-mock validate`: write a seed document, and check one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from twilio_mock.command_line.failures import CannotRun, reason
from twilio_mock.command_line.parsing import Flags
from twilio_mock.control.seeding import open_account
from twilio_mock.resources import RESOURCES
from twilio_mock.settings import Settings
from twilio_mock.state import Account, State

STARTER = {
    "accounts": [
        {
            "sid": "AC11111111111111111111111111111111",
            "auth_token": "11111111111111111111111111111111",
            "friendly_name": "My first account",
            "applications": [
                {
                    "sid": "AP11111111111111111111111111111111",
                    "friendly_name": "Phone Me",
                    "voice_url": "http://localhost:5000/voice",
                    "sms_url": "http://localhost:5000/sms",
                }
            ],
            "incoming_phone_numbers": [
                {
                    "phone_number": "+15005550006",
                    "voice_application_sid": "AP11111111111111111111111111111111",
                    "sms_application_sid": "AP11111111111111111111111111111111",
                }
            ],
        }
    ]
}


def init(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Write a starter seed file; raises `CannotRun` rather than replace one that is there."""
    name = words[0] if words else "seed.json"
    try:
        with Path(name).open("x") as file:
            file.write(json.dumps(STARTER, indent=2) + "\n")
    except FileExistsError as problem:
        raise CannotRun(f"{name} is there already; it was left as it is") from problem
    except OSError as problem:
        raise CannotRun(f"{name}: {reason(problem)}") from problem
    print(f"wrote {name}; start with: twilio-mock --seed-file {quote(name)}")
    return 0


def validate(flags: Flags, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Check a seed file; raises `CannotRun` with the path to the first value that is wrong."""
    state = State(RESOURCES, Settings())
    seed_file(open_account(state, {}), words[0])
    count = len(state.accounts) - 1
    print(f"{words[0]} is well: {count} account{'' if count == 1 else 's'}")
    return 0


def seed_file(account: Account, name: str) -> None:
    """Store a seed file, whose accounts may be many or, in another form, just this one.

    Raises `CannotRun`, with the path to the first value that is wrong.
    """
    # Not before it is needed: a server without a seed file should listen soon.
    from twilio_mock.control.seed_file import read_document, seed_either

    try:
        seed_either(account, read_document(name))
    except OSError as problem:
        raise CannotRun(f"{name}: {reason(problem)}") from problem
    except ValueError as problem:
        why = str(problem).removeprefix("twilio_mock: ").removeprefix(f"{name}: ")
        raise CannotRun(f"{name}: {why}") from problem
