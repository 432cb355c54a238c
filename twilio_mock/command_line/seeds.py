"""`twilio-mock init` and `twilio-mock validate`: write a seed document, and check one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.mock import TwilioMock

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


def init(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Write a starter seed file; raises `CannotRun` rather than replace one that is there."""
    try:
        with Path(flags.file).open("x") as file:
            file.write(json.dumps(STARTER, indent=2) + "\n")
    except FileExistsError as problem:
        raise CannotRun(f"{flags.file} is there already; it was left as it is") from problem
    except OSError as problem:
        raise CannotRun(problem) from problem
    print(f"wrote {flags.file}; start with: twilio-mock --seed-file {flags.file}")
    return 0


def validate(flags: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Check a seed file; raises `CannotRun` with the path to the first value that is wrong."""
    mock = TwilioMock()
    seed(mock, flags.file)
    count = len(mock.accounts) - 1
    print(f"{flags.file} is well: {count} account{'' if count == 1 else 's'}")
    return 0


def seed(mock: TwilioMock, file: str) -> None:
    """Store a seed file; raises `CannotRun`, with the path to the first value that is wrong."""
    try:
        mock.seed(file)
    except OSError as problem:
        raise CannotRun(f"{file}: {problem.strerror}") from problem
    except ValueError as problem:
        raise CannotRun(f"{file}: {str(problem).removeprefix('twilio_mock: ')}") from problem
