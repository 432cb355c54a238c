"""While a mock is active, the application's own SDK clients ask it, whatever they look like."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from twilio.base.client_base import ClientBase
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.plugin.local_site import Site, local_site
from twilio_mock import AccountHandle, EscapedRequest, TwilioMock

# twilio-python 9.13 uses what aiohttp 3.14 calls deprecated.
SDKS_OWN = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


@pytest.fixture
def site() -> Iterator[Site]:
    with local_site() as site:
        yield site


def client_of(account: TwilioMock | AccountHandle, **options: Any) -> Client:
    """A client as an application makes it, which knows nothing of a mock."""
    handle = account.account if isinstance(account, TwilioMock) else account
    return Client(handle.sid, handle.auth_token, **options)


def create(client: Client, name: str = "Phone Me") -> str:
    sid = client.applications.create(friendly_name=name).sid
    assert sid
    return sid


class Recorder(HttpClient):
    """A transport of the user's own that sends nothing."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def request(self, method: str, url: str, **options: Any) -> Response:  # type: ignore[override]
        self.urls.append(url)
        return Response(200, "{}")


class OwnTransport(HttpClient):
    """A transport of the user's own, which goes to the network without the SDK's."""

    def __init__(self) -> None:
        pass

    def request(  # type: ignore[override]
        self, method: str, url: str, auth: tuple[str, str], data: Any = None, **options: Any
    ) -> Response:
        answer = requests.request(method, url, auth=auth, data=data, timeout=5)
        return Response(answer.status_code, answer.text)


def test_a_client_made_while_the_mock_is_active_asks_it(mock: TwilioMock) -> None:
    assert create(client_of(mock)) in mock.applications


def test_a_client_made_before_asks_it_too() -> None:
    mock = TwilioMock()
    client = client_of(mock)
    client.applications  # noqa: B018  # its domains are made now, with the real URL
    with mock:
        assert create(client) in mock.applications


def test_afterwards_the_sdk_is_as_it_was() -> None:
    places = [(ClientBase, "get_hostname"), (TwilioHttpClient, "request")]
    places.append((AsyncTwilioHttpClient, "request"))
    before = [vars(kind)[name] for kind, name in places], list(sys.meta_path)
    with TwilioMock(), TwilioMock():
        assert vars(ClientBase)["get_hostname"] is not before[0][0]
    assert ([vars(kind)[name] for kind, name in places], list(sys.meta_path)) == before


def test_redirection_can_be_turned_off() -> None:
    before = vars(ClientBase)["get_hostname"]
    with TwilioMock(redirect=False) as mock:
        assert vars(ClientBase)["get_hostname"] is before
        assert create(mock.account.client()) in mock.applications


@pytest.mark.parametrize("options", [{"edge": "sydney"}, {"region": "au1"}], ids=str)
def test_edge_and_region_make_no_difference(mock: TwilioMock, options: dict[str, str]) -> None:
    assert create(client_of(mock, **options)) in mock.applications


def test_a_client_that_was_pointed_at_the_mock_by_hand_keeps_its_edge(mock: TwilioMock) -> None:
    client = client_of(mock, edge="sydney")
    client.api.base_url = mock.url
    assert create(client) in mock.applications


def test_a_transport_of_the_users_own_is_led_to_the_server(mock: TwilioMock) -> None:
    assert create(client_of(mock, http_client=OwnTransport())) in mock.applications


def test_a_transport_derived_from_the_sdks_own_is_used(mock: TwilioMock) -> None:
    class Counting(TwilioHttpClient):
        count = 0

        def request(self, *args: Any, **options: Any) -> Response:
            self.count += 1
            return super().request(*args, **options)

    transport = Counting(pool_connections=False)
    create(client_of(mock, http_client=transport))
    assert transport.count == 1
    assert transport._test_only_last_response
    assert transport._test_only_last_response.status_code == 201


def test_what_was_mounted_for_twilio_carries_the_requests_to_the_mock(mock: TwilioMock) -> None:
    class Mounted(HTTPAdapter):
        sent: list[str] = []  # noqa: RUF012

        def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
            self.sent.append(str(request.url))
            return super().send(request, *args, **options)

    transport = TwilioHttpClient()
    assert transport.session
    transport.session.mount("https://", Mounted())
    create(client_of(mock, http_client=transport))
    assert [url.startswith(mock.url) for url in Mounted.sent] == [True]


def test_a_walk_over_pages_stays_with_the_mock(mock: TwilioMock) -> None:
    for number in range(5):
        mock.applications.create(friendly_name=str(number))
    client = client_of(mock)
    assert len(client.applications.list(page_size=2)) == 5
    stored = f"https://api.twilio.com/2010-04-01/Accounts/{mock.account.sid}/Applications.json"
    assert len(list(client.applications.get_page(stored))) == 5


