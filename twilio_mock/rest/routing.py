"""Which resource a path leads to, and in which format its answer is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from twilio_mock.errors import MockRefusal, NotFound, TwilioError
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb

ONLY_LIST: Mapping[str, Verb] = {"GET": Verb.LIST}
ROOT = ("", "2010-04-01", "Accounts")
# The extension decides, whatever Accept says; without one the answer is XML:
# https://www.twilio.com/docs/usage/twilios-response
FORMATS: Mapping[str, str] = {".json": "json", ".xml": "xml", ".csv": "csv", "": "xml"}
# Hex digits of either case are well-formed: the pattern of Twilio's OpenAPI document.
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}", re.ASCII)

# What else Twilio keeps under an account, from the subresource_uris of an account, the OpenAPI
# document and twilio-python (the kinds of numbers): these answer 501 here, never a false 404.
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
        "IncomingPhoneNumbers/Local",
        "IncomingPhoneNumbers/Mobile",
        "IncomingPhoneNumbers/TollFree",
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


class Route(NamedTuple):
    """Where a path leads: to the list of a resource (`sid` is `None`) or to one record.

    `verbs` are the HTTP methods that mean something there, and what.
    """

    resource: Resource
    sid: str | None
    format: str
    verbs: Mapping[str, Verb]


class Path(NamedTuple):
    """A path, taken apart once: authentication and routing must not read it in two ways.

    `text` is the path as it was sent, `segments` are decoded, the last one without `extension`.
    `account` is the AccountSid that it names, well-formed or not; `None` if it names none.
    """

    text: str
    segments: tuple[str, ...]
    extension: str
    account: str | None


@lru_cache(maxsize=256)  # a test asks for the same few again and again
def read_path(text: str) -> Path:
    """Take a path apart."""
    segments = text.split("/")
    if "%" in text:
        segments = [unquote(segment) for segment in segments]
    segments[-1], extension = split_extension(segments[-1])
    account = segments[3] if len(segments) > 3 and tuple(segments[:3]) == ROOT else None
    return Path(text, tuple(segments), extension, account)


def split_extension(segment: str) -> tuple[str, str]:
    """A segment without its extension, and the extension with its dot, empty if there is none."""
    name, dot, extension = segment.rpartition(".")
    return (name, dot + extension) if dot else (segment, "")


def format_of(path: str) -> str:
    """The format that a refusal of this path is written in, also if the path leads nowhere."""
    _, extension = split_extension(path.rpartition("/")[2])
    return "json" if extension == ".json" else "xml"


def well_formed(sid: str, prefix: str) -> bool:
    """Whether this is a SID of the kind that starts with `prefix`."""
    return sid.startswith(prefix) and SID.fullmatch(sid) is not None


@lru_cache(maxsize=256)  # the same few, as above
def find_route(resources: tuple[Resource, ...], path: Path) -> Route:
    """Follow a path; raises `NotFound`, or `MockRefusal` (501) for what only Twilio has."""
    segments = path.segments
    if path.extension not in FORMATS or segments[:3] != ROOT:
        raise NotFound(path.text)
    # /Accounts, /Accounts/{Sid}; or /Accounts/{AccountSid}/{Plural}, .../{Plural}/{Sid}
    of_accounts = len(segments) <= 4
    words = segments[2:] if of_accounts else segments[4:]
    for resource in resources:
        if resource.plural == words[0] and resource.is_account is of_accounts and len(words) <= 2:
            return to_resource(resource, path, words[1:])
    if words[0] in NOT_MODELLED:
        of_a_record = any(resource.plural == words[0] for resource in resources)
        raise not_modelled("/".join(map(star, words)) if of_a_record else words[0])
    raise NotFound(path.text)


def star(word: str) -> str:
    """A segment as the pattern of a fault names it: a star instead of a SID."""
    return "*" if SID.fullmatch(word) else word


def not_modelled(place: str) -> MockRefusal:
    """The 501 for what Twilio has there."""
    return MockRefusal(
        501,
        f"Twilio has {place}, but this mock does not model it; stub it: "
        f'account.fault("* {place}*", respond(200, {{...}})), or declare it as a Resource '
        "and pass it in: TwilioMock(resources=[*RESOURCES, ...])",
    )


def find_operation(
    resources: tuple[Resource, ...], path: Path, method: str
) -> tuple[Route | None, Verb | None]:
    """Where a request leads and what it means there; `None` for what is nothing here."""
    try:
        route = find_route(resources, path)
    except TwilioError:
        return None, None
    return route, route.verbs.get("GET" if method == "HEAD" else method)


def to_resource(resource: Resource, path: Path, rest: tuple[str, ...]) -> Route:
    """The route to a resource's list or to one of its records."""
    sid = rest[0] if rest else None
    wanted = FORMATS[path.extension]
    if sid is not None and (wanted == "csv" or not well_formed(sid, resource.sid_prefix)):
        place = f"{resource.plural}/{sid}"
        raise not_modelled(place) if place in NOT_MODELLED else NotFound(path.text)
    if sid is not None:
        return Route(resource, sid, wanted, resource.verbs_on_instance)
    return Route(resource, sid, wanted, ONLY_LIST if wanted == "csv" else resource.verbs_on_list)
