"""The control API's operations on the journal: read it, search it, assert on it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from twilio_mock.control.arrivals import Arrivals
from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.near_miss import Numbered
from twilio_mock.control.request_exports import as_curl
from twilio_mock.control.request_log import RequestLog
from twilio_mock.waiting import Pause

TEXT: Schema = {"type": "string", "minLength": 1}
# What a list can be searched by; parameters of Twilio's go into the body of `assert_requests`.
CRITERIA: Mapping[str, Schema] = {
    "operation": TEXT,
    "method": TEXT,
    "path": TEXT,
    "status": {**TEXT, "description": "404, or 4xx"},
    "error_code": {**TEXT, "pattern": "^[0-9]{1,9}$"},
    "request_id": TEXT,
    "sid": TEXT,
    "caller": TEXT,
    "fault": TEXT,
    "finding": TEXT,
}
URL: Schema = {"type": "string", "pattern": "^https?://"}
FOR_CURL: Mapping[str, Schema] = {**CRITERIA, "url": URL}
COMMANDS = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}
LISTED: Mapping[str, Schema] = {
    **CRITERIA,
    "after": {
        **TEXT,
        "pattern": "^[0-9]{1,12}$",
        "description": "only those whose number is above this one",
    },
}
EXCHANGES = {
    "type": "object",
    "properties": {
        "requests": {"type": "array", "items": {"type": "object"}},
        "dropped": {"type": "integer", "description": "how many had to make room"},
        "last": {"type": "integer", "description": "the number of the last request there was"},
    },
    "required": ["requests", "dropped", "last"],
}
SEARCH: Mapping[str, Schema] = {
    **CRITERIA,
    "status": {"type": ["integer", "string"]},
    "error_code": {"type": "integer"},
    "parameters": {
        "type": "object",
        "description": "parameters in Twilio's spelling; null means that it was not sent",
        "additionalProperties": {"type": ["string", "boolean", "null"]},
    },
}
ASSERTION = {
    "type": "object",
    "properties": {**SEARCH, "times": {"type": "integer", "minimum": 0, "maximum": 10**9}},
    "additionalProperties": False,
}
WAIT = {
    "type": "object",
    "properties": {
        **SEARCH,
        "times": {"type": "integer", "minimum": 1, "maximum": 10**9, "description": "default: 1"},
        "timeout": {
            "type": "number",
            "minimum": 0,
            "maximum": 600,
            "description": "seconds; default: 5",
        },
    },
    "additionalProperties": False,
}


def answer(log: RequestLog, found: list[Numbered]) -> dict[str, Any]:
    """Exchanges as the API gives them."""
    requests = [log.to_json(*each) for each in found]
    return {"requests": requests, "dropped": log.dropped, "last": log.last}


def searched(log: RequestLog, criteria: Mapping[str, Any]) -> dict[str, Any]:
    """The exchanges that meet some criteria."""
    return answer(log, found(log, criteria))


def in_curl(log: RequestLog, query: Mapping[str, Any]) -> dict[str, Any]:
    """The exchanges that meet some criteria, as commands."""
    criteria = dict(query)
    url = criteria.pop("url", None)
    commands = [as_curl(exchange, url) for _, exchange in found(log, criteria)]
    return {"text": "".join(f"{command}\n" for command in commands)}


def found(log: RequestLog, criteria: Mapping[str, Any]) -> list[Numbered]:
    """The exchanges that meet some criteria, with their numbers."""
    given = dict(criteria)
    after = int(given.pop("after", 0))
    if isinstance(given.get("error_code"), str):
        given["error_code"] = int(given["error_code"])
    if str(given.get("status", "")).isdigit():
        given["status"] = int(given["status"])
    return log.numbered(given.pop("operation", None), after=after, **given)


def list_requests(call: Call) -> Any:
    return searched(RequestLog(call.account), call.query)


def list_unknown_requests(call: Call) -> Any:
    return searched(RequestLog(call.state), call.query)


def clear_requests(call: Call) -> Any:
    RequestLog(call.account).clear()


def curl_requests(call: Call) -> Any:
    return in_curl(RequestLog(call.account), call.query)


def curl_unknown_requests(call: Call) -> Any:
    return in_curl(RequestLog(call.state), call.query)


def assert_requests(call: Call) -> Any:
    log, criteria = RequestLog(call.account), dict(call.body)
    times, operation = criteria.pop("times", None), criteria.pop("operation", None)
    try:
        found = log.assert_called(operation, times=times, **criteria)
    except AssertionError as failure:
        raise Problem(417, str(failure).removeprefix("twilio_mock: ")) from None
    return {"count": len(found)}


def wait_for_request(call: Call) -> Generator[Pause, None, Any]:
    account, criteria = call.account, dict(call.body)
    times, timeout = criteria.pop("times", 1), criteria.pop("timeout", 5.0)
    log = Arrivals(account)
    steps = log.steps(criteria.pop("operation", None), times=times, timeout=timeout, **criteria)
    try:
        return log.to_json(*(yield from steps))
    except TimeoutError as late:
        if call.state.accounts.get(account.sid) is not account:
            raise Problem(404, f"account {account.sid} was freed meanwhile") from None
        raise Problem(417, str(late).removeprefix("twilio_mock: ")) from None


PLACE = "/accounts/{AccountSid}/requests"

REQUEST_OPERATIONS = (
    Operation(
        "list_requests",
        "GET",
        PLACE,
        "The requests of the account that meet the criteria, oldest first.",
        "account.requests.filter",
        list_requests,
        query=LISTED,
        gives=EXCHANGES,
    ),
    Operation(
        "clear_requests",
        "DELETE",
        PLACE,
        "Forget what was asked so far.",
        "account.requests.clear",
        clear_requests,
        status=204,
    ),
    Operation(
        "assert_requests",
        "POST",
        f"{PLACE}/assert",
        "417 unless so many requests (or at least one) meet the criteria; it tells near misses.",
        "account.requests.assert_called",
        assert_requests,
        takes=ASSERTION,
        gives={
            "type": "object",
            "properties": {"count": {"type": "integer"}},
            "required": ["count"],
        },
        refusals=(417,),
    ),
    Operation(
        "wait_for_request",
        "POST",
        f"{PLACE}/wait",
        "Wait until such a request came (or `times` of them), and show it; 417 if it is late.",
        "account.requests.wait_for",
        wait_for_request,
        takes=WAIT,
        refusals=(417,),
    ),
    Operation(
        "curl_requests",
        "GET",
        f"{PLACE}/curl",
        "The requests that meet the criteria as curl commands, which ask `url` if it is given.",
        "account.requests.to_curl",
        curl_requests,
        query=FOR_CURL,
        gives=COMMANDS,
    ),
    Operation(
        "list_unknown_requests",
        "GET",
        "/unknown_requests",
        "The requests that reached no account.",
        "mock.unknown_requests.filter",
        list_unknown_requests,
        query=LISTED,
        gives=EXCHANGES,
    ),
    Operation(
        "curl_unknown_requests",
        "GET",
        "/unknown_requests/curl",
        "Those as curl commands.",
        "mock.unknown_requests.to_curl",
        curl_unknown_requests,
        query=FOR_CURL,
        gives=COMMANDS,
    ),
)
