"""The IncomingPhoneNumber: a number of the account, and what is asked when it is called.

Properties: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and the
OpenAPI document. Order and defaults of the keys: a create recorded in 2015 and a list of 2017.
"""

from collections.abc import Mapping

from twilio_mock.resources.fields import Field, Value, friendly_name, method, sent, switch, url
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb


def national_format(values: Mapping[str, Value], now: int) -> Value:
    """The documented default name, the number formatted; recorded: `(415) 233-9867`."""
    number = str(values["phone_number"])
    if number.startswith("+1") and len(number) == 12:
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


INCOMING_PHONE_NUMBER = Resource(
    name="IncomingPhoneNumber",
    plural="IncomingPhoneNumbers",
    sid_prefix="PN",
    documentation="https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource",
    idle_filters=("Beta",),
    with_test_credentials=frozenset((Verb.CREATE,)),
    fields=(
        Field("sid", kind=Kind.SID),
        Field("account_sid", kind=Kind.ACCOUNT_SID, on_update=True, refused_code=21470),
        friendly_name(default_from=national_format),
        Field(
            "area_code",
            kind=Kind.AREA_CODE,
            shows="phone_number",
            hidden=True,
            on_create=True,
            refused_code=21451,
        ),
        Field(
            "phone_number",
            kind=Kind.PHONE_NUMBER,
            on_create=True,
            required=True,
            filterable=True,
            refused_code=21421,
        ),
        url("voice_url"),
        method("voice_method"),
        url("voice_fallback_url", needs="voice_url", needs_code=21405),
        method("voice_fallback_method"),
        switch("voice_caller_id_lookup"),
        Field("date_created", kind=Kind.DATE),
        Field("date_updated", kind=Kind.DATE),
        url("sms_url", default=""),
        method("sms_method"),
        url("sms_fallback_url", default="", needs="sms_url", needs_code=21406),
        method("sms_fallback_method"),
        Field("address_requirements", kind=Kind.CONSTANT, default="none"),
        Field("beta", kind=Kind.CONSTANT, default=False),
        Field(
            "capabilities",
            kind=Kind.CONSTANT,
            default={"voice": True, "sms": True, "mms": True, "fax": False},
        ),
        sent(
            "voice_receive_mode",
            kind=Kind.CHOICE,
            default="voice",
            choices=("voice", "fax"),
        ),
        url("status_callback", default=""),
        method("status_callback_method"),
        sent("api_version", kind=Kind.API_VERSION, default="2010-04-01"),
        # The number's own URLs are put aside, not erased, while an Application is set. Setting
        # one takes the trunk off, and the other way round: the OpenAPI document says so of the
        # voice one, docs/modelled.md why both are treated alike.
        sent(
            "voice_application_sid",
            kind=Kind.REFERENCE,
            refers_to="Application",
            refused_code=21420,
            clears=("trunk_sid",),
        ),
        sent(
            "sms_application_sid",
            kind=Kind.REFERENCE,
            default="",
            refers_to="Application",
            refused_code=21420,
            clears=("trunk_sid",),
        ),
        Field("origin", kind=Kind.TEXT, default="twilio", filterable=True),
        sent(
            "trunk_sid",
            kind=Kind.FOREIGN_SID,
            sid_prefix="TK",
            clears=("voice_application_sid", "sms_application_sid"),
        ),
        sent(
            "emergency_status",
            kind=Kind.CHOICE,
            default="Inactive",
            choices=("Active", "Inactive"),
        ),
        sent("emergency_address_sid", kind=Kind.FOREIGN_SID, sid_prefix="AD"),
        Field("emergency_address_status", kind=Kind.CONSTANT, default="unregistered"),
        sent("address_sid", kind=Kind.FOREIGN_SID, sid_prefix="AD"),
        sent("identity_sid", kind=Kind.FOREIGN_SID, sid_prefix="RI"),
        sent("bundle_sid", kind=Kind.FOREIGN_SID, sid_prefix="BU"),
        Field("uri", kind=Kind.URI),
        Field("status", kind=Kind.CONSTANT, default="in-use"),
        Field("type", kind=Kind.CONSTANT, default="local"),
    ),
)
