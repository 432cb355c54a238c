"""Simulated calls: one that arrives, one of a Voice SDK client, one that the API has made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twilio_mock.arguments import check_number
from twilio_mock.control.simulations import (
    Options,
    application_record,
    arrival,
    check_active,
    first_target,
    open_delivery,
    target,
)
from twilio_mock.errors import TwilioError
from twilio_mock.pairs import Pairs
from twilio_mock.rest.representations import rfc_2822
from twilio_mock.state import Account
from twilio_mock.state.records import Record
from twilio_mock.webhooks.conversation import Conversation, Talk, Target
from twilio_mock.webhooks.judgement import VOICE
from twilio_mock.webhooks.parameters import voice_parameters

# How a call ends, and the SIP code that says so. Of these, 486 was recorded (2022).
ENDS: Mapping[str, str] = {
    "completed": "200",
    "busy": "486",
    "no-answer": "487",
    "canceled": "487",
    "failed": "404",
}


@dataclass(slots=True, kw_only=True)
class Call:
    """A call: what its requests say, which URLs they go to, and where it is in its life.

    `sequence` counts the events that a status callback could have been told of.
    """

    conversation: Conversation
    values: dict[str, str]
    targets: tuple[Target, Target | None] | None
    callback: Target | None
    with_geography: bool = True
    sequence: int = 0

    @property
    def status(self) -> str:
        """The CallStatus."""
        return self.values["CallStatus"]

    def set_status(self, status: str) -> None:
        """Go on to another CallStatus."""
        self.values["CallStatus"] = self.conversation.delivery.status = status
        self.conversation.note(status)

    def start(self) -> Talk[None]:
        """Ask for TwiML, if somebody is there to hear it."""
        self.set_status(self.status)
        if self.targets is not None:
            yield from self.conversation.ask(self.targets, self.parameters, VOICE)

    def parameters(self, failed: tuple[int, str] | None) -> Pairs:
        """The parameters of a request for TwiML."""
        error = {"ErrorCode": str(failed[0]), "ErrorUrl": failed[1]} if failed else {}
        return voice_parameters({**self.values, **error}, with_geography=self.with_geography)

    def end(self, status: str, duration: int) -> Talk[None]:
        """End the call after `duration` seconds, and tell the status callback.

        Raises `RuntimeError` if it cannot end so, and `ValueError` for a duration below 0.
        """
        self.check_end(status, duration)
        self.set_status(status)
        return self.conversation.notify(self.callback, self.ended(duration))

    def ended(self, duration: int) -> Pairs:
        """The parameters of the status callback that tells of the end."""
        told = {
            "CallbackSource": "call-progress-events",
            "CallDuration": str(duration),
            "Duration": str(-(-duration // 60)),  # minutes that are billed
            "SequenceNumber": str(self.sequence),
            "SipResponseCode": ENDS[self.status],
            "Timestamp": rfc_2822(int(self.conversation.account.clock.now())),
        }
        return voice_parameters({**self.values, **told}, with_geography=self.with_geography)

    def check_end(self, status: str, duration: int) -> None:
        """Whether the call can end in this way now."""
        check_number("duration", duration, whole=True)
        if self.status in ENDS:
            raise RuntimeError(f"twilio_mock: the call has ended already: {self.status}")
        answered = self.status == "in-progress"
        if answered and status not in ("completed", "failed"):
            raise RuntimeError(f"twilio_mock: the call was answered, it cannot end as {status}")
        if self.targets is None and status == "completed":
            raise RuntimeError("twilio_mock: nobody has answered the call; end it otherwise")
        if duration < 0:
            raise ValueError(f"twilio_mock: a call lasts 0 seconds or more, not {duration}")


def voice_values(
    account: Account, record: Record, parties: tuple[str, str], options: Options
) -> dict[str, str]:
    """What every request about a call says; the CallSid is still missing."""
    to, from_ = parties
    return {
        "AccountSid": account.sid,
        "ApiVersion": str(record["api_version"]),
        "Called": to,
        "Caller": from_,
        "Direction": "inbound",
        "CallStatus": "ringing",
        "From": from_,
        "To": to,
        **options.parameters,
    }


def incoming_call(
    account: Account,
    to: str | None,
    from_: str,
    options: Options,
    *,
    application_sid: str | None = None,
    caller_name: str = "",
) -> Call:
    """A call to a number of the account, or straight to an Application.

    Raises `LookupError`, `ValueError` and `TwilioError` as the checks say.
    """
    with account.state.lock:
        check_active(account)
        called, record, sid = arrival(account, to, application_sid, "voice_application_sid")
        first = first_target(record, "voice_url")
        values = voice_values(account, record, (called, from_), options)
        if record["voice_caller_id_lookup"]:
            values["CallerName"] = caller_name
        return made("incoming_call", account, record, values, first, sid, options)


def made(
    kind: str,
    account: Account,
    record: Record,
    values: dict[str, str],
    first: Target | None,
    application_sid: str | None,
    options: Options,
) -> Call:
    """The call, now that nothing can be refused any more."""
    conversation = open_delivery(account, kind, "CA", application_sid, options)
    values["CallSid"] = conversation.delivery.sid
    if application_sid is not None:
        values["ApplicationSid"] = application_sid
    return Call(
        conversation=conversation,
        values=values,
        targets=(first, target(record, "voice_fallback_url")) if first else None,
        callback=target(record, "status_callback"),
    )


def sdk_call(
    account: Account, application_sid: str, identity: str, to: str, options: Options
) -> Call:
    """A Voice SDK client calls out through an Application.

    An Application without VoiceUrl looks to it like one that is not there (seen with the SDKs
    for Android and React Native): both are `TwilioError` 21218.
    """
    with account.state.lock:
        check_active(account)
        record = application_record(account, application_sid)
        if not record["voice_url"]:
            raise TwilioError(21218)
        first = first_target(record, "voice_url")
        values = voice_values(account, record, (to, f"client:{identity}"), options)
        call = made("sdk_call", account, record, values, first, application_sid, options)
        call.with_geography = False
        return call


def outgoing_call(
    account: Account, application_sid: str, to: str, from_: str, answered: bool, options: Options
) -> Call:
    """A call that the API was asked for with an ApplicationSid.

    Raises `TwilioError`: 21218 for an unknown Application, 21205 for one without VoiceUrl.
    """
    with account.state.lock:
        check_active(account)
        record = application_record(account, application_sid)
        if not record["voice_url"]:
            raise TwilioError(21205)
        first = first_target(record, "voice_url") if answered else None
        values = voice_values(account, record, (to, from_), options)
        values |= {"Direction": "outbound-api", "CallStatus": "ringing"}
        if answered:
            values["CallStatus"] = "in-progress"
        call = made("outgoing_call", account, record, values, first, application_sid, options)
        # initiated, ringing, and in-progress if it was answered: then comes the end
        call.sequence = 3 if answered else 2
        return call
