"""An exchange: one request and its answer, as they are noted and as they are read."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from twilio_mock.pairs import Pairs, pairs_of
from twilio_mock.rules import Finding
from twilio_mock.state.records import Record
from twilio_mock.state.redaction import (
    body_without,
    pairs_without,
    path_without,
    query_without,
    secrets_in,
    without,
)

# What an exchange counts for in bytes besides its texts, and the text of its parameters and each
# of a finding besides its characters: about what Python takes for them.
BYTES_OF_EXCHANGE = 1000
BYTES_OF_TEXT = 100


class Exchange(NamedTuple):
    """One request and its answer, which never change; tokens and secrets in them are `***`.

    `account_sid` is `None` for a request that reached no account, `operation` is Twilio's
    operation id (`None` if the path leads to none). `caller` says whose credentials came:
    `auth_token`, `secondary_auth_token` or the SID of an API key; where they opened nothing, the
    user name if that is a SID. `parameters` are as they were sent, decoded. `status` is 0 if
    there was no answer. `faults` are the names of those that hit the request; `created`,
    `updated` and `deleted` the SIDs of the records that it changed. `started` is in seconds
    since 1970 by the account's clock, `duration` in seconds of real time.
    """

    account_sid: str | None
    caller: str | None
    operation: str | None
    method: str
    path: str
    query: str
    parameters: Pairs
    status: int
    error_code: int | None
    response_body: bytes
    faults: tuple[str, ...]
    findings: tuple[Finding, ...]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    deleted: tuple[str, ...]
    request_id: str
    started: float
    duration: float

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, the last one if it was repeated; `None` if it was not sent."""
        return dict(self.parameters).get(name)

    @property
    def text(self) -> str:
        """The body of the answer as text."""
        return self.response_body.decode(errors="replace")

    @property
    def json(self) -> Any:
        """The body of the answer, read as JSON; raises `ValueError` if it is none."""
        return json.loads(self.response_body)

    def __repr__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        operation = f" {self.operation}" if self.operation else ""
        return f"<{self.method} {self.path}{query} -> {self.status}{operation}>"


# An exchange as it is noted: the values of an `Exchange` in their order, but the parameters as
# the text that they were read from; what holds the secrets that it is to be read without; and what
# it counts for in bytes. Plain tuples: the client waits while they are made, but not while they are
# read.
Line = tuple[tuple[Any, ...], tuple[Record | str, ...], int]


def read_line(line: Line) -> Exchange:
    """The exchange without its secrets."""
    raw, secrets = Exchange._make(line[0]), secrets_in(line[1])
    return raw._replace(
        path=path_without(raw.path, secrets),
        query=query_without(raw.query, secrets) if raw.query else "",
        parameters=pairs_without(pairs_of(str(raw.parameters)), secrets),
        response_body=body_without(raw.response_body, secrets),
        findings=tuple(
            Finding(
                each.rule,
                each.parameter and without(each.parameter, secrets),
                without(each.message, secrets),
            )
            for each in raw.findings
        ),
    )


def without_body(line: Line) -> Line:
    """The same without the body of the answer."""
    exchange, secrets, size = Exchange._make(line[0]), line[1], line[2]
    return exchange._replace(response_body=b""), secrets, size - len(exchange.response_body)


def weight_of(*texts: str | None) -> int:
    """What these texts count for, in bytes."""
    # A text with any character beyond ASCII may take four bytes for each.
    return sum([BYTES_OF_TEXT + len(text) * (1 if text.isascii() else 4) for text in texts if text])
