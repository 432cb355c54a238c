"""The control API's operations that open accounts, for as long as is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from twilio_mock.control.http.json_check import Schema
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.seed_file import content_keys, known_keys, seed_account
from twilio_mock.control.seeding import settable
from twilio_mock.state import Account
from twilio_mock.waiting import real_date

ENDING: dict[str, Schema] = {
    "ends_in": {
        "type": ["number", "null"],
        "description": "seconds until it is freed if nobody uses it; null if it lives on",
    },
    "ends_at": {"type": ["string", "null"], "description": "when that is, ISO 8601 in UTC"},
}
OPENED = {
    "type": "object",
    "properties": {"sid": {"type": "string"}, "auth_token": {"type": "string"}, **ENDING},
    "required": ["sid", "auth_token", *ENDING],
}
TTL: Schema = {
    "type": "number",
    "minimum": 0.001,
    "maximum": 10**8,
    "description": "seconds after its last use when the account is freed",
}
NEW: Schema = {"type": "object", "properties": {"parent": {"type": "string"}, "ttl": TTL}}


def ending(account: Account) -> dict[str, Any]:
    """When an account is freed, if it has a time to live."""
    left = account.state.leases.left((account.owner or account).sid)
    at = None if left is None else datetime.fromtimestamp(real_date() + left, UTC)
    return {
        "ends_in": None if left is None else round(left, 3),
        "ends_at": at and at.isoformat(timespec="seconds"),
    }


def opened(account: Account) -> dict[str, Any]:
    """What opens an account, and when it ends."""
    token = account.record["auth_token"]
    return {"sid": account.sid, "auth_token": token, **ending(account)}


def open_account(call: Call) -> Any:
    state = call.state
    names = settable(state.account_resource)
    known_keys(call.body, (*names, *NEW["properties"], *content_keys(state)), "the body")
    part = dict(call.body)
    ttl, parent = part.pop("ttl", None), None
    if "parent" in part:
        parent = call.state.accounts.get(part.pop("parent"))
        if parent is None:
            raise Problem(404, "there is no such parent account", where="the body.parent")
        if ttl is not None:
            raise Problem(400, "a subaccount lives as long as its parent", where="the body.ttl")
    if part.get("sid") in call.state.accounts:
        raise Problem(409, f"account {part['sid']} is there already", where="the body.sid")
    account = seed_account(call.state, part, "the body", parent)
    if ttl is not None:
        call.state.leases.begin(account.sid, ttl)
    return opened(account)


def open_account_at(call: Call) -> Any:
    sid = call.path["AccountSid"]
    if call.body.get("sid", sid) != sid:
        raise Problem(400, f"the path says {sid[:80]}", where="the body.sid")
    return open_account(replace(call, body={**call.body, "sid": sid}))


OPENING_OPERATIONS = (
    Operation(
        "open_account",
        "POST",
        "/accounts",
        "Open an account, or a subaccount of `parent`; what is not given is minted. With a `ttl` "
        "it is freed so many seconds after its last use.",
        "mock.accounts.create",
        open_account,
        takes=NEW,
        gives=OPENED,
        status=201,
        refusals=(404, 409),
    ),
    Operation(
        "open_account_at",
        "PUT",
        "/accounts/{AccountSid}",
        "The same under an AccountSid of your own.",
        "mock.accounts.create",
        open_account_at,
        takes=NEW,
        gives=OPENED,
        status=201,
        refusals=(409,),
    ),
)
