"""Requests whose credentials opened nothing: who they were, and how to make them known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twilio_mock.control.near_miss import line
from twilio_mock.state import State

SHOWN_AT_MOST = 5
ADVICE = """\
The fixture `twilio_mock` sets TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Code that has its
credentials from elsewhere gets them known by the fixture `twilio_mock_settings`:
    return {"account_sid": "AC...", "auth_token": "..."}
(docs/testing.md of twilio_mock, section 'Credentials that nobody knows')"""
ADVICE_WHEN_SHARED = """\
The fixture `twilio_mock` sets TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Code that has its
credentials from elsewhere has to be given those of the fixture (`twilio_mock.sid` and
`twilio_mock.auth_token`): fixed ones cannot be, on a server that is shared. Without
twilio_mock_url they can: the fixture `twilio_mock_settings` gets them known.
(docs/testing.md of twilio_mock, section 'One server for many')"""


def strangers(state: State, since: int, own: Iterable[str], ended: Mapping[str, str]) -> str | None:
    """What came without an account since the mock's journal had `since` lines; `None` if nothing.

    `own` are the AccountSids of the test, `ended` tells which test a SID belonged to before.
    """
    with state.lock:
        journal = state.journal
        first = journal.dropped + 1
        numbered = [(first + place, each) for place, each in enumerate(journal.entries)]
        found = [(number, each) for number, each in numbered if number > since]
        known = ", ".join(own)
        lines = [
            f"  {line(number, each)}: {who(each.caller, state, ended)}"
            for number, each in found[-SHOWN_AT_MOST:]
            if each.status == 401
        ]
    if not lines:
        return None
    advice = ADVICE if state.kept_at is None else ADVICE_WHEN_SHARED
    return "\n".join([f"Refused for their credentials; this test has {known}:", *lines, advice])


def who(user: str | None, state: State, ended: Mapping[str, str]) -> str:
    """Whose credentials they were, as far as that is known."""
    if user is None:
        return "no AccountSid and no key came with it"
    if user in state.accounts or user in state.opened_by:
        return f"{user} is known, but not with this password, or not for this account"
    if user in ended:
        return f"{user} was the account of {ended[user]}, which has ended"
    return f"{user} is not known here"
