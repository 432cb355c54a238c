"""What Twilio has: one declaration a file, registered here."""

from twilio_mock.resources.applications import APPLICATION
from twilio_mock.resources.schema import Resource

__all__ = ["APPLICATION", "RESOURCES"]

RESOURCES: tuple[Resource, ...] = (APPLICATION,)
