"""What Twilio has: one declaration a file, registered here; and the words to declare more."""

from twilio_mock.resources.accounts import ACCOUNT
from twilio_mock.resources.applications import APPLICATION
from twilio_mock.resources.fields import Field
from twilio_mock.resources.incoming_phone_numbers import INCOMING_PHONE_NUMBER
from twilio_mock.resources.keys import KEY
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb

__all__ = [  # noqa: RUF022  # as sorted() sorts them
    "ACCOUNT",
    "APPLICATION",
    "Field",
    "INCOMING_PHONE_NUMBER",
    "KEY",
    "Kind",
    "RESOURCES",
    "Resource",
    "Verb",
]

RESOURCES: tuple[Resource, ...] = (ACCOUNT, APPLICATION, INCOMING_PHONE_NUMBER, KEY)
