"""One call of the control API: from its request to its answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator
from traceback import format_exception
from typing import Any
from urllib.parse import parse_qsl, unquote

from twilio_mock.answers_to_come import Conversing, Streaming
from twilio_mock.control.http.deliveries import Begun
from twilio_mock.control.http.events import STREAM_TYPE, EventStream
from twilio_mock.control.http.guard import check_guard
from twilio_mock.control.http.json_check import check
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.page import answer_page, is_page
from twilio_mock.control.http.problems import CONTENT_TYPE, Problem
from twilio_mock.control.http.root import ROOT
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.control.json_document import read_json
from twilio_mock.errors import TwilioError
from twilio_mock.state import State
from twilio_mock.state.leases import seconds_now
from twilio_mock.state.redaction import secrets_in, without
from twilio_mock.version import __version__
from twilio_mock.waiting import Pause
from twilio_mock.wire import Request, Response, Steps

logger = logging.getLogger("twilio_mock")


def answer_control(state: State, request: Request) -> Response | Steps:
    """Answer one call, perhaps after a wait: then these are its steps.

    It is neither journalled nor does a fault ever hit it.
    """
    try:
        check_guard(state.settings, request)
        if is_page(request.path):
            return answer_page(request)
        with state.lock:
            state.sweep(seconds_now())
            status, value = perform(state, request)
        if isinstance(value, Begun):
            return conversing(state, request, status, value)
        if isinstance(value, Generator):
            return waiting(state, request, status, value)
        if isinstance(value, EventStream):
            return streaming(value)
        return to_response(status, value, "application/json")
    except Problem as problem:
        return refusal(problem)
    except Exception as error:
        return unexpected(state, request, error)


def refusal(problem: Problem) -> Response:
    """The answer to what is refused."""
    response = to_response(problem.status, problem.document(), CONTENT_TYPE)
    response.headers.update(problem.headers)
    return response


def conversing(state: State, request: Request, status: int, begun: Begun) -> Conversing:
    """What stands in for the answer until the conversation is over."""

    def then(outcome: bool | Exception) -> Response:
        if not isinstance(outcome, Exception):
            with state.lock:
                return to_response(status, begun.show(outcome), "application/json")
        return failed(state, request, outcome)

    nobody = refusal(Problem(409, "endpoints are asked by a running server only, not in process"))
    talk, settings = begun.talk, begun.settings
    return Conversing(409, nobody.headers, nobody.body, talk=talk, settings=settings, then=then)


def waiting(
    state: State, request: Request, status: int, steps: Generator[Pause, None, Any]
) -> Steps:
    """What an operation waits for, and its answer then."""
    try:
        return to_response(status, (yield from steps), "application/json")
    except Exception as error:
        return failed(state, request, error)


def failed(state: State, request: Request, error: Exception) -> Response:
    """The answer when an operation raised after a while."""
    problem = problem_of(error)
    return refusal(problem) if problem else unexpected(state, request, error)


def unexpected(state: State, request: Request, error: Exception) -> Response:
    """The answer to a mistake of ours; the log gets all of it, but for secrets."""
    named = (state.accounts.get(part) for part in request.path.split("/"))
    secrets = secrets_in(each.record for each in named if each)
    secrets += secrets_in([state.settings.control_token or ""])
    told = without("".join(format_exception(error)), secrets)
    logger.error("unexpected error in %s %a\n%s", request.method, request.path, told)
    return refusal(Problem(500, "unexpected error inside the mock: see its log"))


def streaming(source: EventStream) -> Streaming:
    """What stands in for an answer that has no end."""
    nobody = refusal(Problem(409, "a stream is sent by a running server only, not in process"))
    headers = {"Content-Type": STREAM_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Streaming(409, nobody.headers, nobody.body, source=source, stream_headers=headers)


def problem_of(error: Exception) -> Problem | None:
    """What a refusal of our own functions says; none of them has changed anything."""
    detail = str(error).removeprefix("twilio_mock: ")
    if isinstance(error, Problem):
        return error
    if isinstance(error, TwilioError):
        return Problem(400, f"Twilio refuses it with {error.code}: {error.message}")
    if isinstance(error, TypeError):
        return Problem(400, detail, python="TypeError")
    if isinstance(error, ValueError):
        return Problem(400, detail, where=getattr(error, "where", ""))
    return Problem(404, detail) if isinstance(error, LookupError) else None


def perform(state: State, request: Request) -> tuple[int, Any]:
    """Find the operation, check what was sent, and do it; raises a `Problem`."""
    operation, values = find(request.method, request.path[len(ROOT) :])
    query = read_query(operation, request.query)
    body = read_body(operation, request.body)
    call = Call(state, values.get("AccountSid"), values, query, body, request.headers)
    try:
        return operation.status, operation.run(call)
    except (TwilioError, ValueError, TypeError, LookupError) as error:
        raise problem_of(error) or error from error


def find(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation at a path, and the values of the names in it; raises a `Problem`."""
    here = [(each, values) for each in OPERATIONS if (values := match(each.path, path)) is not None]
    for operation, values in here:
        if operation.method == method or (method == "HEAD" and operation.method == "GET"):
            return operation, values
    if here:
        allowed = ", ".join(each.method for each, _ in here)
        raise Problem(405, f"{method} means nothing here", headers={"Allow": allowed})
    raise Problem(404, f"the control API has no {path}; GET {ROOT}/openapi.json lists what it has")


def match(template: str, path: str) -> dict[str, str] | None:
    """The values of the names in a template if a path is like it."""
    wanted, found = template.split("/"), path.split("/")
    if len(wanted) != len(found):
        return None
    values = {}
    for name, text in zip(wanted, found, strict=True):
        if name.startswith("{"):
            values[name[1:-1]] = unquote(text)
        elif name != text:
            return None
    return values


def read_query(operation: Operation, text: str) -> dict[str, str]:
    """The parameters of the query; raises a `Problem` for one that is not known."""
    try:
        query = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise Problem(400, "the query cannot be read") from error
    for name, value in query.items():
        if name not in operation.query:
            known = ", ".join(operation.query) or "none"
            raise Problem(400, f"query parameter {name[:80]!r} is not known; known are: {known}")
        check(value, operation.query[name], f"query parameter {name}")
    return query


def read_body(operation: Operation, body: bytes) -> Any:
    """The JSON value of the body, checked; raises a `Problem`."""
    if not operation.takes:
        if body.strip():
            raise Problem(400, f"{operation.name} takes no body")
        return None
    try:
        value = read_json(body) if body.strip() else {}
    except ValueError as error:
        raise Problem(400, f"the body is no JSON: {error}", where="the body") from error
    check(value, operation.takes)
    return value


def to_response(status: int, value: Any, content_type: str) -> Response:
    """An answer with a JSON body, or without one."""
    headers = {"X-Twilio-Mock": __version__, "Cache-Control": "no-store"}
    if value is None:
        return Response(204, headers)
    body = (json.dumps(value, indent=1) + "\n").encode()
    headers |= {"Content-Type": content_type, "Content-Length": str(len(body))}
    return Response(status, headers, body)
