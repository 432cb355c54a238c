"""The one door: a request comes in, a response goes out, and nothing else happens here.

`handle`, `resume` and `finish` are synchronous, hold the state's one lock and never wait: what
there is to wait for is handed out as a `Wait`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twilio_mock.control.http.root import is_control
from twilio_mock.control.on_demand import open_on_demand
from twilio_mock.errors import (
    AuthenticationFailed,
    EntityTooLarge,
    MethodNotAllowed,
    MockRefusal,
    TwilioError,
)
from twilio_mock.rest.authentication import Caller, authenticate, check_rights
from twilio_mock.rest.headers import CORS, response_headers
from twilio_mock.rest.operations import Outcome, masked, perform
from twilio_mock.rest.parameters import read_pairs
from twilio_mock.rest.progress import (
    Progress,
    remember_crash,
    text_of_parameters,
    write_down,
)
from twilio_mock.rest.rendering import Parts, refusal_parts, represent
from twilio_mock.rest.routing import Path, find_operation, find_route, read_path
from twilio_mock.rest.task import Check, Task
from twilio_mock.state import State
from twilio_mock.waiting import Pause, real_clock
from twilio_mock.wire import Request, Response, Steps, Wait

# The control API and faults are imported when they are first needed: that is a third of what a
# server would otherwise import before it can listen.
if TYPE_CHECKING:
    from twilio_mock.control.faults.encounter import Encounter

logger = logging.getLogger("twilio_mock")
_seconds = real_clock()


@dataclass(slots=True, eq=False, kw_only=True)
class Way(Progress):
    """How far a request has come, since when, and what the faults of its account do to it."""

    begun: float
    encounter: Encounter | None = None
    perform: Callable[[Task], Outcome] | None = None
    answered: bool = False


def handle(state: State, request: Request) -> Response | Wait:
    """Answer one request, or say what it waits for first: then `resume` goes on with it.

    Whoever sends the answer calls `finish` when it is sent or lost; who will not wait, too.
    """
    if is_control(request.path):
        from twilio_mock.control.http.answering import answer_control

        answered = answer_control(state, request)
        return answered if isinstance(answered, Response) else go_on(state, answered)
    return go_on(state, exchange(state, request))


def resume(state: State, wait: Wait) -> Response | Wait:
    """Go on with a request when its wait is over."""
    return go_on(state, wait.steps)


def go_on(state: State, steps: Steps) -> Response | Wait:
    """Do what can be done without waiting."""
    with state.lock:
        try:
            return Wait(next(steps), steps)
        except StopIteration as end:
            response: Response = end.value
            return response


def finish(state: State, outcome: Response | Wait) -> None:
    """Take note that the answer was sent, or that its client is gone."""
    if isinstance(outcome, Wait):
        with state.lock:
            outcome.steps.close()
    elif outcome.account is not None:
        with state.lock:
            outcome.account.in_flight -= 1
            for end in outcome.on_end:
                end()


def exchange(state: State, request: Request) -> Steps:
    """The way of one request: what it waits for, and its answer."""
    way = Way(request, Check(state.settings), begun=_seconds())
    if way.begun >= state.leases.earliest:
        state.sweep(way.begun)
    try:
        parts: Parts = 0, None, b""
        try:
            if request.method == "OPTIONS":  # nobody needs credentials for it
                parts = 200, None, b""
            else:
                path, caller = admit(state, way)
                instead = None
                if caller.account.faults:
                    instead = yield from befall(state, way, path, caller)
                parts = instead or carry_out(state, way, path, caller)
        except TwilioError as refusal:
            way.error = refusal
        except Exception:
            # Not logger.exception: the traceback may quote a secret.
            logger.error("unexpected error in %s\n%s", *remember_crash(state, way))
            way.error = MockRefusal(500, "unexpected error inside the mock: see its log")
        if way.error is not None:
            parts = refusal_parts(way.error, request.path)
        response = respond(state, way, parts)
        if way.encounter is not None:
            yield from way.encounter.after
    except GeneratorExit:
        abandon(state, way)
        raise
    return response


def admit(state: State, way: Way) -> tuple[Path, Caller]:
    """What the path says, and who asks; raises a `TwilioError`."""
    request = way.request
    if len(request.body) > state.settings.body_limit:
        raise EntityTooLarge(state.settings.body_limit)
    path = read_path(request.path)
    authorization = request.headers.get("Authorization")
    if state.settings.accounts_on_demand:
        open_on_demand(state, authorization)
    caller = way.caller = authenticate(state, authorization, path.account)
    caller.account.in_flight += 1
    if state.leases.by_sid:
        state.use(caller.account, way.begun)
    return path, caller


def carry_out(state: State, way: Way, path: Path, caller: Caller) -> Parts:
    """Status, content type and body; raises a `TwilioError`."""
    request = way.request
    route = find_route(state.resources, path)
    verb = route.verbs.get("GET" if request.method == "HEAD" else request.method)
    if verb is None:
        raise MethodNotAllowed(tuple(route.verbs))
    check_rights(caller, route.resource, verb, state.settings)
    way.operation = route.resource.operation_id[verb]
    sent = text_of_parameters(request, way.check)
    pairs = read_pairs(sent, state.settings)
    way.sent = sent
    task = Task(
        caller=caller.owner,
        account=caller.account,
        resource=route.resource,
        verb=verb,
        sid=route.sid,
        path=request.path,
        pairs=pairs,
        check=way.check,
    )
    outcome = way.outcome = (way.perform or perform)(task)
    if route.resource.secrets:
        way.body_to_note = represent(task, route, masked(outcome))[2]
    return represent(task, route, outcome)


def befall(
    state: State, way: Way, path: Path, caller: Caller
) -> Generator[Pause, None, Parts | None]:
    """Have a request meet the faults of its account: what is answered instead, if anything."""
    from twilio_mock.control.faults.encounter import Asked, Encounter
    from twilio_mock.control.faults.handles import meet
    from twilio_mock.control.faults.staleness import perform_among_faults

    account = caller.account
    route, verb = find_operation(state.resources, path, way.request.method)
    asked = Asked(way.request, path, route, verb, caller)
    way.operation = asked.operation
    way.encounter = encounter = Encounter(asked, account)
    way.perform = lambda task: perform_among_faults(task, encounter.past)
    meet(encounter)
    way.faults = tuple(encounter.names)
    yield from encounter.before
    if not account.is_open:
        raise AuthenticationFailed  # it was freed meanwhile
    if isinstance(encounter.instead, TwilioError):
        raise encounter.instead
    return None if encounter.instead is None else encounter.instead.parts


def respond(state: State, way: Way, parts: Parts) -> Response:
    """The answer with all its headers, written down in the journal that it belongs in."""
    status, content_type, body = parts
    error, met = way.error, way.encounter
    account = way.caller.account if way.caller else None
    place = account or state
    now, request_id = place.clock.now(), place.request_ids.mint("RQ")
    duration = _seconds() - way.begun
    if met is not None:
        body = met.changed(body)
    headers = response_headers(content_type, len(body), request_id, now, duration)
    if account is not None and error is None:
        headers["Twilio-Concurrent-Requests"] = str(account.in_flight)
    if way.request.method == "OPTIONS" or "Origin" in way.request.headers:
        headers.update(CORS)
    if error is not None:
        headers.update(error.headers)
    if way.request.method == "HEAD":
        body = b""
    write_down(place, way, status, body, request_id, now, duration)
    way.answered = True
    response = Response(status, headers, body, account)
    if met is not None:
        met.complete(response)
    return response


def abandon(state: State, way: Way) -> None:
    """End a request that nobody waits for any more; what it has done stays done."""
    if way.caller is None or way.encounter is None:
        return
    account = way.caller.account
    account.in_flight -= 1
    if not way.answered:
        now, request_id = account.clock.now(), account.request_ids.mint("RQ")
        write_down(account, way, 0, b"", request_id, now, _seconds() - way.begun)
    for end in way.encounter.on_end:
        end()


def refuse(state: State, error: TwilioError, method: str = "", path: str = "") -> Response:
    """The answer to what never became a request that could be handled.

    Of one that was refused in its head neither method nor path is known; it is told in JSON.
    """
    way = Way(Request(method, path), Check(state.settings), error=error, begun=_seconds())
    with state.lock:
        if error.status == 500:  # the server failed, and says so while it handles the exception
            remember_crash(state, way)
        return respond(state, way, refusal_parts(error, path or ".json"))
