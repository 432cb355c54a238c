"""How far a request has come, and the line of it in the journal."""

from __future__ import annotations

import base64
import logging
import traceback
from dataclasses import dataclass
from itertools import chain

from twilio_mock.errors import TwilioError
from twilio_mock.rest.authentication import Caller
from twilio_mock.rest.log_lines import log, logger, one_line
from twilio_mock.rest.operations import Outcome
from twilio_mock.rest.parameters import read_form, read_pairs
from twilio_mock.rest.routing import SID, read_path
from twilio_mock.rest.task import Check
from twilio_mock.state import Account, State
from twilio_mock.state.accounts import TOLD_AT_MOST, Crash
from twilio_mock.state.exchanges import BYTES_OF_EXCHANGE, Line, weight_of
from twilio_mock.state.records import Record
from twilio_mock.state.redaction import path_without, secrets_in, without
from twilio_mock.wire import Request


@dataclass(slots=True, eq=False)
class Progress:
    """How far a request has come, for the journal.

    `sent` is the text of the form or the query that the parameters are read from, `None` until
    they were. `body_to_note` is the body of the answer without the secrets that it shows, if it
    shows any. `faults` are the names of those that have hit the request.
    """

    request: Request
    check: Check
    caller: Caller | None = None
    operation: str | None = None
    sent: str | None = None
    outcome: Outcome | None = None
    body_to_note: bytes | None = None
    error: TwilioError | None = None
    faults: tuple[str, ...] = ()


def text_of_parameters(request: Request, check: Check) -> str:
    """Where the parameters of a request are: in the form of a POST, in the query of any other."""
    if request.method != "POST":
        return request.query
    if request.query:
        message = "parameters in the query of a POST are ignored; send them as a form"
        check.mistake("query_on_post", None, message)
    return read_form(request.body, request.headers.get("Content-Type"), check)


def write_down(
    place: Account | State,
    progress: Progress,
    status: int,
    body: bytes,
    request_id: str,
    now: float,
    duration: float,
) -> None:
    """Note what was asked and answered in the journal, and in the log if anybody listens.

    Of a request whose account was freed while it waited there is nothing left to note.
    """
    if progress.caller is not None and not progress.caller.account.is_open:
        return
    line = line_of(progress, status, body, request_id, now, duration)
    if isinstance(place, State):
        line = (line[0], line[1] + named(place, progress.request), line[2])
    place.journal.add(line)
    if logger.isEnabledFor(logging.INFO):
        log(line)


def line_of(
    progress: Progress, status: int, body: bytes, request_id: str, now: float, duration: float
) -> Line:
    """The journal's line: made while a client waits, so nothing is looked for in it here."""
    request, caller, outcome = progress.request, progress.caller, progress.outcome
    name, secrets = credentials(progress)
    sent = progress.sent if progress.sent is not None else unread(progress)
    findings = tuple(progress.check.findings) if progress.check.findings else ()
    if progress.body_to_note is not None and body:
        body = progress.body_to_note
    size = BYTES_OF_EXCHANGE + len(request.path) + len(request.query) + len(body)
    if sent is not request.query:
        size += weight_of(sent)
    if findings:
        size += weight_of(*chain.from_iterable(findings))
    exchange = (
        caller.account.sid if caller else None,
        name,
        progress.operation,
        request.method,
        request.path,
        request.query,
        sent,
        status,
        progress.error.code if progress.error else None,
        body,
        progress.faults,
        findings,
        (outcome.record.sid,) if outcome and outcome.created and outcome.record else (),
        outcome.updated if outcome else (),
        outcome.deleted if outcome else (),
        request_id,
        now,
        duration,
    )
    return exchange, secrets, size


def remember_crash(state: State, progress: Progress) -> Crash:
    """Keep the exception that is being handled, without secrets, so that the test can be told."""
    place = progress.caller.account if progress.caller else state
    secrets = secrets_in(credentials(progress)[1])
    asked = one_line(f"{progress.request.method} {path_without(progress.request.path, secrets)}")
    crash = Crash(asked, without(traceback.format_exc(), secrets))
    place.crashes = (*place.crashes, crash)[-TOLD_AT_MOST:]
    return crash


def credentials(progress: Progress) -> tuple[str | None, tuple[Record | str, ...]]:
    """The name of the credentials that came, and what holds the secrets of them."""
    caller = progress.caller
    return (caller.name, caller.secrets) if caller else presented(progress.request)


def named(state: State, request: Request) -> tuple[Record, ...]:
    """The account that a request names, to which its credentials were no key.

    What is sent to it may hold its secrets all the same.
    """
    account = state.accounts.get(read_path(request.path).account or "")
    return (account.record,) if account else ()


def presented(request: Request) -> tuple[str | None, tuple[Record | str, ...]]:
    """The user name of credentials that opened nothing, if it is a SID, and what is secret."""
    authorization = request.headers.get("Authorization")
    if authorization is None:
        return None, ()
    encoded = authorization.partition(" ")[2]
    try:
        user, _, password = base64.b64decode(encoded).decode(errors="replace").partition(":")
    except ValueError:
        return None, (encoded,)
    if SID.fullmatch(user):
        return user, (encoded,) if password in user else (encoded, password)
    return None, (encoded, password, user)


def unread(progress: Progress) -> str:
    """The text of the parameters of a request that was refused before anybody read them."""
    settings = progress.check.settings
    if len(progress.request.body) > settings.body_limit:
        return ""
    try:
        text = text_of_parameters(progress.request, Check(settings, lenient=True))
        read_pairs(text, settings)
    except TwilioError:
        return ""
    return text
