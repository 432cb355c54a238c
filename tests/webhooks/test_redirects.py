"""Redirects and cookies, and where a delivery may go at all."""

from __future__ import annotations

import pytest

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Endpoint, say
from twilio_mock import TwilioMock
from twilio_mock.webhooks.cookies import Cookies
from twilio_mock.webhooks.signature import signature


def redirect(location: str, status: int = 302, set_cookie: str = "") -> Answer:
    """An answer that leads elsewhere."""
    return Answer(b"", status, {"Location": location} | {"Set-Cookie": set_cookie})


def test_ten_redirects_are_followed(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", *[redirect("/voice")] * 10, say("Hello"))
    app = face.mock.applications.create(voice_url=url)
    delivery = face(lambda: app.incoming_call())
    assert delivery.twiml.find("Say").text == "Hello"
    assert len(endpoint.asked) == 11
    [attempt] = delivery.attempts
    assert [hop.why for hop in attempt.hops] == ["asked"] + ["redirected"] * 10


def test_an_eleventh_redirect_is_an_error(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", redirect("/voice")),
        voice_fallback_url=endpoint.at("/fallback", say("We are closed.")),
    )
    delivery = face(lambda: app.incoming_call())
    assert [attempt.error_code for attempt in delivery.attempts] == [11215, None]
    assert len(endpoint.asked) == 12


@pytest.mark.parametrize("location", ["", "mailto:me@me.example", "http://[1", "http://a:b/"])
def test_a_redirect_to_nowhere_is_an_error(face: Face, endpoint: Endpoint, location: str) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", redirect(location)))
    assert face(lambda: app.incoming_call()).error_code == 11216


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_becomes_a_get_with_its_parameters_in_the_query(
    face: Face, endpoint: Endpoint, status: int
) -> None:
    endpoint.at("/new", say("Hello"))
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", redirect("/new?a=1#top", status))
    )
    delivery = face(lambda: app.incoming_call())
    first, second = endpoint.asked
    assert (second.method, second.body) == ("GET", "")
    assert second.query == (("a", "1"), *first.form)
    assert "#" not in second.target
    token = face.mock.account.auth_token
    signed = signature(token, endpoint.url + second.target)
    assert second.headers["X-Twilio-Signature"] == signed
    assert delivery.attempts[0].request.signed_url == endpoint.url + second.target


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_stays_one_where_the_status_says_so(
    face: Face, endpoint: Endpoint, status: int
) -> None:
    endpoint.at("/new", say("Hello"))
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", redirect("/new", status)))
    face(lambda: app.incoming_call())
    first, second = endpoint.asked
    assert (second.method, second.form) == ("POST", first.form)


def test_a_get_does_not_repeat_what_the_new_url_has_already(face: Face, endpoint: Endpoint) -> None:
    endpoint.at("/new", say("Hello"))
    url = endpoint.at("/voice", redirect("/new?CallStatus=kept"))
    app = face.mock.applications.create(voice_url=url, voice_method="GET")
    face(lambda: app.incoming_call())
    names = [name for name, _ in endpoint.asked[1].query]
    assert names.count("CallStatus") == 1


def test_a_redirect_leaves_this_machine_only_where_that_is_allowed(
    face: Face, endpoint: Endpoint
) -> None:
    url = endpoint.at("/voice", redirect("http://me.example/voice"))
    app = face.mock.applications.create(voice_url=url)
    with pytest.raises(ValueError, match=r"it would ask http://me\.example/voice"):
        face(lambda: app.incoming_call())


@pytest.mark.parametrize(
    "url", ["http://me.example/voice", "https://u:secret@10.0.0.1/", "http://127.0.0.1.me.example/"]
)
def test_a_host_that_is_not_this_machine_is_refused_with_advice(face: Face, url: str) -> None:
    app = face.mock.applications.create(voice_url=url)
    advice = r"not on this machine\. Pass deliver_to=.*/webhooks/settings$"
    with pytest.raises(ValueError, match=advice) as refused:
        face(lambda: app.incoming_call())
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("pattern", ["nowhere.invalid", "*.invalid", "NOWHERE.invalid", "*"])
def test_a_host_can_be_allowed(pattern: str) -> None:
    with TwilioMock(allow_hosts=[pattern]) as mock:
        app = mock.applications.create(voice_url="http://nowhere.invalid/")
        assert app.incoming_call().error_code == 11210


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_has_several_names(face: Face, endpoint: Endpoint, host: str) -> None:
    url = endpoint.at("/voice", say("Hello")).replace("127.0.0.1", host)
    app = face.mock.applications.create(voice_url=url)
    assert face(lambda: app.incoming_call()).error_code is None


def test_cookies_are_kept_within_a_call_and_not_beyond(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", redirect("/new", set_cookie="visit=1; Path=/; HttpOnly"))
    endpoint.at("/new", say("Hello"))
    app = face.mock.applications.create(voice_url=url, status_callback=endpoint.at("/status"))
    delivery = face(lambda: app.incoming_call())
    face(delivery.hang_up)
    face(lambda: app.incoming_call())
    sent = [(asked.path, asked.headers.get("Cookie")) for asked in endpoint.asked]
    assert sent == [
        ("/voice", None),
        ("/new", "visit=1"),
        ("/status", "visit=1"),
        ("/voice", None),
        ("/new", "visit=1"),
    ]


@pytest.mark.parametrize(
    ("header", "url", "sent"),
    [
        ("a=1", "http://h/dir/other", "a=1"),
        ("a=1", "http://h/elsewhere", ""),
        ("a=1", "http://other/dir/", ""),
        ("a=1; Path=/", "http://h", "a=1"),
        ("a=1; Path=/di", "http://h/dir/", ""),
        ("a=1; Path=/dir", "http://h/dir", "a=1"),
        ("a=1; Path=/; Secure", "http://h/", ""),
        ("a=1; Path=/; Secure", "https://h/", "a=1"),
        ('a="1 2"; Path=/', "http://h/", 'a="1 2"'),
        ("a=; Max-Age=0", "http://h/dir/", ""),
        ("a=; Max-Age=-1", "http://h/dir/", ""),
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://h/dir/", ""),
        ("a=1; Max-Age=60", "http://h/dir/", "a=1"),
        ("b\x01ad", "http://h/dir/", ""),
        ("b[]ad=1", "http://h/dir/", ""),
        ("a,b=1", "http://h/dir/", ""),
    ],
)
def test_a_cookie_goes_where_it_belongs(header: str, url: str, sent: str) -> None:
    cookies = Cookies()
    cookies.take("http://h/dir/page", (("set-cookie", header), ("Other", "x=1")))
    assert cookies.header(url) == sent


def test_a_cookie_can_be_changed_and_ended() -> None:
    cookies = Cookies()
    for header in ("a=1; Path=/", "b=1; Path=/", "a=2; Path=/", "b=; Path=/; Max-Age=0"):
        cookies.take("http://h/", (("Set-Cookie", header),))
    assert cookies.header("http://h/") == "a=2"


def test_user_name_and_password_of_a_url_become_a_header(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", say("Hello")).replace("//", "//me:p%40ss@")
    app = face.mock.applications.create(voice_url=url)
    delivery = face(lambda: app.incoming_call())
    [asked] = endpoint.asked
    assert asked.headers["Authorization"] == "Basic bWU6cEBzcw=="
    assert asked.headers["Host"] == endpoint.url.removeprefix("http://")
    signed = signature(face.mock.account.auth_token, url, asked.form)
    assert asked.headers["X-Twilio-Signature"] == signed
    assert "p%40ss" not in repr(delivery)
    assert "p%40ss" not in repr(delivery.events)
