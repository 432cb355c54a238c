"""The Application: the set of URLs that Twilio asks when a call or a message arrives.

Properties and parameters: https://www.twilio.com/docs/usage/api/applications and Twilio's OpenAPI
document. Order of the keys: a response recorded in 2017, then the property added in January 2023.
"""

from twilio_mock.resources.fields import Field, friendly_name, method, sent, switch, url
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource

APPLICATION = Resource(
    name="Application",
    plural="Applications",
    sid_prefix="AP",
    documentation="https://www.twilio.com/docs/usage/api/applications",
    limit="application_limit",
    limit_code=21301,
    fields=(
        Field("sid", kind=Kind.SID),
        Field("date_created", kind=Kind.DATE),
        Field("date_updated", kind=Kind.DATE),
        Field("account_sid", kind=Kind.ACCOUNT_SID),
        friendly_name(),
        sent("api_version", kind=Kind.API_VERSION, default="2010-04-01"),
        url("voice_url", keeps_empty="primary_url_keeps_value"),
        method("voice_method"),
        url("voice_fallback_url", needs="voice_url", needs_code=21405),
        method("voice_fallback_method"),
        url("status_callback"),
        method("status_callback_method"),
        switch("voice_caller_id_lookup"),
        url("sms_url", keeps_empty="primary_url_keeps_value"),
        method("sms_method"),
        url("sms_fallback_url", needs="sms_url", needs_code=21406),
        method("sms_fallback_method"),
        # One stored value, shown twice: the OpenAPI document calls SmsStatusCallback deprecated,
        # and in all its examples the two are equal.
        url(
            "sms_status_callback",
            shows="message_status_callback",
            deprecated_for="MessageStatusCallback",
        ),
        url("message_status_callback", keeps_empty="message_callback_keeps_value"),
        Field("uri", kind=Kind.URI),
        switch("public_application_connect_enabled"),
    ),
)
