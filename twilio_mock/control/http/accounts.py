"""The control API's operations on accounts: free, seed, export, reset."""

from __future__ import annotations

from typing import Any

from twilio_mock.control.http.openings import ENDING, OPENING_OPERATIONS, ending
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.resetting import reset
from twilio_mock.control.seed_file import export, export_account, seed, seed_into
from twilio_mock.state import Account

DOCUMENT = {"type": "object", "description": "a seed document: see /_twilio_mock/seed.schema.json"}
BRIEF = {
    "type": "object",
    "properties": {
        "sid": {"type": "string"},
        "friendly_name": {"type": ["string", "null"]},
        "status": {"type": "string"},
        "owner_account_sid": {"type": ["string", "null"]},
        "requests": {"type": "integer", "description": "how many the journal holds"},
        "records": {"type": "object", "additionalProperties": {"type": "integer"}},
        **ENDING,
    },
    "required": ["sid", "status", "records"],
}


def brief(account: Account) -> dict[str, Any]:
    """One account in a few words."""
    record = account.record
    resources = account.state.resources
    return {
        "sid": account.sid,
        "friendly_name": record["friendly_name"],
        "status": record["status"],
        "owner_account_sid": account.owner.sid if account.owner else None,
        "requests": len(account.journal.lines),
        "records": {
            each.key: len(account.table(each).records) for each in resources if not each.is_account
        },
        **ending(account),
    }


def list_accounts(call: Call) -> Any:
    return {"accounts": [brief(account) for account in call.state.accounts.values()]}


def fetch_account(call: Call) -> Any:
    return export_account(call.account)


def free_account(call: Call) -> Any:
    call.state.free_account(call.account)


def seed_all(call: Call) -> Any:
    return {"accounts": [account.sid for account in seed(call.state, call.body)]}


def seed_one(call: Call) -> Any:
    seed_into(call.account, call.body, "the body")


def export_all(call: Call) -> Any:
    return export(call.state)


def reset_all(call: Call) -> Any:
    for account in [each for each in call.state.accounts.values() if each.owner is None]:
        reset(account)
    call.state.journal.clear()


def reset_one(call: Call) -> Any:
    reset(call.account)


SEED = {
    "type": "object",
    "properties": {"accounts": {"type": "array", "items": DOCUMENT}},
    "required": ["accounts"],
}
SIDS = {"type": "array", "items": {"type": "string"}}

ACCOUNT_OPERATIONS = (
    Operation(
        "list_accounts",
        "GET",
        "/accounts",
        "List the accounts, with how much they hold.",
        "mock.accounts",
        list_accounts,
        gives={
            "type": "object",
            "properties": {"accounts": {"type": "array", "items": BRIEF}},
            "required": ["accounts"],
        },
    ),
    *OPENING_OPERATIONS,
    Operation(
        "fetch_account",
        "GET",
        "/accounts/{AccountSid}",
        "Export all that an account holds, with its secrets.",
        "account.export",
        fetch_account,
        gives=DOCUMENT,
    ),
    Operation(
        "free_account",
        "DELETE",
        "/accounts/{AccountSid}",
        "Forget an account and its subaccounts.",
        "mock.accounts.free",
        free_account,
        status=204,
    ),
    Operation(
        "seed_account",
        "POST",
        "/accounts/{AccountSid}/seed",
        "Store what a part of a seed document says, or nothing.",
        "account.seed",
        seed_one,
        takes=DOCUMENT,
        status=204,
    ),
    Operation(
        "reset_account",
        "POST",
        "/accounts/{AccountSid}/reset",
        "Forget the records, the journal and the subaccounts of an account.",
        "account.reset",
        reset_one,
        status=204,
    ),
    Operation(
        "seed",
        "POST",
        "/seed",
        "Store a seed document, all of it or nothing.",
        "mock.seed",
        seed_all,
        takes=SEED,
        gives={"type": "object", "properties": {"accounts": SIDS}, "required": ["accounts"]},
        status=201,
    ),
    Operation(
        "export",
        "GET",
        "/state",
        "Export the whole state as a seed document, with its secrets.",
        "mock.export",
        export_all,
        gives=DOCUMENT,
    ),
    Operation(
        "reset",
        "POST",
        "/reset",
        "Reset all accounts.",
        "mock.reset",
        reset_all,
        status=204,
    ),
)
