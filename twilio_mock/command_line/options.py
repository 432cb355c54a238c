"""The options of the commands: each a flag, and an environment variable that the flag overrides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from twilio_mock.command_line.readers import (
    account,
    account_sid,
    choice,
    count,
    finding,
    host_name,
    port,
    rule,
    seconds,
    text,
    yes,
)
from twilio_mock.defaults import DEFAULT_PORT
from twilio_mock.settings import Settings

PREFIX = "TWILIO_MOCK_"


class Option(NamedTuple):
    """One option: its name, what is made of its text, its default, its help, and its value's name.

    `several` may be given more than once, or with commas between. An option whose value has no
    name is a switch: its variable takes 1, 0, true, false, yes or no.
    """

    name: str
    read: Callable[[str], Any]
    default: Any
    help: str
    value: str
    several: bool = False

    @property
    def flag(self) -> str:
        """`--application-limit`."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """`TWILIO_MOCK_APPLICATION_LIMIT`."""
        return PREFIX + self.name.upper()

    @property
    def is_switch(self) -> bool:
        """Whether the flag takes no value."""
        return not self.value


def limit(name: str, help: str) -> Option:
    """The option of a limit, with the default that `Settings` has."""
    default = getattr(Settings(), name)
    if isinstance(default, int):
        return Option(name, count, default, help, "N")
    return Option(name, seconds, default, help, "SECONDS")


def switch(name: str, help: str) -> Option:
    """An option that is on or off."""
    return Option(name, yes, False, help, "")


LISTENING = (
    Option("host", text, "127.0.0.1", "address to listen on", "ADDRESS"),
    Option("port", port, DEFAULT_PORT, "port to listen on; 0 takes any free one", "PORT"),
    Option("ready_file", text, None, "file to write the URL into while it listens", "FILE"),
)
TLS = (
    Option("tls_cert", text, None, "certificate in PEM: speak HTTPS", "FILE"),
    Option("tls_key", text, None, "its private key, if that is in a file of its own", "FILE"),
)
HOLDING = (
    Option("account_sid", account_sid, None, "the first account (else TWILIO_ACCOUNT_SID)", "SID"),
    Option("auth_token", text, None, "its auth token (else TWILIO_AUTH_TOKEN)", "TOKEN"),
    Option("account", account, [], "a further account", "SID:TOKEN", several=True),
    switch(
        "accounts_on_demand",
        "open any well-formed AccountSid at its first use, with the token it came with",
    ),
    Option("seed_file", text, [], "seed document to start with", "FILE", several=True),
    Option("random_seed", text, None, "any text: the same SIDs in every run", "TEXT"),
)
REFUSING = (
    Option(
        "strict",
        choice("off", "warn", "error"),
        "warn",
        "mistakes that Twilio lets pass: off names them, warn explains them, error refuses them "
        "and whatever Twilio is suspected to refuse",
        "MODE",
    ),
    Option("let_pass", finding, [], "finding that strictness lets pass", "NAME", several=True),
    Option(
        "enforce", rule, [], "suspected rule or mistake to refuse; all is all rules", "NAME", True
    ),
)
CONTROL = (
    Option("control_token", text, None, "bearer token that the control API asks for", "TOKEN"),
    Option(
        "allow_host", host_name, [], "host name under which the control API answers", "NAME", True
    ),
)
PRINTING = (
    Option("log_format", choice("text", "json"), "text", "text or json, a line a request", "FORM"),
    switch("quiet", "no line for each request"),
    switch("verbose", "what goes on inside as well"),
)
LIMIT_OPTIONS = (
    limit("application_limit", "Applications in an account"),
    limit("subaccount_limit", "subaccounts of an account"),
    limit("account_limit", "accounts, subaccounts included"),
    limit("body_limit", "bytes of a request's body"),
    limit("header_limit", "bytes of a request's target, and of each header"),
    limit("header_count", "header lines of a request"),
    limit("parameter_limit", "parameters of a request"),
    limit("remembered_deletions", "deleted records that a page token can still find"),
    limit("journal_limit", "exchanges that the journal of an account keeps"),
    limit("journal_bytes", "bytes that they may take"),
    limit("header_timeout", "seconds for the head of a request to arrive"),
    limit("body_timeout", "seconds for its body to arrive"),
    limit("answer_timeout", "seconds for a client to take its answer"),
    limit("connection_limit", "connections at the same time"),
    limit("webhook_limit", "URLs of an account that are asked at the same time"),
)
PROXYING = (
    Option("allow", host_name, [], "host that the proxy passes on, as it is", "NAME", several=True),
    Option(
        "ca_folder", text, None, "folder for the CA files (else one that is gone at the end)", "DIR"
    ),
)
ASKING = (
    Option("url", text, None, "where it listens (else host and port say it)", "URL"),
    Option("host", text, "127.0.0.1", "address on which it listens", "ADDRESS"),
    Option("port", port, DEFAULT_PORT, "port on which it listens", "PORT"),
    Option("tls_cert", text, None, "its certificate: ask over HTTPS", "FILE"),
)

Groups = dict[str, tuple[Option, ...]]
HELD: Groups = {
    "what it holds": HOLDING,
    "what it refuses": REFUSING,
    "the control API": CONTROL,
    "limits": LIMIT_OPTIONS,
}
SERVE_OPTIONS: Groups = {
    "where it listens": LISTENING + TLS,
    "what it prints": PRINTING,
    **HELD,
}
PROXY_OPTIONS: Groups = {
    "where it listens": LISTENING,
    "the proxy": PROXYING,
    "what it prints": PRINTING,
    **HELD,
}
RUN_OPTIONS: Groups = {"the proxy": PROXYING, **HELD}
HEALTH_OPTIONS: Groups = {"whom to ask": ASKING}
# Each once, in the order of the documentation.
OPTIONS = (*LISTENING, *TLS, *PRINTING, *HOLDING, *REFUSING, *CONTROL, *LIMIT_OPTIONS, *PROXYING)
