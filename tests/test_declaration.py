"""The declaration of the Application against what the installed twilio SDK itself says."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from twilio.base.version import Version
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.application import (
    ApplicationContext,
    ApplicationInstance,
    ApplicationList,
)

from twilio_mock.resources import APPLICATION
from twilio_mock.resources.fields import Field
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.verbs import Verb
from twilio_mock.rest.values import PARSERS

SID = "AP" + "0" * 32
ACCOUNT_SID = "AC" + "0" * 32
ADDED_BY_THE_SDK = {"self", "limit", "page_size"}
PAGING = {"PageSize", "Page", "PageToken"}


def arguments(method: Any) -> set[str]:
    """The names that a method of the SDK takes."""
    return set(inspect.signature(method).parameters) - ADDED_BY_THE_SDK


def declared(verb: Verb) -> dict[str, str]:
    """The parameters that the declaration gives an operation, each with its field's name."""
    return {name: field.name for name, field in APPLICATION.parameters[verb].items()}


class Recorder(HttpClient):
    """A transport that only writes down what the SDK would have sent."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}
        self.path = ""

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        self.path = uri.removeprefix("https://api.twilio.com")
        self.sent = {**(params or {}), **(data or {})}
        return Response(200, '{"applications": [], "next_page_uri": null}')


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def client(recorder: Recorder) -> Client:
    return Client(ACCOUNT_SID, "token", http_client=recorder)


def test_the_parameters_of_a_create_are_the_sdk_s() -> None:
    assert set(declared(Verb.CREATE).values()) == arguments(ApplicationList.create)
    assert len(declared(Verb.CREATE)) == 16


def test_the_parameters_of_an_update_are_the_sdk_s() -> None:
    assert set(declared(Verb.UPDATE).values()) == arguments(ApplicationContext.update)


def test_the_filters_of_a_list_are_the_sdk_s() -> None:
    filters = {field.name for field in APPLICATION.filters.values()}
    assert filters == arguments(ApplicationList.list)
    paging = {"page_token", "page_number"}
    assert arguments(ApplicationList.page) == filters | paging


def test_the_properties_are_the_sdk_s() -> None:
    instance = ApplicationInstance(Version(domain=None, version="x"), {}, ACCOUNT_SID)  # type: ignore[arg-type]
    shown = {name for name in vars(instance) if not name.startswith("_")}
    assert {field.name for field in APPLICATION.fields if not field.hidden} == shown
    assert len(shown) == 21


def test_the_sdk_has_the_operations_that_are_declared_and_no_other() -> None:
    verbs = {"create": Verb.CREATE, "list": Verb.LIST, "fetch": Verb.FETCH}
    verbs |= {"update": Verb.UPDATE, "delete": Verb.DELETE}
    offered = {
        name
        for owner in (ApplicationList, ApplicationContext)
        for name, _ in inspect.getmembers(owner, inspect.isfunction)
        if not name.startswith("_") and not name.endswith(("_async", "_with_http_info"))
    }
    assert offered - {"get", "get_page", "page", "stream"} == set(verbs)
    declared_verbs = {
        *APPLICATION.verbs_on_list.values(),
        *APPLICATION.verbs_on_instance.values(),
    }
    assert declared_verbs == set(verbs.values())


def test_the_sdk_sends_the_parameters_in_the_declared_spelling(
    recorder: Recorder, client: Client
) -> None:
    names = declared(Verb.CREATE)
    client.applications.create(**{name: "true" for name in names.values()})
    assert set(recorder.sent) == set(names)
    client.applications(SID).update(**{name: "true" for name in declared(Verb.UPDATE).values()})
    assert set(recorder.sent) == set(declared(Verb.UPDATE))


def test_the_sdk_sends_the_filters_in_the_declared_spelling(
    recorder: Recorder, client: Client
) -> None:
    client.applications.list(friendly_name="x", page_size=5)
    assert set(recorder.sent) - PAGING == set(APPLICATION.filters)
    assert recorder.path == f"/2010-04-01/Accounts/{ACCOUNT_SID}/{APPLICATION.plural}.json"


def test_the_sdk_finds_the_records_under_the_declared_key(client: Client) -> None:
    assert APPLICATION.key == "applications"
    assert client.applications.list() == []


@pytest.mark.parametrize("kind", Kind)
def test_a_field_that_is_sent_is_of_a_kind_that_can_be(kind: Kind) -> None:
    if kind in PARSERS:
        assert repr(Field("odd", kind=kind, on_create=True)) == "<Field odd>"
    else:
        with pytest.raises(ValueError, match=f"odd is of Kind.{kind.name}, which no request can"):
            Field("odd", kind=kind, on_update=True)
    assert Field("odd", kind=kind).kind is kind


def test_a_resource_is_told_by_its_name() -> None:
    assert repr(APPLICATION) == "<Resource Application>"
