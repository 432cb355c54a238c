"""Requests of Twilio's that were recorded: the names of their parameters in the order seen.

Numbers, SIDs and hosts are not those of the recordings.
"""

from __future__ import annotations


def words(text: str) -> list[str]:
    """Names in a row."""
    return text.split()


# A call to a number of its own URL, 2023.
VOICE_2023 = words(
    "AccountSid ApiVersion CallSid CallStatus Called CalledCity CalledCountry CalledState "
    "CalledZip Caller CallerCity CallerCountry CallerState CallerZip Direction From FromCity "
    "FromCountry FromState FromZip To ToCity ToCountry ToState ToZip"
)
# A call to a number with an Application, 2012 to 2014, when the order was a hash's.
VOICE_WITH_APPLICATION = {*VOICE_2023, "ApplicationSid"}
# A client of the Voice SDK, without what its application adds.
VOICE_SDK = {
    *("ApplicationSid", "ApiVersion", "Called", "Caller", "CallStatus", "To", "From", "CallSid"),
    *("Direction", "AccountSid"),
}
# The status callback of a call, 2022.
VOICE_STATUS = {
    *VOICE_2023,
    *("Timestamp", "CallbackSource", "SipResponseCode", "SequenceNumber", "Duration"),
    "CallDuration",
}
SMS_2024 = words(
    "ToCountry ToState SmsMessageSid NumMedia ToCity FromZip SmsSid FromState SmsStatus FromCity "
    "Body FromCountry To ToZip NumSegments MessageSid AccountSid From ApiVersion"
)
SMS_FALLBACK = words(
    "ToCountry ErrorUrl ToState SmsMessageSid ErrorCode NumMedia ToCity FromZip SmsSid FromState "
    "SmsStatus FromCity Body FromCountry To ToZip NumSegments MessageSid AccountSid From ApiVersion"
)
MESSAGE_STATUS = words("SmsSid SmsStatus MessageStatus To MessageSid AccountSid From ApiVersion")

# The vectors of the SDKs' own tests: token, URL, parameters, signature.
SIGNATURES = [
    (
        "12345",
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        [
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
        ],
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ),
    (
        "12345",
        "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256="
        "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
        [],
        "a9nBmqA0ju/hNViExpshrM61xv4=",
    ),
    (
        "12345",
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        [
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ],
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
]
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
