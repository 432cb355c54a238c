"""What the signature laboratory sends: the parameters of a call or a message that nobody made."""

from __future__ import annotations

from twilio_mock.control.calls import Call
from twilio_mock.control.messages import Message, message_values
from twilio_mock.control.simulations import NUMBER_OF_NOBODY, Options, open_delivery
from twilio_mock.pairs import Pairs
from twilio_mock.state import Account
from twilio_mock.webhooks.conversation import Conversation, Target
from twilio_mock.webhooks.laboratory import Bench

BODY = "Hello"
DURATION = 12


def open_laboratory(account: Account, endpoint: Target, options: Options) -> Bench:
    """A laboratory for an endpoint, which is sent what belongs to the target's property."""
    with account.state.lock:
        application_sid = account.webhooks.sids.mint("AP")
        conversation = open_delivery(account, "try_signatures", "CA", application_sid, options)
    if endpoint.field.startswith(("sms_", "message_")):
        parameters = of_a_message(conversation, endpoint.field, options)
    else:
        parameters = of_a_call(conversation, endpoint.field, options)
    return Bench(conversation, endpoint, parameters)


def of_a_call(conversation: Conversation, field: str, options: Options) -> Pairs:
    """What a request about a call says."""
    delivery = conversation.delivery
    values = {
        "AccountSid": delivery.account_sid,
        "ApiVersion": "2010-04-01",
        "ApplicationSid": str(delivery.application_sid),
        "CallSid": delivery.sid,
        "CallStatus": "ringing",
        "Called": NUMBER_OF_NOBODY,
        "Caller": NUMBER_OF_NOBODY,
        "Direction": "inbound",
        "From": NUMBER_OF_NOBODY,
        "To": NUMBER_OF_NOBODY,
        **options.parameters,
    }
    call = Call(conversation=conversation, values=values, targets=None, callback=None)
    if field == "status_callback":
        values["CallStatus"] = "completed"
        return call.ended(DURATION)
    failed = (11217, "https://me.example/failed") if "fallback" in field else None
    return call.parameters(failed)


def of_a_message(conversation: Conversation, field: str, options: Options) -> Pairs:
    """What a request about a message says."""
    delivery = conversation.delivery
    sid = "SM" + delivery.sid[2:]
    numbers = (NUMBER_OF_NOBODY, NUMBER_OF_NOBODY)
    message = Message(
        conversation=conversation,
        values=message_values(conversation.account, sid, *numbers, BODY),
        options=options,
    )
    if field.endswith("status_callback"):
        delivery.status = "delivered"
        return message.telling(None)
    failed = (11217, "https://me.example/failed") if "fallback" in field else None
    return message.parameters(failed)
