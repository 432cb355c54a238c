"""Which resource a path leads to, and in which format its answer is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from twilio_mock.errors import MockRefusal, NotFound
from twilio_mock.resources.schema import Resource, Verb

ONLY_LIST: Mapping[str, Verb] = {"GET": Verb.LIST}
ROOT = ("", "2010-04-01", "Accounts")
# The extension decides, whatever Accept says; without one the answer is XML:
# https://www.twilio.com/docs/usage/twilios-response
FORMATS: Mapping[str, str] = {".json": "json", ".xml": "xml", ".csv": "csv", "": "xml"}
# Hex digits of either case are well-formed: the pattern of Twilio's OpenAPI document.
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}", re.ASCII)

# What else Twilio keeps under an account, from the subresource_uris of an account and the
# OpenAPI document: these answer 501 here, never a false 404.
NOT_MODELLED = frozenset(
    (
        "Addresses",
        "AuthorizedConnectApps",
        "AvailablePhoneNumbers",
        "Balance",
        "Calls",
        "Conferences",
        "ConnectApps",
        "IncomingPhoneNumbers",
        "Keys",
        "Media",
        "Messages",
        "Notifications",
        "OutgoingCallerIds",
        "Queues",
        "Recordings",
        "SIP",
        "SMS",
        "Sandbox",
        "ShortCodes",
        "SigningKeys",
        "Tokens",
        "Transcriptions",
        "Usage",
    )
)


@dataclass(slots=True)
class Route:
    """Where a path leads: to the list of a resource (`sid` is `None`) or to one record.

    `extension` is what its last segment ends in.
    """

    resource: Resource
    sid: str | None
    format: str
    extension: str

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """The HTTP methods that mean something here."""
        if self.sid is not None:
            return self.resource.verbs_on_instance
        return ONLY_LIST if self.format == "csv" else self.resource.verbs_on_list


def split_extension(segment: str) -> tuple[str, str]:
    """A segment without its extension, and the extension with its dot, empty if there is none."""
    name, dot, extension = segment.rpartition(".")
    return (name, dot + extension) if dot else (segment, "")


def format_of(path: str) -> str:
    """The format that an answer to this path is written in, also if the path leads nowhere."""
    _, extension = split_extension(path.rpartition("/")[2])
    found = FORMATS.get(extension, "xml")
    return "xml" if found == "csv" else found


def path_account(path: str) -> str | None:
    """The AccountSid that a path names, well-formed or not; `None` if it names none."""
    segments = path.split("/", 5)
    if len(segments) < 4 or tuple(segments[:3]) != ROOT:
        return None
    return segments[3] if len(segments) > 4 else split_extension(segments[3])[0]


def well_formed(sid: str, prefix: str) -> bool:
    """Whether this is a SID of the kind that starts with `prefix`."""
    return sid.startswith(prefix) and SID.fullmatch(sid) is not None


def find_route(resources: Iterable[Resource], path: str) -> Route:
    """Follow a path; raises `NotFound`, or `MockRefusal` (501) for what only Twilio has."""
    segments = path.split("/")
    if "%" in path:
        segments = [unquote(segment) for segment in segments]
    segments[-1], extension = split_extension(segments[-1])
    if extension not in FORMATS or tuple(segments[:3]) != ROOT:
        raise NotFound(path)
    # /Accounts, /Accounts/{Sid}; or /Accounts/{AccountSid}/{Plural}, .../{Plural}/{Sid}
    of_accounts = len(segments) <= 4
    words = segments[2:] if of_accounts else segments[4:]
    for resource in resources:
        if resource.plural == words[0] and resource.is_account is of_accounts and len(words) <= 2:
            return to_resource(resource, path, words[1:], extension)
    if words[0] in NOT_MODELLED:
        raise MockRefusal(501, f"Twilio has {words[0]}, but this mock does not model it")
    raise NotFound(path)


def to_resource(resource: Resource, path: str, rest: list[str], extension: str) -> Route:
    """The route to a resource's list or to one of its records."""
    sid = rest[0] if rest else None
    wanted = FORMATS[extension]
    if sid is not None and (wanted == "csv" or not well_formed(sid, resource.sid_prefix)):
        raise NotFound(path)
    return Route(resource, sid, wanted, extension)
