"""The mock that the options of a command describe."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Mapping
from ipaddress import ip_address

from twilio_mock.command_line.failures import CannotRun
from twilio_mock.command_line.parsing import Flags
from twilio_mock.command_line.readers import account_sid
from twilio_mock.command_line.seeds import seed
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.mock import TwilioMock
from twilio_mock.rules import MISTAKES, RULES
from twilio_mock.settings import LIMITS, Settings


def made_of(
    flags: Flags,
    environment: Mapping[str, str],
    *,
    host: str | None = None,
    port: int | None = None,
    proxy: bool = False,
    tls: ssl.SSLContext | None = None,
) -> TwilioMock:
    """The mock that the flags describe; `host` and `port` are theirs unless they are given.

    Raises `CannotRun`.
    """
    host = flags.host if host is None else host
    sid, token = environment.get("TWILIO_ACCOUNT_SID"), environment.get("TWILIO_AUTH_TOKEN")
    try:
        mock = TwilioMock(
            account_sid=flags.account_sid or sid_of(sid) or DEFAULT_ACCOUNT_SID,
            auth_token=flags.auth_token or token or DEFAULT_AUTH_TOKEN,
            accounts=dict(flags.account),
            host=host,
            port=flags.port if port is None else port,
            seed=flags.random_seed,
            settings=settings_of(flags, host),
            redirect=False,
            proxy=proxy,
            allow=flags.allow if proxy else (),
            ca_folder=flags.ca_folder if proxy else None,
            tls=tls,
        )
    except ValueError as problem:
        raise CannotRun(problem) from problem
    for file in flags.seed_file:
        seed(mock, file)
    return mock


def sid_of(variable: str | None) -> str | None:
    """The AccountSid of the environment; raises `ValueError`."""
    try:
        return account_sid(variable) if variable else None
    except ValueError as problem:
        raise ValueError(f"TWILIO_ACCOUNT_SID: {problem}") from None


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
