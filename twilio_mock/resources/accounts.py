"""The account: what everything belongs to, and what may have subaccounts.

Properties, filters and statuses: https://www.twilio.com/docs/iam/api/account; the keys are those
of an account created in 2016, the order of the list (oldest first) was seen in the same year.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from twilio_mock.errors import AuthenticationFailed, TwilioError
from twilio_mock.resources.fields import Field, Value, friendly_name, switch
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Change, Resource
from twilio_mock.resources.verbs import Verb

# As in the subresource_uris of an account seen in 2016, and those that today's document adds.
SUBRESOURCES: Mapping[str, str] = MappingProxyType(
    {
        "addresses": "Addresses",
        "applications": "Applications",
        "authorized_connect_apps": "AuthorizedConnectApps",
        "available_phone_numbers": "AvailablePhoneNumbers",
        "balance": "Balance",
        "calls": "Calls",
        "conferences": "Conferences",
        "connect_apps": "ConnectApps",
        "incoming_phone_numbers": "IncomingPhoneNumbers",
        "keys": "Keys",
        "media": "Media",
        "messages": "Messages",
        "notifications": "Notifications",
        "outgoing_caller_ids": "OutgoingCallerIds",
        "queues": "Queues",
        "recordings": "Recordings",
        "sandbox": "Sandbox",
        "short_codes": "SMS/ShortCodes",
        "signing_keys": "SigningKeys",
        "sip": "SIP",
        "sms_messages": "SMS/Messages",
        "transcriptions": "Transcriptions",
        "usage": "Usage",
    }
)


def created_at(values: Mapping[str, Value], now: int) -> Value:
    """The documented default name: `SubAccount Created at {YYYY-MM-DD HH:MM meridian}`."""
    moment = datetime.fromtimestamp(now, UTC)
    meridian = "am" if moment.hour < 12 else "pm"
    return f"SubAccount Created at {moment:%Y-%m-%d} {moment:%I:%M} {meridian}"


def parents_open_subaccounts(change: Change) -> None:
    """A subaccount has no subaccounts, so its credentials open none."""
    if change.verb is Verb.CREATE and change.by_subaccount:
        raise AuthenticationFailed


def only_parents_change_status(change: Change) -> None:
    """Who may change a status and when: error dictionary, 21476 to 21479."""
    if change.verb is not Verb.UPDATE:
        return
    if change.by_parent and change.refused is not None:
        raise TwilioError(21476) if "status" in change.changes else change.refused
    if "status" not in change.changes:
        return
    if change.by_subaccount:
        raise AuthenticationFailed
    if not change.by_parent:
        raise TwilioError(21477)
    if change.old("status") == "closed":
        raise TwilioError(21479)
    if change.old("suspended_by_twilio"):
        raise TwilioError(21478)


ACCOUNT = Resource(
    name="Account",
    plural="Accounts",
    sid_prefix="AC",
    documentation="https://www.twilio.com/docs/iam/api/account",
    verbs=frozenset(Verb) - {Verb.DELETE},  # error dictionary, 20004: accounts are closed instead
    newest_first=False,
    limit="subaccount_limit",
    limit_code=21480,
    # Recorded on this list, in 2018 and 2020.
    page_without_token=(70002, "Paged requests must include a PageToken"),
    rules=(parents_open_subaccounts, only_parents_change_status),
    is_account=True,
    for_main_credentials=True,
    fields=(
        Field("auth_token", kind=Kind.SECRET),
        Field("date_created", kind=Kind.DATE),
        Field("date_updated", kind=Kind.DATE),
        friendly_name(default_from=created_at),
        Field("owner_account_sid", kind=Kind.OWNER_SID),
        Field("sid", kind=Kind.SID),
        Field(
            "status",
            kind=Kind.CHOICE,
            default="active",
            choices=("active", "suspended", "closed"),
            refused_code=21475,
            on_update=True,
            filterable=True,
        ),
        Field("subresource_uris", kind=Kind.SUBRESOURCES, default=SUBRESOURCES),
        Field("type", kind=Kind.CHOICE, default="Full", choices=("Full", "Trial")),
        Field("uri", kind=Kind.URI),
        # What no request can set: a test says it.
        switch("suspended_by_twilio", on_create=False, on_update=False, hidden=True),
        switch("test_credentials", on_create=False, on_update=False, hidden=True),
        Field("secondary_auth_token", kind=Kind.TEXT, hidden=True),
    ),
)
