"""The system's clock jumps an hour while a mock runs: dates follow, and nothing else does."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine

from tests.asking import basic
from tests.reliability.both_sides import PATIENCE
from tests.webhooks.endpoints import Endpoint, serving
from twilio_mock import Settings, TwilioMock, delay

HOUR = datetime.timedelta(hours=1)
SOME = datetime.timedelta(seconds=PATIENCE)


@pytest.fixture(params=[HOUR, -HOUR], ids=["ahead", "back"])
def jump(request: pytest.FixtureRequest) -> Iterator[Callable[[], datetime.datetime]]:
    """Lets the clock jump, after which it ticks on; gives the new time."""
    travels: list[Any] = []

    def jumped() -> datetime.datetime:
        there: datetime.datetime = datetime.datetime.now(datetime.UTC) + request.param
        travels.append(time_machine.travel(there, tick=True))
        travels[-1].start()
        return there

    yield jumped
    for each in reversed(travels):
        each.stop()


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    """One that runs."""
    with TwilioMock(settings=Settings(header_timeout=60, body_timeout=60)) as running:
        yield running


def connected(mock: TwilioMock) -> socket.socket:
    """A bare connection."""
    address = urlsplit(mock.url)
    return socket.create_connection((address.hostname or "", address.port or 0), PATIENCE)


def near(moment: datetime.datetime | None, now: datetime.datetime) -> bool:
    """Whether a moment is about now."""
    return moment is not None and abs(moment - now) < SOME


def test_what_is_stored_answered_and_noted_follows_the_clock(
    mock: TwilioMock, jump: Callable[[], datetime.datetime]
) -> None:
    client = mock.account.client()
    before = client.applications.create()
    now = jump()
    after = client.applications.create()
    client.applications(str(before.sid)).update(friendly_name="x")
    assert near(after.date_created, now)
    [updated] = [each for each in client.applications.list() if each.sid == before.sid]
    assert near(updated.date_updated, now)
    assert updated.date_created == before.date_created
    noted = mock.requests[-1]
    assert near(datetime.datetime.fromtimestamp(noted.started, datetime.UTC), now)
    assert 0 <= noted.duration < PATIENCE
    assert near(parsedate_to_datetime(date_header(mock)), now)


def date_header(mock: TwilioMock) -> str:
    """The Date of an answer."""
    with connected(mock) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head = wire.recv(65536).decode()
    return head.partition("Date: ")[2].partition("\r\n")[0]


def test_a_request_that_is_under_way_is_neither_hurried_nor_held_up(
    mock: TwilioMock, jump: Callable[[], datetime.datetime]
) -> None:
    head = (
        f"POST /2010-04-01/Accounts/{mock.sid}/Applications.json HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: {basic(mock.sid, mock.auth_token)}\r\nContent-Length: 3\r\n\r\n"
    ).encode()
    with connected(mock) as idle, connected(mock) as begun, connected(mock) as half:
        for wire in (idle, begun):
            wire.sendall(head + b"a=b")
            assert wire.recv(65536).startswith(b"HTTP/1.1 201 ")
        half.sendall(head[:50])
        begun.sendall(head + b"a")
        jump()
        began = monotonic()
        begun.sendall(b"=b")
        half.sendall(head[50:] + b"a=b")
        idle.sendall(head + b"a=b")
        for wire in (idle, begun, half):
            assert wire.recv(65536).startswith(b"HTTP/1.1 201 ")
        assert monotonic() - began < PATIENCE


def test_delays_waits_and_time_limits_count_real_seconds(
    mock: TwilioMock, jump: Callable[[], datetime.datetime], endpoint: Endpoint
) -> None:
    jump()
    began = monotonic()
    with mock.fault("CreateApplication", delay(0.2)):
        mock.account.client().applications.create()
    assert 0.2 <= monotonic() - began < PATIENCE
    with pytest.raises(TimeoutError):
        mock.requests.wait_for("DeleteApplication", timeout=0.1)
    application = mock.applications.create(voice_url=endpoint.at("/voice"))
    assert application.incoming_call().error_code is None
    with mock.webhooks.delay(0.1):
        assert application.incoming_call().error_code is None
    assert monotonic() - began < PATIENCE


def test_a_walk_over_the_pages_goes_on_where_it_was(
    mock: TwilioMock, jump: Callable[[], datetime.datetime]
) -> None:
    client = mock.account.client()
    sids = [client.applications.create(friendly_name=str(number)).sid for number in range(5)]
    page: Any = client.applications.page(page_size=2)
    walked = [each.sid for each in page]
    jump()
    new = client.applications.create(friendly_name="new").sid
    while page := page.next_page():
        walked += [each.sid for each in page]
    assert [sid for sid in walked if sid != new] == sids[::-1]
    assert len(walked) == len(set(walked))


def test_an_account_with_a_time_to_live_keeps_it(jump: Callable[[], datetime.datetime]) -> None:
    with TwilioMock(redirect=False) as mock:
        account = mock.accounts.create(ttl=60)
        jump()
        assert account.client().applications.list() == []
        assert account.sid in mock.accounts


async def test_a_mock_in_the_users_own_loop_goes_on_too(
    jump: Callable[[], datetime.datetime], endpoint: Endpoint
) -> None:
    async with TwilioMock() as mock:
        application = mock.applications.create(voice_url=endpoint.at("/voice"))
        now = jump()
        made = mock.account.client().applications.create()
        assert near(made.date_created, now)
        assert (await application.incoming_call()).error_code is None


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server of the user's."""
    with serving() as served:
        yield served
