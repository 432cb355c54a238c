"""The mock that the options of a command describe, and its life."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import NamedTuple

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.readers import account_sid
from twilio_mock.command_line.seeds import seed_file
from twilio_mock.control.seeding import open_account
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.resources import RESOURCES
from twilio_mock.rules import MISTAKES, RULES
from twilio_mock.serving.live import Live, Place
from twilio_mock.settings import LIMITS, Settings
from twilio_mock.state import Account, State


class Made(NamedTuple):
    """A mock that does not run yet: what it remembers, where it will listen, its first account.

    No `TwilioMock`: the handles that a test needs take longer to import than a server to start.
    """

    state: State
    place: Place
    account: Account


def made_of(flags: Flags, environment: Mapping[str, str], place: Place) -> Made:
    """The mock that the flags describe; raises `CannotRun`."""
    sid, token = environment.get("TWILIO_ACCOUNT_SID"), environment.get("TWILIO_AUTH_TOKEN")
    first = (
        flags.account_sid or sid_of(sid) or DEFAULT_ACCOUNT_SID,
        flags.auth_token or token or DEFAULT_AUTH_TOKEN,
    )
    try:
        state = State(RESOURCES, settings_of(flags, place.host), flags.random_seed)
        for sid, token in dict([first, *flags.account]).items():
            open_account(state, {"sid": sid, "auth_token": token})
    except ValueError as problem:
        raise CannotRun(problem) from problem
    made = Made(state, place, state.accounts[first[0]])
    for file in flags.seed_file:
        seed_file(made.account, file)
    return made


def sid_of(variable: str | None) -> str | None:
    """The AccountSid of the environment; raises `CannotRun`."""
    try:
        return account_sid(variable) if variable else None
    except ValueError as problem:
        raise CannotRun(f"TWILIO_ACCOUNT_SID: {problem}") from problem


@asynccontextmanager
async def running(made: Made) -> AsyncIterator[Live]:
    """A mock, running in this loop; raises `OSError` if it cannot."""
    live = await Live.in_this_loop(made.state, made.place)
    made.state.served = True
    try:
        yield live
    finally:
        made.state.release_all()
        made.state.served = False
        await live.end()


def settings_of(flags: Flags, host: str) -> Settings:
    """The settings that the flags describe; raises `ValueError`."""
    token = flags.control_token
    if token is None and strangers_can_ask(host):
        token = secrets.token_urlsafe()  # known to nobody
    return Settings(
        **{name: getattr(flags, name) for name in LIMITS},
        control_token=token,
        control_hosts=frozenset(flags.allow_host),
        accounts_on_demand=flags.accounts_on_demand,
        enforce=enforced(flags),
    )


def enforced(flags: Flags) -> frozenset[str]:
    """What is refused although Twilio lets it pass, or may."""
    wanted = set(RULES if "all" in flags.enforce else flags.enforce)
    if flags.strict == "error":
        wanted |= {*RULES, *MISTAKES} - set(flags.let_pass)
    return frozenset(wanted)


def strangers_can_ask(host: str) -> bool:
    """Whether other machines can reach a server that listens there."""
    try:
        return host != "localhost" and not ip_address(host).is_loopback
    except ValueError:
        return True
