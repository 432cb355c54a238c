"""What can be done with a resource, and by which HTTP methods."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Verb(Enum):
    """The five operations, in the words of Twilio's helper libraries."""

    __hash__ = object.__hash__  # as in Kind

    CREATE = "Create"
    FETCH = "Fetch"
    LIST = "List"
    UPDATE = "Update"
    DELETE = "Delete"


ALL_VERBS = frozenset(Verb)
READING = frozenset((Verb.FETCH, Verb.LIST))
ON_LIST: Mapping[str, Verb] = MappingProxyType({"GET": Verb.LIST, "POST": Verb.CREATE})
ON_INSTANCE: Mapping[str, Verb] = MappingProxyType(
    {"GET": Verb.FETCH, "POST": Verb.UPDATE, "DELETE": Verb.DELETE}
)
