"""The fragment of a URL says how it is asked: what it may say, and what is wrong with the rest."""

from __future__ import annotations

import pytest

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Endpoint, say
from twilio_mock.state.deliveries import WebhookFailure, WebhookReply
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.overrides import read_overrides

SETTINGS = WebhookSettings(connect_timeout=1, read_timeout=2, total_timeout=3)


def times(url: str) -> tuple[float, float, float, int]:
    found = read_overrides(url, SETTINGS)
    return found.connect_timeout, found.read_timeout, found.total_timeout, found.retries


def test_without_a_fragment_the_account_s_settings_count() -> None:
    assert times("http://h/") == (1, 2, 3, 1)


def test_the_defaults_are_twilio_s() -> None:
    settings = WebhookSettings()
    assert (settings.connect_timeout, settings.read_timeout, settings.total_timeout) == (5, 15, 15)
    assert (settings.body_limit, settings.redirect_limit) == (65536, 10)


def test_a_fragment_overrides_them_in_milliseconds() -> None:
    assert times("http://h/#ct=100&rt=15000&tt=500&rc=5") == (0.1, 15, 0.5, 5)


@pytest.mark.parametrize(
    "fragment",
    [
        "ct=99",
        "ct=10001",
        "rt=99",
        "rt=15001",
        "tt=15001",
        "rc=6",
        "rc=-1",
        "ct=1e3",
        "ct=",
        "rc=\u0661",
    ],
)
def test_a_value_out_of_range_is_ignored_with_a_warning(fragment: str) -> None:
    assert times(f"http://h/#{fragment}") == (1, 2, 3, 1)
    [warning] = read_overrides(f"http://h/#{fragment}", SETTINGS).warnings
    assert warning.startswith(f"ignored #{fragment}: it must be from ")


CONNECT, READ = WebhookFailure(11201, ""), WebhookFailure(11205, "")
REFUSED = WebhookFailure(11202, "")


@pytest.mark.parametrize(
    ("fragment", "outcome", "again"),
    [
        ("", CONNECT, True),
        ("", READ, False),
        ("", WebhookReply(500), False),
        ("rp=rt", CONNECT, False),
        ("rp=rt", READ, True),
        ("rp=4xx", WebhookReply(404), True),
        ("rp=4xx", WebhookReply(500), False),
        ("rp=4xx,5xx", WebhookReply(503), True),
        ("rp=all", WebhookReply(200), False),
        ("rp=all", WebhookReply(302), False),
        ("rp=all", WebhookReply(404), True),
        ("rp=all", REFUSED, True),
        ("rp=ct,rt", REFUSED, False),
    ],
)
def test_the_policy_says_what_is_tried_again(
    fragment: str, outcome: WebhookReply | WebhookFailure, again: bool
) -> None:
    assert read_overrides(f"http://h/#{fragment}", SETTINGS).retry_after(outcome) is again


@pytest.mark.parametrize(
    ("fragment", "code", "says"),
    [
        ("rp=5xx,6xx", 11243, "no retry policy is named 6xx: 4xx, 5xx, all, ct, rt"),
        ("e=ashburn,atlantis", 11240, "no edge is named atlantis"),
    ],
)
def test_a_fragment_that_twilio_does_not_take_asks_nobody(
    face: Face, endpoint: Endpoint, fragment: str, code: int, says: str
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")) + f"#{fragment}",
        voice_fallback_url=endpoint.at("/fallback", say("We are closed.")),
    )
    delivery = face(lambda: app.incoming_call())
    assert [attempt.error_code for attempt in delivery.attempts] == [code, None]
    assert delivery.attempts[0].reason == says
    assert [asked.path for asked in endpoint.asked] == ["/fallback"]


def test_a_failing_url_is_tried_again_with_the_same_token(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", Answer(status=503), Answer(status=503), say("Hello"))
    app = face.mock.applications.create(voice_url=url + "#rp=5xx&rc=2&e=dublin&sni=y")
    delivery = face(lambda: app.incoming_call())
    assert delivery.twiml.find("Say").text == "Hello"
    tokens = {asked.headers["I-Twilio-Idempotency-Token"] for asked in endpoint.asked}
    assert (len(endpoint.asked), len(tokens)) == (3, 1)
    assert {asked.target for asked in endpoint.asked} == {"/voice"}
