"""The declarations against Twilio's own SDK: the same properties, parameters and operations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from twilio.rest.api.v2010 import account
from twilio.rest.api.v2010.account import incoming_phone_number, key, new_key

from tests.conftest import ask_in_process
from twilio_mock.resources import ACCOUNT, INCOMING_PHONE_NUMBER, KEY, Resource, Verb


@dataclass
class Counterpart:
    """A resource and the SDK's classes for it."""

    resource: Resource
    instance: Any
    context: Any
    page: Any
    create: Callable[..., object]


COUNTERPARTS = [
    Counterpart(
        ACCOUNT,
        account.AccountInstance,
        account.AccountContext,
        account.AccountList,
        account.AccountList.create,
    ),
    Counterpart(
        INCOMING_PHONE_NUMBER,
        incoming_phone_number.IncomingPhoneNumberInstance,
        incoming_phone_number.IncomingPhoneNumberContext,
        incoming_phone_number.IncomingPhoneNumberList,
        incoming_phone_number.IncomingPhoneNumberList.create,
    ),
    Counterpart(KEY, key.KeyInstance, key.KeyContext, key.KeyList, new_key.NewKeyList.create),
]
each_counterpart = pytest.mark.parametrize(
    "counterpart", COUNTERPARTS, ids=lambda each: each.resource.name
)


def words(function: Callable[..., object]) -> set[str]:
    """The parameters that a method of the SDK takes."""
    return {*inspect.signature(function).parameters} - {"self"}


def properties(instance: type) -> set[str]:
    """What the SDK reads out of an answer."""
    source = inspect.getsource(instance.__init__)  # type: ignore[misc]  # its own constructor
    return set(re.findall(r'payload\.get\(\s*"(\w+)"', source))


def sent(resource: Resource, verb: Verb) -> set[str]:
    """What an operation of ours takes, as the SDK spells it."""
    return {field.name for field in resource.parameters[verb].values()}


@each_counterpart
def test_a_create_takes_the_parameters_of_the_sdk(counterpart: Counterpart) -> None:
    assert sent(counterpart.resource, Verb.CREATE) == words(counterpart.create)


@each_counterpart
def test_an_update_takes_the_parameters_of_the_sdk(counterpart: Counterpart) -> None:
    assert sent(counterpart.resource, Verb.UPDATE) == words(counterpart.context.update)


@each_counterpart
def test_a_list_takes_the_filters_of_the_sdk(counterpart: Counterpart) -> None:
    filters = {field.name for field in counterpart.resource.filters.values()}
    filters |= {name.lower() for name in counterpart.resource.idle_filters}
    assert filters == words(counterpart.page.list) - {"limit", "page_size"}


@each_counterpart
def test_a_record_has_the_operations_of_the_sdk(counterpart: Counterpart) -> None:
    of_a_record = {Verb.FETCH, Verb.UPDATE, Verb.DELETE}
    offered = {verb for verb in of_a_record if hasattr(counterpart.context, verb.value.lower())}
    assert counterpart.resource.verbs & of_a_record == offered


@each_counterpart
def test_an_answer_has_the_properties_that_the_sdk_reads(counterpart: Counterpart) -> None:
    shown = {field.name for field in counterpart.resource.shown_fields}
    read = properties(counterpart.instance)
    assert len(read) > 3
    # An SDK that is older than the property `type` does not read it.
    assert read <= shown <= read | {"type"}


def test_the_answer_to_a_new_key_has_the_properties_that_the_sdk_reads() -> None:
    assert properties(new_key.NewKeyInstance) == {field.name for field in KEY.created_fields}


def test_the_sdk_reads_every_value_of_a_number_as_it_is_shown() -> None:
    ask = ask_in_process()
    shown = ask("POST", "IncomingPhoneNumbers.json", {"PhoneNumber": "+14155550101"}).json
    read = ask.account.client().incoming_phone_numbers(shown["sid"]).fetch()
    dates = {"date_created", "date_updated"}
    for name in properties(type(read)) - dates:
        assert getattr(read, name) == shown[name], name
    assert read.date_created == read.date_updated is not None
