"""What a simulated call or message begins with: who is called, and which URLs are configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twilio_mock.errors import TwilioError
from twilio_mock.resources import APPLICATION, INCOMING_PHONE_NUMBER
from twilio_mock.state import Account
from twilio_mock.state.deliveries import Delivery
from twilio_mock.state.records import Record
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.conversation import Conversation, Target

# Who is called when an Application is tried out that no number carries.
NUMBER_OF_NOBODY = "+15005550100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What may be said of any simulation besides who calls whom.

    `parameters` are added to Twilio's or take their place. `cause` is the Twilio-Request-Id of
    the API request that asks for it.
    """

    settings: WebhookSettings
    parameters: Mapping[str, str] = field(default_factory=dict)
    cause: str | None = None


def number_record(account: Account, phone_number: str) -> Record:
    """The account's phone number; raises `LookupError` if it has no such number."""
    table = account.table(INCOMING_PHONE_NUMBER)
    for record in table.having("phone_number", phone_number):
        return record
    numbers = ", ".join(str(record["phone_number"]) for record in list(table)[:5]) or "none"
    raise LookupError(
        f"twilio_mock: account {account.sid} has no phone number {phone_number}; "
        f"it has: {numbers}. Create it with incoming_phone_numbers.create(phone_number=...)"
    )


def application_record(account: Account, sid: str) -> Record:
    """An Application of the account; raises `TwilioError` 21218 if there is none."""
    record = account.table(APPLICATION).records.get(sid)
    if record is None:
        raise TwilioError(21218)
    return record


def number_of(account: Account, application: Record, name: str) -> str:
    """A number that carries the Application in this field, or nobody's."""
    for record in account.table(INCOMING_PHONE_NUMBER).having(name, application.sid):
        return str(record["phone_number"])
    return NUMBER_OF_NOBODY


def in_charge(account: Account, number: Record, name: str) -> tuple[Record, str | None]:
    """The record whose URLs count, and the SID of the Application if it is one.

    A number that carries an Application has its own URLs ignored:
    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
    """
    application = account.table(APPLICATION).records.get(str(number[name]))
    return (application, application.sid) if application else (number, None)


def arrival(
    account: Account, to: str | None, application_sid: str | None, name: str
) -> tuple[str, Record, str | None]:
    """Which number is called, the record whose URLs count, and the SID of its Application.

    A call or a message arrives at a number, or straight at an Application; `name` is the field
    by which a number carries one. Raises as `number_record` and `application_record` do.
    """
    if application_sid is not None:
        application = application_record(account, application_sid)
        return to or number_of(account, application, name), application, application_sid
    return str(to), *in_charge(account, number_record(account, str(to)), name)


def target(record: Record, name: str, method: str | None = None) -> Target | None:
    """The URL of a field with its method; `None` if it is not set."""
    url = record[name]
    if not url:
        return None
    method = method or str(record[name.removesuffix("_url") + "_method"])
    return Target(name, str(url), method)


def first_target(record: Record, name: str) -> Target:
    """The URL that must be set for anything to happen; raises `ValueError` if it is not."""
    found = target(record, name)
    if found is None:
        message = f"{record.resource.name} {record.sid} has no {name}: there is nothing to ask"
        raise ValueError(f"twilio_mock: {message}")
    return found


def open_delivery(
    account: Account, kind: str, prefix: str, application_sid: str | None, options: Options
) -> Conversation:
    """Begin a delivery and write it into the account's log. The state's lock must be held."""
    delivery = Delivery(
        kind=kind,
        sid=account.webhooks.sids.mint(prefix),
        account_sid=account.sid,
        application_sid=application_sid,
        cause=options.cause,
        started=account.clock.now(),
    )
    account.webhooks.add(delivery)
    return Conversation(account, options.settings, delivery)


def check_active(account: Account) -> None:
    """An account that is suspended or closed is not called (error dictionary: 10001)."""
    if not account.active:
        raise TwilioError(10001)
