"""What can be set: the limits of the mock and the suspected rules that it is to enforce."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from twilio_mock.arguments import check_number, several
from twilio_mock.rules import MISTAKES, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits and choices, the same for every account of a mock.

    `enforce` names what is to be refused that is otherwise accepted and reported as a finding
    (see `docs/modelled.md`): suspected rules, as if they were confirmed, and mistakes.
    Raises `ValueError` for a name that does not exist and for a limit below one, `TypeError` for a
    limit that is no number and for one text where several names are wanted.
    """

    application_limit: int = 1000
    """Applications in one account (Twilio: 1,000; one more is refused with 21301)."""
    subaccount_limit: int = 1000
    """Subaccounts of one account (one more is refused with 21480)."""
    account_limit: int = 200_000
    """Accounts of the mock, subaccounts included; one more is refused with 503."""
    body_limit: int = 1024 * 1024
    """Bytes of a request's body; a longer one is answered with 413."""
    header_limit: int = 8190
    """Bytes of a request's target and of each of its headers; more are answered with 400."""
    header_count: int = 100
    """Header lines of one request; more are answered with 400."""
    parameter_limit: int = 1000
    """Parameters of one request; more are answered with 400."""
    remembered_deletions: int = 10_000
    """Deleted records of an account whose place a page token can still find."""
    journal_limit: int = 1000
    """Exchanges that the journal of an account keeps."""
    journal_bytes: int = 16 * 1024 * 1024
    """Bytes that the exchanges in the journal of an account may take, estimated."""
    header_timeout: float = 10.0
    """Seconds in which the head of a request has to arrive."""
    body_timeout: float = 30.0
    """Seconds in which the body of a request has to arrive."""
    answer_timeout: float = 30.0
    """Seconds in which a client has to take what it is sent, or its connection is cut."""
    connection_limit: int = 1000
    """Connections at the same time; one more is answered with 503 and closed."""
    webhook_limit: int = 500
    """URLs of one account that are asked at the same time; one more fails with 20429."""
    control_token: str | None = field(default=None, repr=False)
    """What callers of the control API have to send as a bearer token; `None` asks for none."""
    control_hosts: frozenset[str] = frozenset()
    """Host names, besides addresses and localhost, under which the control API answers."""
    accounts_on_demand: bool = False
    """Whether any well-formed AccountSid is opened at its first use, with that token."""
    enforce: Set[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("enforce", "control_hosts"):
            object.__setattr__(self, name, several(name, getattr(self, name)))
        unknown = sorted(self.enforce - RULES.keys() - MISTAKES.keys())
        if unknown:
            raise ValueError(
                f"twilio_mock: no rule or mistake is named {', '.join(map(repr, unknown))}; "
                f"there are: {', '.join(sorted([*RULES, *MISTAKES]))}"
            )
        if self.control_token is not None and not self.control_token:
            raise ValueError("twilio_mock: control_token must not be empty; None asks for none")
        for name in LIMITS:
            check_number(name, getattr(self, name), whole=not name.endswith("_timeout"))
            if not getattr(self, name) > 0:
                raise ValueError(f"twilio_mock: {name} must be above 0, not {getattr(self, name)}")


LIMITS = (
    "application_limit",
    "subaccount_limit",
    "account_limit",
    "body_limit",
    "header_limit",
    "header_count",
    "parameter_limit",
    "remembered_deletions",
    "journal_limit",
    "journal_bytes",
    "header_timeout",
    "body_timeout",
    "answer_timeout",
    "connection_limit",
    "webhook_limit",
)
