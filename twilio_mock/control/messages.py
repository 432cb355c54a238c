"""Simulated messages: one that arrives, and one that the API was asked to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from mimetypes import guess_type

from twilio_mock.control.simulations import (
    Options,
    application_record,
    arrival,
    check_active,
    first_target,
    open_delivery,
    target,
)
from twilio_mock.pairs import Pairs
from twilio_mock.state import Account
from twilio_mock.webhooks.conversation import Conversation, Talk, Target
from twilio_mock.webhooks.judgement import MESSAGING
from twilio_mock.webhooks.parameters import message_parameters

# What comes before each status, and which end the message's life.
# https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
BEFORE = {"queued": "", "sent": "queued", "delivered": "sent", "undelivered": "sent"}
ENDS = frozenset({"delivered", "undelivered", "failed"})
Media = Sequence[str | tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Message:
    """A message: what its requests say, which URLs they go to, and where it is in its life."""

    conversation: Conversation
    values: dict[str, str]
    targets: tuple[Target, Target | None] | None = None
    callback: Target | None = None
    media: list[tuple[str, str]] = field(default_factory=list)
    options: Options

    @property
    def status(self) -> str:
        """The MessageStatus."""
        return self.conversation.delivery.status

    def start(self) -> Talk[None]:
        """Ask what to answer, or say that the message is queued."""
        if self.targets is not None:
            self.set_status("received")
            yield from self.conversation.ask(self.targets, self.parameters, MESSAGING)
        else:
            yield from self.tell("queued", None)

    def parameters(self, failed: tuple[int, str] | None) -> Pairs:
        """The parameters of a request for TwiML."""
        return message_parameters(self.values, self.media, self.options.parameters, failed)

    def move(self, status: str, error_code: int | None = None) -> Talk[None]:
        """Go on to another status, through those in between, telling the callback of each.

        Raises `RuntimeError` if the message cannot get there.
        """
        if self.targets is not None:
            raise RuntimeError("twilio_mock: this message arrived; only one that is sent goes on")
        if self.status in ENDS or self.status == status:
            raise RuntimeError(f"twilio_mock: the message is {self.status} already")
        return self.told(status, error_code)

    def told(self, status: str, error_code: int | None) -> Talk[None]:
        """Tell of the status before this one, if nobody has been told, and of this one."""
        before = BEFORE.get(status, "")
        if before and self.status != before:
            yield from self.told(before, None)
        yield from self.tell(status, error_code)

    def tell(self, status: str, error_code: int | None) -> Talk[None]:
        """Tell the callback of one status."""
        self.set_status(status)
        return self.conversation.notify(self.callback, self.telling(error_code))

    def telling(self, error_code: int | None) -> Pairs:
        """The parameters that tell of the status."""
        values, status = self.values, self.status
        told = {
            "SmsSid": values["MessageSid"],
            "SmsStatus": status,
            "MessageStatus": status,
            "To": values["To"],
            "MessageSid": values["MessageSid"],
            "AccountSid": values["AccountSid"],
            "From": values["From"],
            "ApiVersion": values["ApiVersion"],
        }
        if error_code is not None:
            told["ErrorCode"] = str(error_code)
        if status in ("delivered", "undelivered"):
            now = datetime.fromtimestamp(self.conversation.account.clock.now(), UTC)
            told["RawDlrDoneDate"] = f"{now:%y%m%d%H%M}"
        return tuple({**told, **self.options.parameters}.items())

    def set_status(self, status: str) -> None:
        """Write the status down."""
        self.conversation.delivery.status = status
        self.conversation.note(status)


def with_types(media: Media) -> list[tuple[str, str]]:
    """URLs of media, each with its content type: given, or guessed from the URL.

    Raises `TypeError` for one text instead of several.
    """
    if isinstance(media, str):
        raise TypeError(f"twilio_mock: media takes several URLs: media=[{media!r}]")
    return [
        (each, guess_type(each)[0] or "application/octet-stream")
        if isinstance(each, str)
        else (each[0], each[1])
        for each in media
    ]


def incoming_message(
    account: Account,
    to: str | None,
    from_: str,
    body: str,
    media: Media,
    options: Options,
    *,
    application_sid: str | None = None,
) -> Message:
    """A message to a number of the account, or straight to an Application.

    Raises `LookupError`, `ValueError` and `TwilioError` as the checks say.
    """
    with account.state.lock:
        check_active(account)
        called, record, sid = arrival(account, to, application_sid, "sms_application_sid")
        first = first_target(record, "sms_url")
        typed = with_types(media)
        # MM for a message with media: https://www.twilio.com/docs/glossary/what-is-a-sid
        prefix = "MM" if typed else "SM"
        conversation = open_delivery(account, "incoming_message", prefix, sid, options)
        return Message(
            conversation=conversation,
            values=message_values(account, conversation.delivery.sid, called, from_, body)
            | {"ApiVersion": str(record["api_version"])},
            targets=(first, target(record, "sms_fallback_url")),
            media=typed,
            options=options,
        )


def outgoing_message(
    account: Account,
    application_sid: str,
    to: str,
    from_: str,
    body: str,
    options: Options,
    *,
    status_callback: str | None = None,
) -> Message:
    """A message that the API was asked for with an ApplicationSid.

    The request's own StatusCallback goes before the Application's:
    https://www.twilio.com/docs/messaging/api/message-resource. Raises `TwilioError` 21218.
    """
    with account.state.lock:
        check_active(account)
        record = application_record(account, application_sid)
        if status_callback is not None:
            callback: Target | None = Target("status_callback", status_callback, "POST")
        else:
            callback = target(record, "message_status_callback", "POST")  # always POST (documented)
        conversation = open_delivery(account, "outgoing_message", "SM", application_sid, options)
        return Message(
            conversation=conversation,
            values=message_values(account, conversation.delivery.sid, to, from_, body),
            callback=callback,
            options=options,
        )


def message_values(account: Account, sid: str, to: str, from_: str, body: str) -> dict[str, str]:
    """What every request about a message says."""
    return {
        "MessageSid": sid,
        "AccountSid": account.sid,
        "To": to,
        "From": from_,
        "Body": body,
        "ApiVersion": "2010-04-01",
    }
