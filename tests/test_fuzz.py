"""Whatever is asked, `handle` gives an answer in Twilio's shape, and a refusal changes nothing."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote_plus
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from tests.asking import FORM, Answer, Ask
from tests.conftest import ask_in_process
from twilio_mock.dispatch import finish, handle
from twilio_mock.resources import APPLICATION
from twilio_mock.resources.verbs import Verb
from twilio_mock.wire import Request, Response

SIDS = ["AP" + "0" * 32, "AP" + "g" * 32, "ap" + "0" * 32, "KNOWN", "ACCOUNT", "NEIGHBOUR"]
# Lone surrogates too: a server decodes odd bytes of a path into them.
anything = st.text(st.characters(exclude_categories=()), max_size=12)
segments = st.one_of(
    st.sampled_from(["", ".", "..", "2010-04-01", "Accounts", "Applications", "Queues", *SIDS]),
    anything,
    anything.map(lambda text: quote_plus(text, errors="replace")),
)
extensions = st.sampled_from(["", ".json", ".xml", ".csv", ".html", "."])
free_paths = st.lists(segments, max_size=7).map("/".join)
near_paths = st.builds(
    "/2010-04-01/Accounts/ACCOUNT/{}{}{}".format,
    st.sampled_from(["Applications", "Applications", "IncomingPhoneNumbers", "Keys"]),
    st.sampled_from(["", "/KNOWN", *[f"/{sid}" for sid in SIDS]]),
    extensions,
)
methods = st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "get", "", "\0"])
parameters = [*APPLICATION.parameters[Verb.CREATE], "PageSize", "Page", "PageToken", "Nonsense"]
parameters += ["PhoneNumber", "AreaCode", "VoiceApplicationSid", "TrunkSid", "Status"]
values = st.one_of(
    st.sampled_from(
        [
            "",
            "GET",
            "true",
            "https://a.example/",
            "1",
            "PAKNOWN",
            "PBKNOWN",
            "%FF",
            "+15005550006",
            "415",
        ]
    ),
    anything,
)
pairs = st.lists(st.tuples(st.sampled_from(parameters), values), max_size=6)
queries = st.one_of(
    anything,
    pairs.map(lambda each: "&".join(f"{name}={value}" for name, value in each)),
)
bodies = st.one_of(
    st.binary(max_size=40), queries.map(lambda text: text.encode(errors="surrogatepass"))
)
headers = st.dictionaries(
    st.sampled_from(["Content-Type", "Accept", "Origin", "Content-Encoding", "X-Twilio-Client"]),
    st.one_of(st.just(FORM), anything),
    max_size=3,
)
credentials = st.one_of(st.just("own"), st.none(), anything, anything.map("Basic {}".format))


@pytest.fixture(autouse=True)
def _no_unexpected_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What went wrong inside is logged: that must not be."""
    with caplog.at_level(logging.ERROR):
        yield
    assert not caplog.records


def well_formed(answer: Answer) -> None:
    """The answer can be read as what it says it is."""
    content_type = answer.headers.get("Content-Type")
    if content_type is None:
        assert answer.status in (200, 204)
        assert answer.body == b""
    elif content_type == "text/csv":
        assert list(csv.reader(io.StringIO(answer.text, newline="")))
    elif content_type == "application/xml":
        root = ElementTree.fromstring(answer.body)
        assert (root[0].tag == "RestException") == (answer.status >= 400)
    else:
        read = json.loads(answer.body)
        assert ("more_info" in read) == (answer.status >= 400)


def asked(ask: Ask, known: str, request: Request) -> Answer:
    """The answer to a request in which the names of SIDs stand for real ones."""
    names = {"KNOWN": known, "ACCOUNT": ask.account.sid}
    for name, sid in names.items():
        request.path = request.path.replace(name, sid)
        request.query = request.query.replace(name, sid)
        request.body = request.body.replace(name.encode(), sid.encode())
    response = handle(ask.state, request)
    assert isinstance(response, Response)
    finish(ask.state, response)
    return Answer(response.status, CIMultiDict(response.headers), response.body)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=methods,
    path=st.one_of(free_paths, near_paths, near_paths),
    query=queries,
    body=bodies,
    sent=headers,
    authorization=credentials,
)
def test_any_request_gets_an_answer_and_a_refusal_changes_nothing(
    method: str,
    path: str,
    query: str,
    body: bytes,
    sent: dict[str, str],
    authorization: str | None,
) -> None:
    ask = ask_in_process()
    known = ask.create(FriendlyName="known")
    wanted = CIMultiDict(sent)
    if authorization is not None:
        wanted["Authorization"] = ask.credentials if authorization == "own" else authorization
    before = ask.mock.export()
    answer = asked(ask, known["sid"], Request(method, path, query, wanted, body))
    assert answer.status < 500 or answer.status == 501
    if method != "HEAD":
        well_formed(answer)
    for name, value in answer.headers.items():
        assert "\r" not in name + value
        assert "\n" not in name + value
    if answer.status >= 400 or method in ("GET", "HEAD", "OPTIONS"):
        assert ask.mock.export() == before
    for extension in ("json", "xml", "csv"):
        page = ask("GET", f"Applications.{extension}")
        assert page.status == 200
        well_formed(page)
    assert ask("GET", "Applications.json").headers["Twilio-Concurrent-Requests"] == "1"


def test_a_query_that_was_no_utf_8_is_refused() -> None:
    # So aiohttp decodes the bytes of a request line that are none.
    query = b"FriendlyName=\xff".decode(errors="surrogateescape")
    status, _, message = ask_in_process()("GET", "Applications.json", query=query).refusal
    assert (status, message) == (400, "twilio_mock: the parameters are not valid UTF-8")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=pairs)
def test_what_is_stored_can_be_shown_filtered_and_sent_again(form: list[tuple[str, str]]) -> None:
    ask = ask_in_process()
    encoded = "&".join(
        f"{name}={quote_plus(value, errors='surrogatepass')}" for name, value in form
    )
    answer = ask("POST", "Applications.json", body=encoded.encode(), headers={"Content-Type": FORM})
    if answer.status == 400:
        assert ask.sids() == []
        return
    made = answer.json
    for extension in ("json", "xml", "csv"):
        well_formed(ask("GET", f"Applications.{extension}"))
    if made["friendly_name"]:
        assert ask.page({"FriendlyName": made["friendly_name"]})["applications"] == [made]
    parameters = APPLICATION.parameters[Verb.CREATE].values()
    again = {
        field.parameter: str(made[field.name])
        for field in parameters
        if made[field.name] is not None
    }
    assert {**ask.update(made["sid"], **again), "date_updated": None} == {
        **made,
        "date_updated": None,
    }
