"""What can be said of any simulation, and what a test is told that says anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from twilio_mock.arguments import check_kind, check_names
from twilio_mock.control.simulations import Options
from twilio_mock.state.exchanges import Exchange
from twilio_mock.state.webhooks import WebhookSettings

TO_AND_FROM = ("to", "from_")
# What each of the ways in takes besides: which of them was meant by a name that is not known.
OWN: Mapping[str, tuple[str, ...]] = {
    "incoming_call": (*TO_AND_FROM, "caller_name"),
    "sdk_call": ("application", "identity", "to"),
    "outgoing_call": ("application", *TO_AND_FROM, "answered"),
    "incoming_message": (*TO_AND_FROM, "body", "media"),
    "outgoing_message": ("application", *TO_AND_FROM, "body", "status_callback"),
}


class How(TypedDict, total=False):
    """What can be said of any simulation: how it is delivered, and with which parameters.

    `parameters` are added to Twilio's or take their place. `deliver_to` and `public_url` are
    those of the settings, for this one only. `cause` is the API request that asks for it, such as
    a `POST Calls` that a fault has answered: the journal then shows what it caused.
    """

    parameters: Mapping[str, str]
    deliver_to: Any
    public_url: str
    cause: Exchange


def options_for(way_in: str, how: How, settings: WebhookSettings) -> Options:
    """The options that a test has given to one of the ways in.

    Raises `TypeError` for a name that it does not take, and for a value of the wrong kind.
    """
    check_names(way_in, how, (*OWN[way_in], *How.__annotations__))
    parameters, cause = how.get("parameters") or {}, how.get("cause")
    check_kind("parameters", parameters, Mapping, "a mapping of Twilio's names to texts")
    for name, value in parameters.items():
        check_kind(f"the parameter {name}", value, str, f'a text, as in {{"{name}": "..."}}')
    if cause is not None:
        check_kind("cause", cause, Exchange, "a request of account.requests")
    request_id = cause.request_id if cause else None
    return Options(settings=settings, parameters=parameters, cause=request_id)