@SDKS_OWN
async def test_the_async_sdk_asks_the_mock_in_any_loop(mock: TwilioMock) -> None:
    client = client_of(mock, http_client=AsyncTwilioHttpClient(pool_connections=False))
    application = await client.applications.create_async(friendly_name="Phone Me")
    assert application.sid in mock.applications


@SDKS_OWN
async def test_in_the_thread_whose_loop_runs_the_server_a_blocking_call_is_answered() -> None:
    async with TwilioMock() as mock:
        assert create(client_of(mock)) in mock.applications
        by_hand = client_of(mock)
        by_hand.api.base_url = mock.url
        assert create(by_hand) in mock.applications
        # Elsewhere it goes over the socket, as ever.
        assert await asyncio.to_thread(create, client_of(mock)) in mock.applications
        client = client_of(mock, http_client=AsyncTwilioHttpClient(pool_connections=False))
        assert len(await client.applications.list_async()) == 3


async def test_a_foreign_transport_is_refused_where_it_would_wait_for_ever() -> None:
    async with TwilioMock() as mock:
        with pytest.raises(RuntimeError, match="OwnTransport is no TwilioHttpClient"):
            create(client_of(mock, http_client=OwnTransport()))


@pytest.mark.parametrize("proxied", ["environment", "client", "session"])
def test_no_proxy_comes_between(
    mock: TwilioMock, proxied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:9"
    transport = TwilioHttpClient(proxy={"http": nowhere} if proxied == "client" else None)
    assert transport.session
    if proxied == "environment":
        monkeypatch.setenv("HTTP_PROXY", nowhere)
        monkeypatch.setenv("http_proxy", nowhere)
    if proxied == "session":
        transport.session.proxies = {"http": nowhere}
    before = {**vars(transport.session)}
    assert create(client_of(mock, http_client=transport)) in mock.applications
    assert vars(transport.session) == before


def test_the_credentials_say_which_of_several_mocks_is_meant() -> None:
    with TwilioMock() as outer, TwilioMock() as inner:
        shop = outer.accounts.create()
        key = outer.account.keys.create(sid="SK" + "1" * 32, secret="key-secret")
        assert create(client_of(shop)) in shop.applications
        by_key = Client(key.sid, "key-secret", outer.account.sid)
        assert create(by_key) in outer.applications
        # Both know the default account: the innermost is meant.
        assert create(client_of(inner)) in inner.applications


def test_credentials_that_no_mock_knows_are_refused_by_the_innermost() -> None:
    with TwilioMock() as outer, TwilioMock() as inner:
        with pytest.raises(TwilioRestException) as refused:
            create(Client("AC" + "0" * 32, "secret"))
        assert refused.value.code == 20003
        assert (len(outer.state.journal.entries), len(inner.state.journal.entries)) == (0, 1)


def test_mocks_may_end_in_any_order() -> None:
    first, second = TwilioMock(), TwilioMock()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert create(client_of(second)) in second.applications
    second.__exit__(None, None, None)
    assert not hasattr(ClientBase.get_hostname, "__wrapped__")


def test_another_product_of_twilios_is_stopped_with_advice(mock: TwilioMock) -> None:
    transport = Recorder()
    with pytest.raises(EscapedRequest) as stopped:
        client_of(mock, http_client=transport, edge="ie1").lookups.v2.phone_numbers("+1").fetch()
    assert str(stopped.value) == (
        "twilio_mock: stopped a request to lookups.twilio.com: it would have left for the real "
        "Twilio. This mock plays api.twilio.com, not the product 'lookups'. Stub that call in your "
        "test, or, if it is to leave, allow it by name: allow=['lookups.twilio.com']; see "
        "docs/testing.md of twilio_mock, section 'Requests that would escape'"
    )
    assert transport.urls == []


def test_a_product_that_is_allowed_is_let_through() -> None:
    transport = Recorder()
    with TwilioMock(allow=["lookups.twilio.com"]) as mock:
        client = client_of(mock, http_client=transport, edge="dublin", region="ie1")
        client.lookups.v2.phone_numbers("+1").fetch()
    assert transport.urls == ["https://lookups.dublin.ie1.twilio.com/v2/PhoneNumbers/+1"]


def test_hosts_that_are_not_twilios_are_left_alone(mock: TwilioMock, site: Site) -> None:
    client = client_of(mock)
    client.api.base_url = site.url
    with pytest.raises(TwilioException):  # the site is no Twilio
        client.applications.list()
    assert [path.partition("?")[0] for path in site.asked] == [
        f"/2010-04-01/Accounts/{mock.account.sid}/Applications.json"
    ]
    assert requests.get(site.url + "/plain", timeout=5).json() == {}


def test_many_threads_share_one_client(mock: TwilioMock) -> None:
    client = client_of(mock)
    with ThreadPoolExecutor(8) as pool:
        sids = set(pool.map(lambda number: create(client, str(number)), range(64)))
    assert sids == {application.sid for application in mock.applications}
