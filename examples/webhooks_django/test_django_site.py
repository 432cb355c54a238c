"""The Django site is tested without a socket: what Twilio would send goes straight to it."""

import pytest
from django.conf import settings
from django_site import CALLS, site

from twilio_mock import AccountHandle, ApplicationHandle

ME = "https://me.example"


@pytest.fixture
def application(twilio_mock: AccountHandle) -> ApplicationHandle:
    """An Application whose URLs are the site's; what goes to them is delivered to the site."""
    settings.TWILIO_AUTH_TOKEN, settings.OPEN = twilio_mock.auth_token, True
    CALLS.clear()
    twilio_mock.webhooks.configure(deliver_to=site)
    return twilio_mock.applications.create(
        voice_url=f"{ME}/voice",
        voice_fallback_url=f"{ME}/fallback",
        status_callback=f"{ME}/status",
        sms_url=f"{ME}/sms",
    )


def test_a_caller_is_greeted_and_the_call_is_written_down(application: ApplicationHandle) -> None:
    call = application.incoming_call(from_="+15005550001")
    assert call.twiml.find("Say").text == "Hello +15005550001."
    call.hang_up(duration=12)
    assert CALLS == [("completed", 12)]


def test_a_caller_hears_something_when_the_site_fails(application: ApplicationHandle) -> None:
    settings.OPEN = False
    call = application.incoming_call()
    assert [attempt.error_code for attempt in call.attempts] == [11217, None]
    assert call.twiml.find("Say").text == "We are closed."


def test_a_message_is_answered(application: ApplicationHandle) -> None:
    message = application.incoming_message(body="Grüße & more")
    assert message.twiml.find("Message").text == "You said: Grüße & more"


@pytest.mark.parametrize("field", ["voice_url", "voice_fallback_url", "sms_url"])
def test_only_twilio_is_let_in(application: ApplicationHandle, field: str) -> None:
    report = application.try_signatures(field)
    assert report.good, report
