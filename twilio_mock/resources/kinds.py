"""The kinds of values that a field can hold."""

from __future__ import annotations

from enum import Enum, auto


class Kind(Enum):
    """What a field holds; each kind is parsed and shown in one way."""

    __hash__ = object.__hash__  # Enum's own, written in Python, takes three times as long

    SID = auto()
    """The record's own SID: minted, or given by a seed."""
    ACCOUNT_SID = auto()
    """The SID of the account that the record belongs to."""
    OWNER_SID = auto()
    """The SID of the account that opened this one; an account's own if nobody did."""
    DATE = auto()
    """Whole seconds since 1970, shown as an RFC 2822 date in GMT."""
    SECRET = auto()
    """32 hex digits, minted."""
    TEXT = auto()
    URL = auto()
    METHOD = auto()
    BOOLEAN = auto()
    WHOLE_NUMBER = auto()
    """A number within `bounds`."""
    API_VERSION = auto()
    CHOICE = auto()
    """One of `choices`."""
    REFERENCE = auto()
    """The SID of a record of `refers_to` in the same account; `null` when that is deleted."""
    FOREIGN_SID = auto()
    """A SID that starts with `sid_prefix`, of something that the mock does not keep."""
    PHONE_NUMBER = auto()
    """A number in E.164."""
    AREA_CODE = auto()
    """Three digits that a phone number is found for."""
    CONSTANT = auto()
    """Always its default; derived, never stored."""
    URI = auto()
    """The record's own path; derived, never stored."""
    SUBRESOURCES = auto()
    """The paths of what belongs to an account; derived, never stored."""


MADE = frozenset((Kind.SID, Kind.ACCOUNT_SID, Kind.OWNER_SID, Kind.DATE, Kind.SECRET))
DERIVED = frozenset((Kind.CONSTANT, Kind.URI, Kind.SUBRESOURCES))
# What no parameter can hold. (An AccountSid can be sent, and changes nothing.)
NEVER_SENT = (MADE - {Kind.ACCOUNT_SID}) | DERIVED
