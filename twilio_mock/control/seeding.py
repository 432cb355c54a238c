"""What a test stores without a request: checked like one, with what only a test can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from twilio_mock.errors import InvalidParameter, TwilioError
from twilio_mock.resources.schema import Kind, Resource, Value, Verb, camel
from twilio_mock.rest.operations import add_record, create_record, replace
from twilio_mock.rest.routing import well_formed
from twilio_mock.rest.task import Check, Pairs, Task
from twilio_mock.state import Account, State
from twilio_mock.state.records import Record

# Kinds that the mock fills in itself, from what it knows better than a test.
NEVER_GIVEN = (Kind.ACCOUNT_SID, Kind.OWNER_SID)


def seed_record(account: Account, resource: Resource, fields: Mapping[str, Value]) -> Record:
    """Store a record, checked as a request would be; a field that is `None` is left out.

    Besides what a request can send, a test can give the SID, the dates (seconds since 1970) and
    what is hidden. Raises `TypeError` for a field that cannot be set and `ValueError` for a
    value that Twilio would refuse; then nothing is stored.
    """
    check_names(resource, fields, "create", settable(resource))
    sent = resource.parameters[Verb.CREATE]
    given = {n: v for n, v in fields.items() if v is not None and camel(n) not in sent}
    pairs = tuple(
        (camel(name), as_text(name, value))
        for name, value in fields.items()
        if value is not None and name not in given
    )
    with account.state.lock:
        check_given(account, resource, given)
        try:
            return create_record(seeding_task(account, resource, pairs), given)
        except TwilioError as error:
            where = f"{error.parameter}: " if isinstance(error, InvalidParameter) else ""
            message = f"{resource.key}.create: {where}{error.message} ({error.code})"
            raise ValueError(f"twilio_mock: {message}") from error


def open_account(state: State, fields: Mapping[str, Value]) -> Account:
    """Open an account that has no parent; its fields are those of the resource Account.

    Raises `TypeError` and `ValueError` as `seed_record` does; then nothing is stored.
    """
    resource = state.account_resource
    check_names(resource, fields, "create", settable(resource))
    values = {name: value for name, value in fields.items() if value is not None}
    with state.lock:
        sid = str(values.get("sid") or state.sids.mint("AC", state.accounts))
        account = Account(sid, state, None)
        check_given(account, resource, {**values, "sid": sid})
        state.accounts[sid] = account
        named: dict[str, Value] = {"friendly_name": "twilio_mock", **values, "sid": sid}
        add_record(seeding_task(account, resource), named)
        return account


def seed_change(account: Account, fields: Mapping[str, Value]) -> Record:
    """Change what is stored of an account; raises `TypeError` and `ValueError`."""
    resource = account.state.account_resource
    check_names(resource, fields, "update", set(settable(resource)) - {"sid"})
    with account.state.lock:
        check_given(account, resource, fields)
        table, old = account.table(resource), account.record
        return replace(table, old, dict(fields), seeding_task(account, resource))


def check_names(
    resource: Resource, fields: Iterable[str], verb: str, known: Collection[str]
) -> None:
    """Refuse, with `TypeError`, a name that is not known."""
    for name in fields:
        if name not in known:
            message = f"{resource.key}.{verb} has no {name!r}; it has: {', '.join(sorted(known))}"
            raise TypeError(f"twilio_mock: {message}")


def settable(resource: Resource) -> list[str]:
    """The names of the fields that a test can give."""
    return [
        field.name
        for field in resource.fields
        if field.on_create or (field.stored and field.kind not in NEVER_GIVEN)
    ]


def check_given(account: Account, resource: Resource, given: Mapping[str, Value]) -> None:
    """Check what no request could send; raises `ValueError`."""
    for name, value in given.items():
        field = resource.field[name]
        if field.kind is Kind.SID:
            if not isinstance(value, str) or not well_formed(value, resource.sid_prefix):
                expected = f"{resource.sid_prefix} and 32 hex digits are expected"
                raise ValueError(f"twilio_mock: {value!r} is no {resource.name} SID: {expected}")
            if value in account.state.accounts or value in stored(account, resource):
                raise ValueError(f"twilio_mock: there is already an {resource.name} {value}")
        elif field.kind in (Kind.SECRET, Kind.TEXT) and not value:
            raise ValueError(f"twilio_mock: the {name} of an {resource.name} must not be empty")
        elif field.choices and value not in field.choices:
            expected = ", ".join(field.choices)
            raise ValueError(f"twilio_mock: {name} {value!r} does not exist; there are: {expected}")


def stored(account: Account, resource: Resource) -> Mapping[str, object]:
    """What has a SID of this kind already: credentials must differ over all accounts."""
    return account.state.opened_by if resource.opens_account else account.table(resource).records


def seeding_task(account: Account, resource: Resource, pairs: Pairs = ()) -> Task:
    """A create that no request asked for."""
    check = Check(account.state.settings)
    return Task(account, account, resource, Verb.CREATE, None, "", pairs, check)


def as_text(name: str, value: Value) -> str:
    """A value as a request would send it; raises `TypeError` for what none could."""
    if not isinstance(value, str | bool):
        message = f"{name} must be a str or a bool, not {type(value).__name__}"
        raise TypeError(f"twilio_mock: {message}")
    return str(value).lower() if isinstance(value, bool) else str(value)
