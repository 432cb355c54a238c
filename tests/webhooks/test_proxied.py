"""What is signed for one URL and delivered to another, as behind a TLS proxy."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Endpoint, say

PUBLIC = "https://me.example"


def assert_came_through_a_proxy(face: Face, endpoint: Endpoint, number: int, path: str) -> None:
    """The request was signed for the public URL, and a proxy says which that was."""
    asked = endpoint.asked[number]
    sent = {name: value for name, value in asked.headers.items() if name.startswith("X-Forwarded")}
    assert asked.headers["Host"] == "me.example"
    assert sent == {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": "me.example",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    validator = RequestValidator(face.mock.account.auth_token)
    url = f"{sent['X-Forwarded-Proto']}://{asked.headers['Host']}{asked.target}"
    assert asked.path == path
    assert validator.validate(url, dict(asked.form), asked.headers["X-Twilio-Signature"])


def test_a_public_url_is_delivered_to_a_local_server(face: Face, endpoint: Endpoint) -> None:
    endpoint.at("/voice", Answer(b"", 307, {"Location": f"{PUBLIC}/moved?a=1"}))
    endpoint.at("/moved", Answer(b"", 307, {"Location": "/again"}))
    endpoint.at("/again", say("Hello"))
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice?b=2#rc=2")
    delivery = face(lambda: app.incoming_call(deliver_to=endpoint.url))
    assert delivery.twiml.find("Say").text == "Hello"
    for number, path in enumerate(("/voice", "/moved", "/again")):
        assert_came_through_a_proxy(face, endpoint, number, path)
    assert delivery.attempts[0].request.url == endpoint.url + "/again"
    assert delivery.attempts[0].request.signed_url == PUBLIC + "/again"


def test_a_local_url_is_signed_for_the_public_one(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", Answer(b"", 307, {"Location": f"{PUBLIC}/moved"}))
    endpoint.at("/moved", say("Hello"))
    app = face.mock.applications.create(voice_url=url)
    delivery = face(lambda: app.incoming_call(public_url=PUBLIC))
    assert delivery.twiml.find("Say").text == "Hello"
    for number, path in enumerate(("/voice", "/moved")):
        assert_came_through_a_proxy(face, endpoint, number, path)


def test_the_account_can_say_it_once_for_all(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face.mock.webhooks.configure(public_url=PUBLIC)
    face(lambda: app.incoming_call())
    assert_came_through_a_proxy(face, endpoint, 0, "/voice")


def test_a_get_is_signed_with_its_query_too(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", say("Hello"))
    app = face.mock.applications.create(voice_url=url, voice_method="GET")
    face(lambda: app.incoming_call(public_url=PUBLIC))
    assert_came_through_a_proxy(face, endpoint, 0, "/voice")


def test_the_public_base_may_have_a_path(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    delivery = face(lambda: app.incoming_call(public_url=f"{PUBLIC}/twilio/"))
    assert delivery.attempts[0].request.signed_url == f"{PUBLIC}/twilio/voice"


def test_the_fallback_error_url_is_the_configured_one(face: Face, endpoint: Endpoint) -> None:
    endpoint.at("/voice", Answer(status=500))
    endpoint.at("/fallback", say("We are closed."))
    app = face.mock.applications.create(
        voice_url=f"{PUBLIC}/voice", voice_fallback_url="https://other.example/fallback"
    )
    face(lambda: app.incoming_call(deliver_to=endpoint.url))
    assert dict(endpoint.asked[1].form)["ErrorUrl"] == f"{PUBLIC}/voice"
    assert endpoint.asked[1].headers["Host"] == "other.example"


def test_a_server_that_is_not_here_is_refused(face: Face) -> None:
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    with pytest.raises(ValueError, match=r"it would ask http://elsewhere\.example/voice"):
        face(lambda: app.incoming_call(deliver_to="http://elsewhere.example"))


def test_a_host_that_only_begins_like_the_public_one_is_another(
    face: Face, endpoint: Endpoint
) -> None:
    endpoint.at("/voice", Answer(b"", 307, {"Location": f"{PUBLIC}.evil/voice"}))
    app = face.mock.applications.create(voice_url=f"{PUBLIC}/voice")
    with pytest.raises(ValueError, match=r"it would ask https://me\.example\.evil/voice"):
        face(lambda: app.incoming_call(deliver_to=endpoint.url))
