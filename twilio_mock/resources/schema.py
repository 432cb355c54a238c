"""The grammar of a declaration: fields, kinds and resources, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum, auto
from functools import cached_property, partial
from types import MappingProxyType

Value = str | int | bool | None


class Kind(Enum):
    """What a field holds; each kind is parsed and shown in one way."""

    SID = auto()
    """The record's own SID: minted, or given by a seed."""
    ACCOUNT_SID = auto()
    """The SID of the account that the record belongs to."""
    DATE = auto()
    """Whole seconds since 1970, shown as an RFC 2822 date in GMT."""
    TEXT = auto()
    URL = auto()
    METHOD = auto()
    BOOLEAN = auto()
    API_VERSION = auto()
    URI = auto()
    """The record's own path: derived, never stored."""


def camel(name: str) -> str:
    """The parameter and the XML tag of a field: `voice_url` is `VoiceUrl`."""
    return "".join(word.capitalize() for word in name.split("_"))


@dataclass(frozen=True)
class Field:
    """One property of a resource, and the parameter that sets it.

    `shows` names the field whose stored value this one shows and sets. `keeps_empty` names the
    suspected rule by which an empty value changes nothing. `needs` and `needs_code` are the
    field that has to be set before this one, and Twilio's code if it is not.
    """

    name: str
    _: KW_ONLY
    kind: Kind
    default: Value = None
    writable: bool = False
    filterable: bool = False
    max_length: int | None = None
    too_long_code: int = 20001
    shows: str | None = None
    deprecated_for: str | None = None
    keeps_empty: str | None = None
    needs: str = ""
    needs_code: int = 20001

    @cached_property
    def parameter(self) -> str:
        """The name under which clients send it."""
        return camel(self.name)

    @property
    def stored(self) -> bool:
        """Whether a record keeps a value of its own for it."""
        return self.shows is None and self.kind is not Kind.URI


text = partial(Field, kind=Kind.TEXT, writable=True)
url = partial(Field, kind=Kind.URL, writable=True)
method = partial(Field, kind=Kind.METHOD, default="POST", writable=True)
switch = partial(Field, kind=Kind.BOOLEAN, default=False, writable=True)


class Verb(Enum):
    """The five operations, in the words of Twilio's helper libraries."""

    CREATE = "Create"
    FETCH = "Fetch"
    LIST = "List"
    UPDATE = "Update"
    DELETE = "Delete"


ON_LIST: Mapping[str, Verb] = MappingProxyType({"GET": Verb.LIST, "POST": Verb.CREATE})
ON_INSTANCE: Mapping[str, Verb] = MappingProxyType(
    {"GET": Verb.FETCH, "POST": Verb.UPDATE, "DELETE": Verb.DELETE}
)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of thing that Twilio keeps: endpoints, formats and paging follow from it.

    `plural` is its segment in the path and, in snake case, its key in a list. `limit` names the
    setting that bounds how many an account may have, `limit_code` Twilio's code for one more.
    `documentation` is the page that its rules are known from.
    """

    name: str
    plural: str
    sid_prefix: str
    fields: tuple[Field, ...]
    documentation: str
    newest_first: bool = True
    limit: str | None = None
    limit_code: int = 20001

    @cached_property
    def key(self) -> str:
        """The key of the records in a JSON list: `incoming_phone_numbers`."""
        letters = [f"_{letter.lower()}" if letter.isupper() else letter for letter in self.plural]
        return "".join(letters).lstrip("_")

    @cached_property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields whose values a record keeps, in the order of `Record.values`."""
        return tuple(field for field in self.fields if field.stored)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where the value of each field stands in `Record.values`, those shown twice included."""
        stored = {field.name: place for place, field in enumerate(self.stored_fields)}
        shown = {field.name: stored[field.shows] for field in self.fields if field.shows}
        return stored | shown

    @cached_property
    def field(self) -> Mapping[str, Field]:
        """Each field by its name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def indexed_fields(self) -> tuple[str, ...]:
        """The names of the fields by whose value records are found without a scan."""
        return tuple(field.name for field in self.fields if field.filterable)

    @cached_property
    def dependent_fields(self) -> tuple[Field, ...]:
        """The fields that need another one."""
        return tuple(field for field in self.fields if field.needs)

    @cached_property
    def writable(self) -> Mapping[str, Field]:
        """The fields that a create or an update may set, by the parameter's name."""
        return {field.parameter: field for field in self.fields if field.writable}

    @cached_property
    def filters(self) -> Mapping[str, Field]:
        """The fields that a list can be filtered by, by the parameter's name."""
        return {field.parameter: field for field in self.fields if field.filterable}

    def operation_id(self, verb: Verb) -> str:
        """Twilio's own name of an operation: `CreateApplication`."""
        return f"{verb.value}{self.name}"
