"""The one door: a request comes in, a response goes out, and nothing else happens here.

`handle` and `finish` are synchronous, hold the state's one lock and never wait.
"""

from __future__ import annotations

import logging
import time

from twilio_mock.control.http.answering import answer_control, is_control
from twilio_mock.control.on_demand import open_on_demand
from twilio_mock.errors import EntityTooLarge, MethodNotAllowed, MockRefusal, TwilioError
from twilio_mock.rest.authentication import authenticate, check_rights
from twilio_mock.rest.headers import CORS, response_headers
from twilio_mock.rest.operations import Outcome, masked, perform
from twilio_mock.rest.paging import Page
from twilio_mock.rest.progress import Progress, read_parameters, write_down
from twilio_mock.rest.representations import (
    CONTENT_TYPES,
    ERROR_CONTENT_TYPES,
    error_body,
    fields_json,
    page_csv,
    page_json,
    page_xml,
    record_json,
    record_xml,
    xml_document,
)
from twilio_mock.rest.routing import Route, find_route, format_of, read_path
from twilio_mock.rest.task import Check, Task
from twilio_mock.state import State
from twilio_mock.state.records import Record
from twilio_mock.wire import Request, Response

logger = logging.getLogger("twilio_mock")
# Held here so that freezegun, which replaces the names of the time module, leaves it alone.
_seconds = time.perf_counter


def handle(state: State, request: Request) -> Response:
    """Answer one request; whoever sends the answer calls `finish` when it is sent or lost."""
    if is_control(request.path):
        return answer_control(state, request)
    started = _seconds()
    progress = Progress(request, Check(state.settings))
    with state.lock:
        try:
            parts = answer(state, progress)
        except TwilioError as refusal:
            progress.error = refusal
        except Exception:
            logger.exception("unexpected error in %s %s", request.method, request.path)
            progress.error = MockRefusal(500, "unexpected error inside the mock: see its log")
        if progress.error is not None:
            parts = refusal_parts(progress.error, request.path)
        return respond(state, progress, parts, started)


def finish(state: State, response: Response) -> None:
    """Take note that the answer was sent, or that its client is gone."""
    if response.account_sid is not None:
        with state.lock:
            account = state.accounts.get(response.account_sid)
            if account is not None:
                account.in_flight -= 1


Parts = tuple[int, str | None, bytes]


def answer(state: State, progress: Progress) -> Parts:
    """Status, content type and body; raises a `TwilioError`."""
    request = progress.request
    if request.method == "OPTIONS":
        return 200, None, b""
    if len(request.body) > state.settings.body_limit:
        raise EntityTooLarge(state.settings.body_limit)
    path = read_path(request.path)
    if state.settings.accounts_on_demand:
        open_on_demand(state, request.headers.get("Authorization"))
    caller = authenticate(state, request.headers.get("Authorization"), path.account)
    progress.caller = caller
    caller.account.in_flight += 1
    route = find_route(state.resources, path)
    method = "GET" if request.method == "HEAD" else request.method
    verb = route.verbs.get(method)
    if verb is None:
        raise MethodNotAllowed(tuple(route.verbs))
    check_rights(caller, route.resource, verb, state.settings)
    progress.operation = route.resource.operation_id(verb)
    progress.pairs = read_parameters(request, progress.check)
    task = Task(
        caller=caller.owner,
        account=caller.account,
        resource=route.resource,
        verb=verb,
        sid=route.sid,
        path=request.path,
        pairs=progress.pairs,
        check=progress.check,
    )
    outcome = progress.outcome = perform(task)
    if route.resource.secrets:
        progress.body_to_note = represent(task, route, masked(outcome))[2]
    return represent(task, route, outcome)


def represent(task: Task, route: Route, outcome: Outcome) -> Parts:
    """What an operation did, in the wanted format."""
    root = task.resource.root(task.account.sid)
    if outcome.record is not None:
        body = represent_record(task, route.format, outcome.record, root, outcome.created)
    elif outcome.page is not None:
        body = represent_page(task, route.format, outcome.page, root)
    else:
        return outcome.status, None, b""
    return outcome.status, CONTENT_TYPES[route.format], body


def represent_record(task: Task, wanted: str, record: Record, root: str, created: bool) -> bytes:
    """One record; a new one with what is never shown again."""
    fields = record.resource.created_fields if created else record.resource.shown_fields
    if wanted != "json":
        return xml_document(record_xml(record, fields, root))
    if created:
        return fields_json(record, fields, root)
    return record_json(record, root, task.account.state.renderings)


def represent_page(task: Task, wanted: str, page: Page, root: str) -> bytes:
    """One page of a list."""
    if wanted == "json":
        return page_json(task.resource, page, root, task.account.state.renderings)
    if wanted == "csv":
        return page_csv(task.resource, page.records, root)
    return xml_document(page_xml(task.resource, page, root))


def refusal_parts(error: TwilioError, path: str) -> Parts:
    """A refusal in the format that the path asks for."""
    wanted = format_of(path)
    return error.status, ERROR_CONTENT_TYPES[wanted], error_body(error, wanted)


def respond(state: State, progress: Progress, parts: Parts, started: float) -> Response:
    """The answer with all its headers, written down in the journal that it belongs in."""
    status, content_type, body = parts
    caller, error = progress.caller, progress.error
    account = caller.account if caller else None
    place = account or state
    now, request_id = place.clock.now(), place.request_ids.mint("RQ")
    duration = _seconds() - started
    headers = response_headers(content_type, len(body), request_id, now, duration)
    if account is not None and error is None:
        headers["Twilio-Concurrent-Requests"] = str(account.in_flight)
    if progress.request.method == "OPTIONS" or "Origin" in progress.request.headers:
        headers.update(CORS)
    if error is not None:
        headers.update(error.headers)
    if progress.request.method == "HEAD":
        body = b""
    write_down(place, progress, status, body, request_id, now, duration)
    return Response(status, headers, body, account.sid if account else None)


def refuse(state: State, error: TwilioError, method: str = "", path: str = ".json") -> Response:
    """The answer to what never became a request that could be handled."""
    progress = Progress(Request(method, path), Check(state.settings), error=error)
    with state.lock:
        return respond(state, progress, refusal_parts(error, path), _seconds())
