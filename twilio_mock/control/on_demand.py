"""Accounts on demand: whoever comes first with an AccountSid has it."""

from __future__ import annotations

from twilio_mock.control.seeding import open_account
from twilio_mock.errors import AuthenticationFailed
from twilio_mock.rest.authentication import read_basic
from twilio_mock.rest.routing import well_formed
from twilio_mock.state import State


def open_on_demand(state: State, authorization: str | None) -> None:
    """Open the account of these credentials if there is none with its SID.

    Raises `TwilioError` if there are too many already.
    """
    try:
        sid, password = read_basic(authorization)
        token = password.decode()
    except (AuthenticationFailed, UnicodeDecodeError):
        return
    if token and well_formed(sid, "AC") and sid not in state.accounts:
        state.check_room()
        open_account(state, {"sid": sid, "auth_token": token})
