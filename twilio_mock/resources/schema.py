"""The grammar of a declaration: resources, and what follows from them and their fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from twilio_mock.errors import TwilioError
from twilio_mock.resources.fields import Field, Value
from twilio_mock.resources.kinds import DERIVED, MADE, Kind
from twilio_mock.resources.verbs import ALL_VERBS, ON_INSTANCE, ON_LIST, Verb


class Change(NamedTuple):
    """What a rule of a declaration can look at, before anything changes.

    `old` gives the stored value of a field (`None` for a create), `changes` holds the checked
    values. `by_parent` tells whether a parent account acts on its subaccount, `by_subaccount`
    whether a subaccount acts. `refused` is how those who act are refused, if they are suspended
    or closed and the declaration has no better answer.
    """

    verb: Verb
    old: Callable[[str], Value]
    changes: Mapping[str, Value]
    by_parent: bool
    by_subaccount: bool
    refused: TwilioError | None


Rule = Callable[[Change], None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Resource:
    """One kind of thing that Twilio keeps: endpoints, formats and paging follow from it.

    `plural` is its segment in the path and, in snake case, its key in a list. `limit` names the
    setting that bounds how many an account may have, `limit_code` Twilio's code for one more.
    `documentation` is the page that its rules are known from. `rules` raise a `TwilioError` for
    a change that must not be.

    The records of a resource that `is_account` are accounts themselves. One that is
    `for_main_credentials` is closed to standard API keys, and `opens_account` says that its
    records are credentials. `operation_ids` are those that do not follow from the name,
    `idle_filters` are accepted and make no difference to what the mock keeps.
    """

    name: str
    plural: str
    sid_prefix: str
    fields: tuple[Field, ...]
    documentation: str
    verbs: frozenset[Verb] = ALL_VERBS
    operation_ids: Mapping[Verb, str] = dataclass_field(default_factory=dict)
    newest_first: bool = True
    limit: str | None = None
    limit_code: int = 20001
    page_without_token: tuple[int, str] = (20001, "PageToken is required for paging.")
    idle_filters: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    is_account: bool = False
    opens_account: bool = False
    for_main_credentials: bool = False
    with_test_credentials: frozenset[Verb] = frozenset()

    def __repr__(self) -> str:
        return f"<Resource {self.name}>"

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
    def shown_fields(self) -> tuple[Field, ...]:
        """The properties of the resource, in the order in which Twilio shows them."""
        return tuple(field for field in self.fields if not (field.hidden or field.shown_once))

    @cached_property
    def created_fields(self) -> tuple[Field, ...]:
        """The properties that the answer to a create shows."""
        return tuple(field for field in self.fields if not field.hidden)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The names of the fields whose values the journal must not hold."""
        return tuple(
            field.name
            for field in self.fields
            if field.kind is Kind.SECRET or (field.hidden and field.kind is Kind.TEXT)
        )

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
    def parameters(self) -> Mapping[Verb, Mapping[str, Field]]:
        """The fields that a create and an update may set, by the parameter's name."""
        return {
            Verb.CREATE: {field.parameter: field for field in self.fields if field.on_create},
            Verb.UPDATE: {field.parameter: field for field in self.fields if field.on_update},
        }

    @cached_property
    def filters(self) -> Mapping[str, Field]:
        """The fields that a list can be filtered by, by the parameter's name."""
        return {field.parameter: field for field in self.fields if field.filterable}

    @cached_property
    def references(self) -> tuple[Field, ...]:
        """The fields that hold the SID of another record of the account."""
        return tuple(field for field in self.fields if field.kind is Kind.REFERENCE)

    @cached_property
    def indexed_fields(self) -> tuple[str, ...]:
        """The names of the fields by whose value records are found without a scan."""
        return tuple(
            field.name for field in self.fields if field.filterable or field in self.references
        )

    @cached_property
    def constants(self) -> Mapping[str, Value]:
        """By the name of a field: what is stored if nothing is sent, where that never differs."""
        return {
            field.name: field.default if isinstance(field.default, str | int | bool) else None
            for field in self.stored_fields
            if field not in self.made_fields
        }

    @cached_property
    def made_fields(self) -> tuple[Field, ...]:
        """Those of `stored_fields` whose value is made for each record, if none is sent."""
        return tuple(
            field
            for field in self.stored_fields
            if field.default_from is not None or field.kind in MADE
        )

    @cached_property
    def in_order(self) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
        """Makes of the stored values by their names what `Record.values` holds."""
        return itemgetter(*[field.name for field in self.stored_fields])

    @cached_property
    def json_template(self) -> str:
        """A JSON object of `shown_fields`, with `%s` for each value."""
        names = [json.dumps(field.name).replace("%", "%%") for field in self.shown_fields]
        return f"{{{', '.join(f'{name}: %s' for name in names)}}}"

    @cached_property
    def shown_in_order(self) -> Callable[[tuple[Value, ...]], tuple[Value, ...]]:
        """Makes of `Record.values` those of `shown_fields`; what is derived has any value."""
        return itemgetter(*[self.position.get(field.name, 0) for field in self.shown_fields])

    @cached_property
    def shown_dates(self) -> tuple[int, ...]:
        """The places of dates in `shown_fields`."""
        places = enumerate(self.shown_fields)
        return tuple(place for place, field in places if field.kind is Kind.DATE)

    @cached_property
    def derived_fields(self) -> tuple[tuple[int, Field], ...]:
        """Those of `shown_fields` of which nothing is stored, and their places."""
        places = enumerate(self.shown_fields)
        return tuple((place, field) for place, field in places if field.kind in DERIVED)

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields that a new record needs a value for."""
        return tuple(field for field in self.fields if field.required)

    @cached_property
    def dependent_fields(self) -> tuple[Field, ...]:
        """The fields that need another one."""
        return tuple(field for field in self.fields if field.needs)

    @cached_property
    def verbs_on_list(self) -> Mapping[str, Verb]:
        """The HTTP methods of the list, and what they mean."""
        return {method: verb for method, verb in ON_LIST.items() if verb in self.verbs}

    @cached_property
    def verbs_on_instance(self) -> Mapping[str, Verb]:
        """The HTTP methods of one record, and what they mean."""
        return {method: verb for method, verb in ON_INSTANCE.items() if verb in self.verbs}

    @cached_property
    def operation_id(self) -> Mapping[Verb, str]:
        """Twilio's own name of each operation: `CreateApplication`."""
        return {**{verb: f"{verb.value}{self.name}" for verb in Verb}, **self.operation_ids}

    def root(self, account_sid: str) -> str:
        """The path of the list of this resource in an account, without an extension."""
        if self.is_account:
            return "/2010-04-01/Accounts"
        return f"/2010-04-01/Accounts/{account_sid}/{self.plural}"
