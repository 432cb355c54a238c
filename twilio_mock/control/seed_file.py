"""The seed document: accounts with all that they hold, to be stored, and to be exported again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from twilio_mock.control.json_document import read_json
from twilio_mock.control.seeding import (
    SeedError,
    change_account,
    kind_of,
    open_account,
    seed_record,
    settable,
)
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.representations import rfc_2822
from twilio_mock.spelling import not_known
from twilio_mock.state import Account, State
from twilio_mock.state.records import Record
from twilio_mock.state.snapshots import restore, take

SUBACCOUNTS = "subaccounts"
DOCUMENT_KEYS = ("accounts", "$schema")
Document = Mapping[str, Any]
NULLABLE = (Kind.TEXT, Kind.URL, Kind.REFERENCE, Kind.FOREIGN_SID)


def read_document(source: Document | str | PathLike[str]) -> Document:
    """A seed document, from a file if it is a path; raises `OSError` and `SeedError`."""
    if isinstance(source, Mapping):
        return source
    if not isinstance(source, str | PathLike):
        raise TypeError(f"twilio_mock: a seed is a mapping or the path of a file, not {source!r}")
    try:
        # Windows begins a file with a mark.
        document = read_json(Path(source).read_text(encoding="utf-8-sig"))
    except ValueError as problem:
        raise SeedError(str(source), f"this is no JSON: {problem}") from problem
    return an_object(document, str(source))


def seed(state: State, document: Document) -> list[Account]:
    """Store all of a document, or nothing: raises `SeedError`, which names the path to the value.

    An account that is there already is given what the document adds to it.
    """
    known_keys(document, DOCUMENT_KEYS, "the document")
    parts = a_list(document.get("accounts", []), "accounts")
    check_twins(parts, "accounts")
    with state.lock:
        before = [take(account) for account in mentioned(state, parts)]
        count, minted = len(state.accounts), state.sids.minted
        try:
            return [
                seed_account(state, an_object(part, f"accounts[{number}]"), f"accounts[{number}]")
                for number, part in enumerate(parts)
            ]
        except Exception:
            # A dict keeps its order: the accounts that were opened here are the last ones.
            opened = [state.accounts[sid] for sid in list(state.accounts)[count:]]
            for account in opened:
                if account.owner is None:
                    state.free_account(account)
            for snapshot in before:
                restore(state.accounts[snapshot.sid], snapshot)
            state.sids.minted = minted
            raise


def seed_either(account: Account, document: Document) -> None:
    """Store a document, or one that is without `accounts` as a part: what this account holds."""
    if "accounts" in document:
        seed(account.state, document)
        return
    known_keys(document, (*DOCUMENT_KEYS, *content_keys(account.state)), "the document")
    seed_into(account, {name: value for name, value in document.items() if name != "$schema"})


def seed_into(account: Account, part: Document, where: str = "account") -> None:
    """Store what a document says of one account, or nothing; raises `SeedError`."""
    with account.state.lock:
        before = take(account)
        try:
            fill(account, an_object(part, where), where)
        except Exception:
            restore(account, before)
            raise


def mentioned(state: State, parts: Iterable[object]) -> list[Account]:
    """The accounts that are there already and that a document speaks of."""
    sids = [part.get("sid") for part in parts if isinstance(part, Mapping)]
    return [state.accounts[sid] for sid in sids if isinstance(sid, str) and sid in state.accounts]


def seed_account(
    state: State, part: Document, where: str, parent: Account | None = None
) -> Account:
    """Open one account, or find it, and store what it holds."""
    contents = content_keys(state)
    own = {name: value for name, value in part.items() if name not in contents}
    known_keys(own, (*settable(state.account_resource), *contents), where)
    account = state.accounts.get(str(own.get("sid")))
    try:
        if account is not None:
            if parent is not None and account.owner is not parent:
                raise SeedError(
                    "sid", f"{account.sid} is there already, and not one of {parent.sid}"
                )
            change_account(account, {n: v for n, v in own.items() if n != "sid"})
        elif parent is not None:
            record = seed_record(parent, state.account_resource, own)
            account = state.accounts[record.sid]
        else:
            account = open_account(state, own)
    except SeedError as error:
        raise error.inside(where) from error
    fill(account, {name: value for name, value in part.items() if name in contents}, where)
    return account


def fill(account: Account, contents: Document, where: str) -> None:
    """Store the records of an account, what others refer to first, and its subaccounts."""
    known_keys(contents, content_keys(account.state), where)
    for resource in sorted(kept(account.state), key=lambda each: len(each.references)):
        for number, fields in enumerate(
            a_list(contents.get(resource.key, []), f"{where}.{resource.key}")
        ):
            place = f"{where}.{resource.key}[{number}]"
            seed_fields(account, resource, an_object(fields, place), place)
    parts = a_list(contents.get(SUBACCOUNTS, []), f"{where}.{SUBACCOUNTS}")
    check_twins(parts, f"{where}.{SUBACCOUNTS}")
    for number, part in enumerate(parts):
        place = f"{where}.{SUBACCOUNTS}[{number}]"
        if account.owner is not None:
            raise SeedError(place, "a subaccount has no subaccounts")
        seed_account(account.state, an_object(part, place), place, parent=account)


def seed_fields(account: Account, resource: Resource, fields: Document, where: str) -> None:
    """Store one record; `null` in a document is a value, not something left out."""
    known_keys(fields, settable(resource), where)
    empty = [name for name, value in fields.items() if value is None]
    for name, value in fields.items():
        if value is None and resource.field[name].kind not in NULLABLE:
            raise SeedError(f"{where}.{name}", "must not be null; leave it out for its default")
        if not isinstance(value, str | int | float | None):
            raise SeedError(f"{where}.{name}", f"{kind_of(value)} is no value of a field")
    try:
        seed_record(account, resource, fields, empty)
    except SeedError as error:
        raise error.inside(where) from error


def check_twins(parts: Iterable[object], where: str) -> None:
    """Refuse an account that is there twice: which token would be its own? Raises `SeedError`."""
    first: dict[str, int] = {}
    for number, part in enumerate(parts):
        sid = part.get("sid") if isinstance(part, Mapping) else None
        if isinstance(sid, str) and first.setdefault(sid, number) != number:
            raise SeedError(f"{where}[{number}].sid", f"is that of {where}[{first[sid]}] as well")


def kept(state: State) -> list[Resource]:
    """The resources whose records an account keeps."""
    return [each for each in state.resources if not each.is_account]


def content_keys(state: State) -> list[str]:
    """The keys of an account's part that hold a list."""
    return [*(resource.key for resource in kept(state)), SUBACCOUNTS]


