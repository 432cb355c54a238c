"""The service is asked in process, and asks the mock over a socket, all in one event loop."""

from collections.abc import AsyncIterator

import httpx
import pytest
from service import service

from twilio_mock import AccountHandle, error

# twilio-python 9.13 uses what aiohttp 3.14 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:twilio|aiohttp")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    transport = httpx.ASGITransport(app=service)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def test_a_customer_gets_an_application(
    async_twilio_mock: AccountHandle, http: httpx.AsyncClient
) -> None:
    answer = await http.post("/customers/shop")
    application = async_twilio_mock.applications.one(friendly_name="shop")
    assert (answer.status_code, answer.json()) == (201, {"sid": application.sid})
    assert application.voice_url == "https://me.example/voice/shop"


async def test_twilios_trouble_is_told(
    async_twilio_mock: AccountHandle, http: httpx.AsyncClient
) -> None:
    with async_twilio_mock.fault("CreateApplication", error(20503)):
        answer = await http.post("/customers/shop")
    assert answer.status_code == 502
    assert len(async_twilio_mock.applications) == 0


async def test_leaving_twice_does_no_harm(
    async_twilio_mock: AccountHandle, http: httpx.AsyncClient
) -> None:
    application = async_twilio_mock.applications.create(friendly_name="shop")
    for _ in range(2):
        answer = await http.delete(f"/customers/{application.sid}")
        assert answer.status_code == 204
    assert application.sid not in async_twilio_mock.applications
    statuses = [each.status for each in async_twilio_mock.requests.filter("DeleteApplication")]
    assert statuses == [204, 404]
