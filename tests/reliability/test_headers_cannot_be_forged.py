"""No stored value, no parameter and no reply can put a line of its own into any head."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest

from tests.asking import Ask
from tests.conftest import AskWith, ask_in_process
from tests.webhooks.endpoints import Endpoint, serving
from twilio_mock import TwilioMock, respond
from twilio_mock.errors import TwilioError
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.verbs import Verb
from twilio_mock.webhooks.cookies import Cookies

BREAKS = ["\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x85", "\u2028", "\ud800"]
EVIL = "X-Evil: 1"
FORBIDDEN = re.compile("[\r\n\0]")


def forged(end: str) -> str:
    """A value that would be a header of its own, were it written as it is."""
    return f"a{end}{EVIL}{end}{end}b"


def assert_clean(headers: Mapping[str, str]) -> None:
    """No header is a line more than it should be."""
    for name, value in headers.items():
        assert not FORBIDDEN.search(name + value), (name, value)
        assert name.lower() != "x-evil"


PARAMETERS = [
    (resource.plural, parameter)
    for resource in RESOURCES
    for parameter in resource.parameters.get(Verb.CREATE, {})
]


@pytest.mark.parametrize(("plural", "parameter"), PARAMETERS)
@pytest.mark.parametrize("end", [each for each in BREAKS if each != "\ud800"])
def test_no_parameter_of_a_request_comes_back_as_a_header(
    ask: Ask, plural: str, parameter: str, end: str
) -> None:
    path = "/2010-04-01/Accounts.json" if plural == "Accounts" else f"{plural}.json"
    form = {"PhoneNumber": "+15005550006", parameter: forged(end)}
    answer = ask("POST", path, form)
    assert answer.status < 500
    assert_clean(answer.headers)
    for listed in (".json", ".xml", ".csv"):
        again = ask("GET", path.removesuffix(".json") + listed)
        assert again.status < 500
        assert_clean(again.headers)


@pytest.mark.parametrize("end", BREAKS)
@pytest.mark.parametrize("method", ["GET", "POST", "X\r\nX-Evil: 1"])
def test_no_path_query_or_method_comes_back_as_a_header(method: str, end: str) -> None:
    ask = ask_in_process()
    sent = forged(end)
    for path, query in (
        (f"Applications/{sent}.json", ""),
        (f"Applications/{quote(sent, errors='replace')}.json", sent),
        (f"{sent}.xml", quote(sent, errors="replace")),
        ("Applications.json", f"PageSize={sent}&FriendlyName={quote(sent, errors='replace')}"),
    ):
        answer = ask(method, path, query=query)
        assert answer.status < 500
        assert_clean(answer.headers)


@pytest.mark.parametrize("end", BREAKS)
def test_no_stored_value_becomes_a_header_of_a_webhook(end: str, endpoint: Endpoint) -> None:
    endpoint.at("/voice")
    values = {
        "voice_url": endpoint.url + f"/voice?{forged(end)}",
        "friendly_name": forged(end),
    }
    with TwilioMock(redirect=False) as mock:
        with suppress(ValueError):
            mock.applications.create(**values)
        url = endpoint.url.replace("http://", f"http://a{quote(forged(end), errors='replace')}:b@")
        application = mock.applications.create(voice_url=url + "/voice")
        with suppress(ValueError, TwilioError):
            application.incoming_call(
                forged(end), forged(end), caller_name=forged(end), parameters={"A": forged(end)}
            )
        with suppress(ValueError, LookupError):
            mock.webhooks.configure(public_url=f"http://me.example/{forged(end)}")
            application.incoming_call()
        for stored in mock.applications:
            with suppress(ValueError):
                stored.incoming_call()
    assert all("X-Evil" not in each.headers for each in endpoint.asked)
    for each in endpoint.asked:
        assert_clean(each.headers)


@pytest.mark.parametrize("end", BREAKS)
def test_no_url_that_is_only_named_becomes_a_header(end: str, endpoint: Endpoint) -> None:
    endpoint.at("/voice")
    url = f"{endpoint.url}/voice?{forged(end)}"
    with TwilioMock(redirect=False) as mock:
        application = mock.applications.create(voice_url=endpoint.url + "/voice")
        asks: tuple[Callable[[], object], ...] = (
            lambda: mock.outgoing_message(application, "+15005550006", status_callback=url),
            lambda: application.incoming_call(deliver_to=f"{endpoint.url}/{forged(end)}"),
            lambda: application.incoming_call(public_url=f"http://me.example/{forged(end)}"),
            lambda: mock.webhooks.try_signatures(url),
        )
        for ask in asks:
            with suppress(ValueError):
                ask()
    for each in endpoint.asked:
        assert_clean(each.headers)
        assert EVIL not in str(each.headers) + each.target


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0"])
def test_a_redirect_with_a_line_too_many_is_not_followed(end: str) -> None:
    asked: list[str] = []

    def site(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response("302 Found", [("Location", f"http://me.example/{forged(end)}")])
        return []

    with TwilioMock(redirect=False) as mock:
        application = mock.applications.create(voice_url="http://me.example/voice")
        call = application.incoming_call(deliver_to=site)
    assert (call.error_code, asked) == (11216, ["/voice"])


@pytest.mark.parametrize("end", BREAKS)
def test_a_cookie_of_a_reply_brings_no_header_into_the_next_request(end: str) -> None:
    cookies = Cookies()
    for value in (f"a=b{end}{EVIL}", f'a="b{end}{EVIL}"', 'a="b\\015\\012X-Evil: 1"', f"a{end}b=c"):
        cookies.take("http://me.example/", (("Set-Cookie", value),))
    assert not FORBIDDEN.search(cookies.header("http://me.example/"))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0", "\x0b", "\x1f", "\x7f"])
@pytest.mark.parametrize("place", ["name", "value"])
def test_a_stub_with_a_forged_header_is_refused(end: str, place: str) -> None:
    name, value = (forged(end), "x") if place == "name" else ("X-Fine", forged(end))
    with pytest.raises(ValueError, match="HTTP cannot carry the header"):
        respond(200, "x", {name: value})


@pytest.mark.parametrize("end", ["fine", *BREAKS])
def test_a_stub_over_http_is_refused_or_harmless(end: str, ask_with: AskWith) -> None:
    ask = ask_with()
    stub = {"effect": "respond", "status": 200, "headers": {"X-A": forged(end)}}
    told = ask(
        "POST",
        f"/_twilio_mock/accounts/{ask.account.sid}/faults",
        body=json.dumps({"on": "GET Messages.json", "effects": [stub]}).encode(),
        headers={"Host": "localhost"},
        credentials=None,
    )
    assert told.status == 201 if end == "fine" else told.status in (201, 400), told.text
    answer = ask("GET", "Messages.json")
    assert answer.status in (200, 501)
    assert_clean(answer.headers)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server of the user's."""
    with serving() as served:
        yield served
