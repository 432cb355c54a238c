"""A mock that is started and stopped again and again leaves no thread, task or file open."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.reliability.conftest import Tell
from tests.reliability.effort import effort
from tests.reliability.leftovers import held
from tests.webhooks.endpoints import Endpoint, serving
from twilio_mock import TwilioMock, delay

CYCLES = effort(50, 1000)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server of the user's."""
    with serving() as served:
        served.at("/voice")
        yield served


def site(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """An application of the user's."""
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<Response/>"]


def used(mock: TwilioMock, endpoint: Endpoint) -> None:
    """Use what could leave something behind."""
    client = mock.account.client()
    with mock.fault("CreateApplication", delay(0.001)):
        sid = client.applications.create(voice_url=endpoint.url + "/voice").sid
    assert mock.applications[str(sid)].incoming_call().error_code is None
    mock.webhooks.configure(deliver_to=site)
    connection = http.client.HTTPConnection(mock.url.removeprefix("http://"))
    body = json.dumps({"application_sid": sid})
    connection.request("POST", f"/_twilio_mock/accounts/{mock.sid}/incoming_call", body)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["error_code"]) == (201, None)
    # Neither closed nor read to the end: the mock has to end it.
    connection.request("GET", f"/2010-04-01/Accounts/{mock.sid}/Applications.json")
    mock.opened_by_the_test = connection  # type: ignore[attr-defined]


def test_nothing_is_left_of_mocks_in_threads(endpoint: Endpoint, tell: Tell) -> None:
    def cycle(proxy: bool) -> None:
        with TwilioMock(proxy=proxy) as mock:
            used(mock, endpoint)
        mock.opened_by_the_test.close()  # type: ignore[attr-defined]

    cycle(proxy=False)
    cycle(proxy=True)
    before = held()
    for number in range(CYCLES):
        cycle(proxy=number % 10 == 0)
    assert held() == before
    tell("mocks started and stopped in threads", CYCLES)


def test_nothing_is_left_of_mocks_in_a_loop(endpoint: Endpoint, tell: Tell) -> None:
    async def cycle() -> None:
        async with TwilioMock() as mock:
            application = mock.applications.create(voice_url=endpoint.url + "/voice")
            assert (await application.incoming_call()).error_code is None
            reader, writer = await asyncio.open_connection("127.0.0.1", int(mock.url[17:]))
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 401")
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")  # half a head
        with suppress(ConnectionResetError):  # half a head was never read
            await reader.read()
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()

    async def cycles() -> None:
        await cycle()
        before = held()
        for _ in range(CYCLES):
            await cycle()
        assert held() == before

    asyncio.run(cycles())
    tell("mocks started and stopped in a loop", CYCLES)


def test_a_mock_is_started_again_and_again_on_its_own_port(tell: Tell) -> None:
    with TwilioMock(redirect=False) as first:
        port = int(first.url.rpartition(":")[2])
    mock = TwilioMock(port=port, redirect=False)
    before = held()
    for number in range(CYCLES):
        with mock:
            assert mock.url.endswith(f":{port}")
            mock.account.client().applications.create(friendly_name=str(number))
            mock.account.client().applications.list(limit=1)
    assert held() == before
    assert len(mock.applications) == CYCLES
    tell("starts of one mock on one port", CYCLES)
