"""The aiohttp site is tested on a server of its own, in the loop of the test."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from aiohttp_site import CALLS, OPEN, make_site

from twilio_mock import ApplicationHandle, TwilioMock


@pytest.fixture
async def mock() -> AsyncIterator[TwilioMock]:
    """The mock, in the test's own loop."""
    async with TwilioMock() as mock:
        yield mock


@pytest.fixture
async def server(mock: TwilioMock) -> AsyncIterator[TestServer]:
    """The site on a server of its own."""
    server = TestServer(make_site(mock.auth_token))
    async with server:
        yield server


@pytest.fixture
def application(mock: TwilioMock, server: TestServer) -> ApplicationHandle:
    """An Application whose URLs are the server's."""
    return mock.applications.create(
        voice_url=str(server.make_url("/voice")),
        voice_fallback_url=str(server.make_url("/fallback")),
        status_callback=str(server.make_url("/status")),
        sms_url=str(server.make_url("/sms")),
    )


async def test_a_caller_is_greeted_and_the_call_is_written_down(
    application: ApplicationHandle, server: TestServer
) -> None:
    call = await application.incoming_call(from_="+15005550001")
    assert call.twiml.find("Say").text == "Hello +15005550001."
    await call.hang_up(duration=12)
    assert server.app[CALLS] == [("completed", 12)]


async def test_a_caller_hears_something_when_the_site_fails(
    application: ApplicationHandle, server: TestServer
) -> None:
    server.app[OPEN].append(False)
    call = await application.incoming_call()
    assert [attempt.error_code for attempt in call.attempts] == [11217, None]
    assert call.twiml.find("Say").text == "We are closed."


async def test_a_message_is_answered(application: ApplicationHandle) -> None:
    message = await application.incoming_message(body="Grüße & more")
    assert message.twiml.find("Message").text == "You said: Grüße & more"


@pytest.mark.parametrize("field", ["voice_url", "voice_fallback_url", "sms_url"])
async def test_only_twilio_is_let_in(application: ApplicationHandle, field: str) -> None:
    report = await application.try_signatures(field)
    assert report.good, report
