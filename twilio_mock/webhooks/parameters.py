"""The parameters of a webhook, in the order in which Twilio sends them.

Voice: https://www.twilio.com/docs/voice/twiml#request-parameters; in alphabetical order since
2023 at the latest. Messages: https://www.twilio.com/docs/messaging/guides/webhook-request; in the
order of requests recorded in 2023 and 2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twilio_mock.pairs import Pairs

# Of a caller or a called party that nobody knows more about: empty, but sent (recorded).
GEOGRAPHY = ("City", "Country", "State", "Zip")
# The characters of one septet of GSM 03.38; those of EXTENDED take two.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


def places(*names: str) -> dict[str, str]:
    """Where the parties are: unknown."""
    return {name + part: "" for name in names for part in GEOGRAPHY}


def voice_parameters(values: Mapping[str, str], *, with_geography: bool) -> Pairs:
    """The parameters of a request about a call: alphabetical, so also with those of a fallback.

    A client of the Voice SDK has no geography (recorded).
    """
    known = places("Called", "Caller", "From", "To") if with_geography else {}
    return tuple(sorted({**known, **values}.items()))


def message_parameters(
    values: Mapping[str, str],
    media: Sequence[tuple[str, str]],
    extra: Mapping[str, str],
    failed: tuple[int, str] | None = None,
) -> Pairs:
    """The parameters of an incoming message; of its fallback if `failed` (code, URL) is given."""
    sid = values["MessageSid"]
    error = {"ErrorUrl": failed[1], "ErrorCode": str(failed[0])} if failed else {}
    ordered = {
        "ToCountry": "",
        **picked(error, "ErrorUrl"),
        **{f"MediaContentType{n}": each[1] for n, each in enumerate(media)},
        "ToState": "",
        "SmsMessageSid": sid,
        **picked(error, "ErrorCode"),
        "NumMedia": str(len(media)),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": values["Body"],
        "FromCountry": "",
        "To": values["To"],
        **picked(extra, "MessagingServiceSid"),
        "ToZip": "",
        "NumSegments": str(segments(values["Body"])),
        "MessageSid": sid,
        "AccountSid": values["AccountSid"],
        "From": values["From"],
        **{f"MediaUrl{n}": each[0] for n, each in enumerate(media)},
        "ApiVersion": values["ApiVersion"],
    }
    return tuple({**ordered, **extra}.items())


def picked(values: Mapping[str, str], name: str) -> dict[str, str]:
    """One entry, if it is there."""
    return {name: values[name]} if name in values else {}


def segments(body: str) -> int:
    """How many SMS carry this text: https://www.twilio.com/docs/glossary/what-sms-character-limit."""
    if all(character in GSM or character in EXTENDED for character in body):
        length = sum(2 if character in EXTENDED else 1 for character in body)
        single, several = 160, 153
    else:
        length = len(body.encode("utf-16-le", "surrogatepass")) // 2
        single, several = 70, 67
    return 1 if length <= single else -(-length // several)