def known_keys(found: Document, known: Collection[str], where: str) -> None:
    """Refuse a key that means nothing; raises `SeedError`."""
    for name in found:
        if name not in known:
            raise SeedError(f"{where}.{name}", not_known(name, known))


def an_object(value: object, where: str) -> Document:
    """A JSON object, or `SeedError`."""
    if not isinstance(value, Mapping):
        raise SeedError(where, f"an object is expected, not {kind_of(value)}")
    return value


def a_list(value: object, where: str) -> list[object]:
    """A JSON array, or `SeedError`."""
    if not isinstance(value, list):
        raise SeedError(where, f"an array is expected, not {kind_of(value)}")
    return value


def export(state: State) -> dict[str, Any]:
    """The whole state as a document: what is exported and seeded again is equal.

    It holds auth tokens and secrets, as a seed must.
    """
    with state.lock:
        roots = [account for account in state.accounts.values() if account.owner is None]
        return {"accounts": [export_account(account) for account in roots]}


def export_account(account: Account) -> dict[str, Any]:
    """What a document says of one account."""
    part = export_record(account.record)
    for resource in kept(account.state):
        records = account.table(resource).in_order_of_creation()
        part[resource.key] = [export_record(record) for record in records]
    if account.owner is None:
        state = account.state
        sids = [sid for sid in account.table(state.account_resource).records if sid != account.sid]
        part[SUBACCOUNTS] = [export_account(state.accounts[sid]) for sid in sids]
    return part


def export_record(record: Record) -> dict[str, Any]:
    """What a document says of one record."""
    names = settable(record.resource)
    fields = [field for field in record.resource.stored_fields if field.name in names]
    return {
        field.name: rfc_2822(int(record[field.name] or 0))
        if field.kind is Kind.DATE
        else record[field.name]
        for field in fields
    }
