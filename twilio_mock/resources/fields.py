"""The grammar of a field: one property of a resource, and the parameter that sets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cached_property, partial

from twilio_mock.resources.kinds import DERIVED, NEVER_SENT, Kind

Value = str | int | bool | None
Shown = Value | Mapping[str, str | bool]


def camel(name: str) -> str:
    """The parameter and the XML tag of a field: `voice_url` is `VoiceUrl`."""
    return "".join(word.capitalize() for word in name.split("_"))


@dataclass(frozen=True, eq=False, repr=False)
class Field:
    """One property of a resource, and the parameter that sets it.

    A field is sent with a create and an update where `on_create` and `on_update` say so.
    `refused_code` is Twilio's code for a value that it does not take. What is not sent is
    `default`, or what `default_from` makes of the other values and the time in seconds.

    `shows` names the field whose stored value this one shows and sets. `keeps_empty` names the
    suspected rule by which an empty value changes nothing. `needs` and `needs_code` are the
    field that has to be set before this one, and Twilio's code if it is not. Setting this field
    sets those of `clears` to `null`. A `hidden` field is never shown, one that is `shown_once`
    only in the answer to the create, and one that is `required` has to be sent or derived.
    """

    name: str
    _: KW_ONLY
    kind: Kind
    default: Shown = None
    default_from: Callable[[Mapping[str, Value], int], Value] | None = None
    on_create: bool = False
    on_update: bool = False
    filterable: bool = False
    required: bool = False
    hidden: bool = False
    shown_once: bool = False
    refused_code: int = 20001
    max_length: int | None = None
    bounds: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    sid_prefix: str = ""
    shows: str | None = None
    deprecated_for: str | None = None
    keeps_empty: str | None = None
    needs: str = ""
    needs_code: int = 20001
    clears: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise `ValueError` for what cannot be."""
        if (self.on_create or self.on_update) and self.kind in NEVER_SENT:
            raise ValueError(
                f"twilio_mock: the field {self.name} is of Kind.{self.kind.name}, which no request "
                "can send: leave out on_create and on_update"
            )

    def __repr__(self) -> str:
        return f"<Field {self.name}>"

    @cached_property
    def parameter(self) -> str:
        """The name under which clients send it."""
        return camel(self.name)

    @property
    def stored(self) -> bool:
        """Whether a record keeps a value of its own for it."""
        return self.shows is None and self.kind not in DERIVED

    @cached_property
    def shown_as_stored(self) -> bool:
        """Whether what is shown is the value that is kept."""
        return self.kind not in DERIVED and self.kind is not Kind.DATE


sent = partial(Field, on_create=True, on_update=True)
text = partial(sent, kind=Kind.TEXT)
friendly_name = partial(text, "friendly_name", filterable=True, max_length=64, refused_code=20002)
url = partial(sent, kind=Kind.URL)
method = partial(sent, kind=Kind.METHOD, default="POST")
switch = partial(sent, kind=Kind.BOOLEAN, default=False)
