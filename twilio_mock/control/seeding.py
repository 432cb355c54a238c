"""What a test stores without a request: checked like one, with what only a test can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import inf

from twilio_mock.arguments import check_number
from twilio_mock.errors import InvalidParameter, TwilioError
from twilio_mock.pairs import Pairs
from twilio_mock.resources.fields import Field, Value, camel
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.operations import add_record, create_record, replace
from twilio_mock.rest.routing import well_formed
from twilio_mock.rest.task import Check, Task
from twilio_mock.state import Account, State
from twilio_mock.state.records import Record
from twilio_mock.state.sids import Sids

# What the mock fills in itself, because it knows better than a test.
NEVER_GIVEN = (Kind.ACCOUNT_SID, Kind.OWNER_SID)

Given = Value | float | datetime


class SeedError(ValueError):
    """A value that cannot be stored; `where` is the path to it, `reason` what is wrong with it."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"twilio_mock: {where}: {reason}")
        self.where = where
        self.reason = reason

    def inside(self, where: str) -> SeedError:
        """The same error, with the path to what holds the value."""
        return SeedError(f"{where}.{self.where}", self.reason)


def seed_record(
    account: Account,
    resource: Resource,
    fields: Mapping[str, Given],
    empty: Collection[str] = (),
) -> Record:
    """Store a record, checked as a request would be; a field that is `None` is left out.

    Besides what a request can send, a test can give the SID, the dates and what is hidden.
    `empty` names fields that are to be `null`, whatever their default is. Raises `TypeError` for
    a field that cannot be set and `SeedError` for a value that Twilio would refuse; then nothing
    is stored.
    """
    __tracebackhide__ = True
    check_names(resource, fields, "create", settable(resource))
    sendable = resource.parameters[Verb.CREATE]
    values = {name: value for name, value in fields.items() if value is not None}
    sent = {name: value for name, value in values.items() if camel(name) in sendable}
    pairs = tuple(
        (camel(name), as_text(resource.field[name], value)) for name, value in sent.items()
    )
    with account.state.lock:
        given = checked(account, resource, {n: v for n, v in values.items() if n not in sent})
        try:
            task = seeding_task(account, resource, pairs)
            return create_record(task, {**dict.fromkeys(empty), **given})
        except InvalidParameter as error:
            field = sendable[error.parameter].name
            raise SeedError(field, f"{error.message} ({error.code})") from None
        except TwilioError as error:
            raise SeedError(resource.name, f"{error.message} ({error.code})") from None


def open_account(
    state: State, fields: Mapping[str, Given], seed: str | None = None, ttl: float | None = None
) -> Account:
    """Open an account that has no parent; its fields are those of the resource Account.

    With a `ttl` it is freed when it was not used for so many seconds. Raises `TypeError` and
    `SeedError` as `seed_record` does; then nothing is stored.
    """
    resource = state.account_resource
    check_names(resource, fields, "create", settable(resource))
    if ttl is not None:
        check_number("ttl", ttl)
    if ttl is not None and not 0 < ttl < inf:
        raise SeedError("ttl", f"seconds above 0 are expected, not {ttl}")
    with state.lock:
        values = {name: value for name, value in fields.items() if value is not None}
        minting = state.sids if seed is None else Sids(seed, "")
        values.setdefault("sid", minting.mint("AC", state.accounts))
        account = Account(str(values["sid"]), state, None, seed)
        given = checked(account, resource, values)
        try:
            state.check_room()
        except TwilioError as error:
            reason = error.message.removeprefix("twilio_mock: ")
            raise SeedError(resource.name, reason) from error
        state.accounts[account.sid] = account
        add_record(seeding_task(account, resource), {"friendly_name": "twilio_mock", **given})
        if ttl is not None:
            state.leases.begin(account.sid, ttl)
        return account


def change_account(account: Account, fields: Mapping[str, Given]) -> Record:
    """Change what is stored of an account; raises `TypeError` and `SeedError`."""
    resource = account.state.account_resource
    check_names(resource, fields, "update", set(settable(resource)) - {"sid"})
    with account.state.lock:
        given = checked(account, resource, fields)
        return replace(
            account.table(resource), account.record, given, seeding_task(account, resource)
        )


def check_names(
    resource: Resource, fields: Iterable[str], verb: str, known: Collection[str]
) -> None:
    """Refuse, with `TypeError`, a name that is not known."""
    for name in fields:
        if name not in known:
            message = f"{resource.key}.{verb} has no {name!r}; it has: {', '.join(sorted(known))}"
            raise TypeError(f"twilio_mock: {message}")


