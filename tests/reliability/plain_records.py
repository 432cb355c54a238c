"""What the records of `plain_twilio` look like, and which parameters they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

PREFIXES = {"Applications": "AP", "IncomingPhoneNumbers": "PN", "Keys": "SK", "Accounts": "AC"}
CREATED_ONLY = {"Keys": ("secret",)}
FILTERS: dict[str, dict[str, str]] = {
    "Applications": {"FriendlyName": "friendly_name"},
    "IncomingPhoneNumbers": {"FriendlyName": "friendly_name", "PhoneNumber": "phone_number"},
    "Keys": {},
    "Accounts": {"FriendlyName": "friendly_name", "Status": "status"},
}
URLS = ("VoiceUrl", "StatusCallback", "SmsUrl", "SmsStatusCallback", "MessageStatusCallback")
APPLICATION: dict[str, Any] = {
    "sid": None,
    "date_created": None,
    "date_updated": None,
    "account_sid": None,
    "friendly_name": None,
    "api_version": "2010-04-01",
    "voice_url": None,
    "voice_method": "POST",
    "voice_fallback_url": None,
    "voice_fallback_method": "POST",
    "status_callback": None,
    "status_callback_method": "POST",
    "voice_caller_id_lookup": False,
    "sms_url": None,
    "sms_method": "POST",
    "sms_fallback_url": None,
    "sms_fallback_method": "POST",
    "sms_status_callback": None,
    "message_status_callback": None,
    "uri": None,
    "public_application_connect_enabled": False,
}
NUMBER: dict[str, Any] = {
    "sid": None,
    "account_sid": None,
    "friendly_name": None,
    "phone_number": None,
    "voice_url": None,
    "voice_method": "POST",
    "voice_fallback_url": None,
    "voice_fallback_method": "POST",
    "voice_caller_id_lookup": False,
    "date_created": None,
    "date_updated": None,
    "sms_url": "",
    "sms_method": "POST",
    "sms_fallback_url": "",
    "sms_fallback_method": "POST",
    "address_requirements": "none",
    "beta": False,
    "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
    "voice_receive_mode": "voice",
    "status_callback": "",
    "status_callback_method": "POST",
    "api_version": "2010-04-01",
    "voice_application_sid": None,
    "sms_application_sid": "",
    "origin": "twilio",
    "trunk_sid": None,
    "emergency_status": "Inactive",
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "address_sid": None,
    "identity_sid": None,
    "bundle_sid": None,
    "uri": None,
    "status": "in-use",
    "type": "local",
}
KEY: dict[str, Any] = {
    "sid": None,
    "friendly_name": None,
    "date_created": None,
    "date_updated": None,
}
BLANKS = {"Applications": APPLICATION, "IncomingPhoneNumbers": NUMBER, "Keys": KEY}

REFUSALS: dict[str, tuple[int, Callable[[str], bool]]] = {
    "FriendlyName": (20002, lambda text: len(text) > 64),
    **{name: (21402, lambda text: text != "" and "://" not in text) for name in URLS},
    "VoiceMethod": (21403, lambda text: text not in ("GET", "POST")),
    "SmsMethod": (21403, lambda text: text not in ("GET", "POST")),
    "Status": (21475, lambda text: text not in ("active", "suspended", "closed")),
}
# In the order of the properties, which is that of the checks.
TAKES: dict[str, tuple[str, ...]] = {
    "Applications": (
        *("FriendlyName", "VoiceUrl", "VoiceMethod", "StatusCallback", "VoiceCallerIdLookup"),
        *("SmsUrl", "SmsMethod", "SmsStatusCallback", "MessageStatusCallback"),
    ),
    "IncomingPhoneNumbers": (
        *("FriendlyName", "PhoneNumber", "VoiceUrl", "VoiceMethod", "VoiceCallerIdLookup"),
        *("SmsUrl", "SmsMethod", "VoiceApplicationSid", "SmsApplicationSid", "TrunkSid"),
    ),
    "Keys": ("FriendlyName",),
    "Accounts": ("FriendlyName", "Status"),
}


def is_refused(
    plural: str,
    form: dict[str, str],
    *,
    creating: bool,
    applications: Collection[str],
    taken: Collection[str],
) -> int | None:
    """The code that the first bad parameter is refused with."""
    for name in TAKES[plural]:
        if name not in form or name == ("Status" if creating else "PhoneNumber"):
            continue
        text = form[name]
        if name.endswith("ApplicationSid"):
            if text and text not in applications:
                return 21420
        elif name == "PhoneNumber":
            if not re.fullmatch(r"\+[1-9][0-9]+", text):
                return 21421
            if text in taken:
                return 21422
        elif name in REFUSALS and REFUSALS[name][1](text):
            return REFUSALS[name][0]
    if plural == "IncomingPhoneNumbers" and creating and "PhoneNumber" not in form:
        return 21421
    return None


def blank(
    plural: str, account: str, new: dict[str, Any], form: dict[str, str], now: int
) -> dict[str, Any]:
    """A new record before anything of the form is in it."""
    sid = new["sid"]
    if plural == "Accounts":
        moment = datetime.fromtimestamp(now, UTC)
        half = "am" if moment.hour < 12 else "pm"
        return {
            "auth_token": new["auth_token"],
            "date_created": None,
            "date_updated": None,
            "friendly_name": f"SubAccount Created at {moment:%Y-%m-%d %I:%M} {half}",
            "owner_account_sid": account,
            "sid": sid,
            "status": "active",
            "subresource_uris": new["subresource_uris"],
            "type": "Full",
            "uri": f"/2010-04-01/Accounts/{sid}.json",
        }
    record = {**BLANKS[plural], "sid": sid}
    if plural != "Keys":
        record["account_sid"] = account
        record["uri"] = f"/2010-04-01/Accounts/{account}/{plural}/{sid}.json"
    if plural == "IncomingPhoneNumbers":
        number = form["PhoneNumber"]
        record["phone_number"] = record["friendly_name"] = number
        if len(number) == 12 and number.startswith("+1"):
            record["friendly_name"] = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return record


def changed(plural: str, record: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    """The record with what was sent in it."""
    record = dict(record)
    for name in TAKES[plural]:
        if name not in form or name == "PhoneNumber":
            continue
        text, key = form[name], re.sub("(?<!^)([A-Z])", r"_\1", name).lower()
        if name == "VoiceCallerIdLookup":
            if text in ("true", "false"):
                record[key] = text == "true"
        elif name in ("SmsStatusCallback", "MessageStatusCallback"):
            record["sms_status_callback"] = record["message_status_callback"] = text
        else:
            record[key] = text
        if name == "TrunkSid" and text:
            for each in ("voice_application_sid", "sms_application_sid"):
                if record[each] or each_sent(each, form):
                    record[each] = None
        elif name.endswith("ApplicationSid") and text and record["trunk_sid"]:
            record["trunk_sid"] = None
    return record


def each_sent(name: str, form: dict[str, str]) -> bool:
    """Whether the parameter of a property was sent."""
    return "".join(part.capitalize() for part in name.split("_")) in form
