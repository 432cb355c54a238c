"""The control API's operations on snapshots, which it keeps by a name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from twilio_mock.control.differences import Diff
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.problems import Problem
from twilio_mock.control.rewinding import diff, rewind, snapshot
from twilio_mock.state.snapshots import Snapshot

KEPT_AT_MOST = 100
NAME = {
    "type": "string",
    "minLength": 1,
    "pattern": "^[A-Za-z0-9._-]+$",
    "description": "letters, digits and . _ -",
}
NAMED = {"type": "object", "properties": {"name": NAME}, "required": ["name"]}
CHANGES = {"type": "array", "items": {"type": "object"}}
DIFF = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "created": CHANGES,
        "updated": CHANGES,
        "deleted": CHANGES,
    },
    "required": ["text", "created", "updated", "deleted"],
}


def take_snapshot(call: Call) -> Any:
    account = call.account
    kept = account.snapshots
    if len(kept) >= KEPT_AT_MOST:
        raise Problem(409, f"{KEPT_AT_MOST} snapshots are kept of an account: delete one first")
    name = call.body.get("name") or next(str(n) for n in range(1, 200) if str(n) not in kept)
    if name in kept:
        raise Problem(409, f"there is a snapshot {name!r} already", where="the body.name")
    kept[name] = snapshot(account)
    return {"name": name}


def list_snapshots(call: Call) -> Any:
    return {"snapshots": [{"name": name} for name in call.account.snapshots]}


def the_snapshot(call: Call) -> Snapshot:
    """The snapshot that the path names; raises a `Problem`."""
    name = call.path["name"]
    found = call.account.snapshots.get(name)
    if not isinstance(found, Snapshot):
        raise Problem(404, f"there is no snapshot {name!r} of {call.account_sid}")
    return found


def restore_snapshot(call: Call) -> Any:
    rewind(call.account, the_snapshot(call))


def compare_snapshot(call: Call) -> Any:
    found: Diff = diff(call.account, the_snapshot(call))
    return {"text": str(found), **asdict(found)}


def delete_snapshot(call: Call) -> Any:
    the_snapshot(call)
    del call.account.snapshots[call.path["name"]]


PLACE = "/accounts/{AccountSid}/snapshots"

SNAPSHOT_OPERATIONS = (
    Operation(
        "take_snapshot",
        "POST",
        PLACE,
        "Keep what the account and its subaccounts hold now, under a name.",
        "account.snapshot",
        take_snapshot,
        takes={"type": "object", "properties": {"name": NAME}, "additionalProperties": False},
        gives=NAMED,
        status=201,
        refusals=(409,),
    ),
    Operation(
        "list_snapshots",
        "GET",
        PLACE,
        "List the snapshots that were taken over HTTP.",
        "-",
        list_snapshots,
        gives={
            "type": "object",
            "properties": {"snapshots": {"type": "array", "items": NAMED}},
            "required": ["snapshots"],
        },
    ),
    Operation(
        "restore_snapshot",
        "POST",
        f"{PLACE}/{{name}}/restore",
        "Make the account what it was.",
        "account.restore",
        restore_snapshot,
        status=204,
    ),
    Operation(
        "compare_snapshot",
        "GET",
        f"{PLACE}/{{name}}/diff",
        "What was created, updated and deleted since.",
        "account.diff",
        compare_snapshot,
        gives=DIFF,
    ),
    Operation(
        "delete_snapshot",
        "DELETE",
        f"{PLACE}/{{name}}",
        "Forget a snapshot.",
        "-",
        delete_snapshot,
        status=204,
    ),
)