@lru_cache(maxsize=64)  # each account that is opened asks for it
def settable(resource: Resource) -> tuple[str, ...]:
    """The names of the fields that a test can give."""
    return tuple(
        field.name
        for field in resource.fields
        if field.on_create or (field.stored and field.kind not in NEVER_GIVEN)
    )


def checked(account: Account, resource: Resource, given: Mapping[str, Given]) -> dict[str, Value]:
    """The values to store of what no request could send; raises `SeedError`."""
    return {
        name: checked_value(account, resource, resource.field[name], value)
        for name, value in given.items()
    }


def checked_value(account: Account, resource: Resource, field: Field, value: Given) -> Value:
    """One value, if it may be stored; raises `SeedError`."""
    if field.kind is Kind.DATE:
        return whole_seconds(field.name, value)
    if isinstance(value, datetime | float):
        raise SeedError(field.name, f"{value!r} is no value of this field")
    if field.kind is Kind.BOOLEAN:
        if not isinstance(value, bool):
            raise SeedError(field.name, f"{value!r} is neither true nor false")
    elif field.kind is Kind.WHOLE_NUMBER:
        if type(value) is not int:
            raise SeedError(field.name, f"{value!r} is no whole number")
    elif value is not None and not isinstance(value, str):
        raise SeedError(field.name, f"{value!r} is no text")
    elif field.kind is Kind.SID:
        check_sid(account, resource, str(value))
    elif value == "" or (value is None and field.kind is Kind.SECRET):
        raise SeedError(field.name, "must not be empty")
    elif field.choices and value not in field.choices:
        there = ", ".join(field.choices)
        raise SeedError(field.name, f"{value!r} does not exist; there are: {there}")
    return value


def kind_of(value: object) -> str:
    """What JSON calls a value; what JSON does not have keeps Python's name."""
    if isinstance(value, bool):
        return "true or false"
    words = ((dict, "an object"), (list, "an array"), (str, "a text"), (int | float, "a number"))
    for kind, word in words:
        if isinstance(value, kind):
            return word
    return "null" if value is None else type(value).__name__


def check_sid(account: Account, resource: Resource, sid: str) -> None:
    """Refuse, with `SeedError`, a SID that is none or is taken."""
    if not well_formed(sid, resource.sid_prefix):
        expected = f"{resource.sid_prefix} and 32 hex digits are expected"
        raise SeedError("sid", f"{sid!r} is no {resource.name} SID: {expected}")
    # Accounts and credentials must differ over all accounts.
    state = account.state
    taken = state.opened_by if resource.opens_account else account.table(resource).records
    if sid in taken or sid in state.accounts:
        raise SeedError("sid", f"{resource.name} {sid} is there already")


def whole_seconds(name: str, value: Given) -> int:
    """A moment in whole seconds since 1970; raises `SeedError`.

    It may be given in seconds, as a datetime with a time zone, or as a text in RFC 2822 (as
    Twilio shows it) or ISO 8601.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = datetime.fromtimestamp(value, UTC) if 0 <= value < LAST_SECOND else None
    if isinstance(value, str):
        value = parsed_date(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        seconds = value.timestamp()
        # A date without its zone may be within the years that can be shown, and not with it.
        if 0 <= seconds < LAST_SECOND:
            return int(seconds)
    expected = "seconds since 1970, or a date with a time zone (RFC 2822, ISO 8601) up to 9999"
    raise SeedError(name, f"this is no moment; expected: {expected}")


def parsed_date(text: str) -> datetime | None:
    """A date in RFC 2822 or ISO 8601, or `None`."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a zone of more than nine digits
        return None


LAST_SECOND = datetime(9999, 12, 1, tzinfo=UTC).timestamp()


def seeding_task(account: Account, resource: Resource, pairs: Pairs = ()) -> Task:
    """A create that no request asked for."""
    check = Check(account.state.settings)
    return Task(account, account, resource, Verb.CREATE, None, "", pairs, check)


def as_text(field: Field, value: Given) -> str:
    """A value as a request would send it; raises `SeedError` for what none could."""
    if field.kind is Kind.WHOLE_NUMBER and type(value) is int:
        return str(value)
    if not isinstance(value, str | bool):
        raise SeedError(field.name, f"a text or a boolean is expected, not {kind_of(value)}")
    return str(value).lower() if isinstance(value, bool) else value
