"""Twilio's own Python SDK, blocking and async, over the socket and in process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from twilio_mock import AccountHandle, Settings, TwilioMock

NO_SUCH = "AP" + "0" * 32
# The SDK's async transport is older than the aiohttp beside it.
pytestmark = pytest.mark.filterwarnings("ignore:.*(BasicAuth|'auth').*:DeprecationWarning")


@dataclass
class Sdk:
    """The SDK in one of its colours: `do` calls a method, or its `_async` twin and awaits it."""

    client: Client
    account: AccountHandle
    colour: str

    @property
    def applications(self) -> Any:
        return self.client.applications

    async def do(self, thing: Any, operation: str, *arguments: Any, **named: Any) -> Any:
        if self.colour == "async":
            twin: Callable[..., Awaitable[Any]] = getattr(thing, f"{operation}_async")
            return await twin(*arguments, **named)
        return getattr(thing, operation)(*arguments, **named)

    async def streamed(self, **named: Any) -> list[str]:
        """The SIDs that a stream yields."""
        if self.colour == "async":
            stream = await self.applications.stream_async(**named)
            return [each.sid async for each in stream]
        return [each.sid for each in self.applications.stream(**named)]

    def seeded(self, count: int) -> list[str]:
        """The SIDs of new applications, in the order of the list."""
        create = self.account.applications.create
        return [create(friendly_name="x").sid for _ in range(count)][::-1]


def wired(account: AccountHandle, colour: str, door: str) -> Sdk:
    make = account.async_client if colour == "async" else account.client
    return Sdk(make(in_process=door == "in_process"), account, colour)


@pytest.fixture(params=["blocking", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sdk(colour: str, door: str, running_mock: TwilioMock) -> Any:
    account = running_mock.accounts.create()
    yield wired(account, colour, door)
    running_mock.accounts.free(account)


async def test_every_property_arrives_as_the_sdk_has_it(sdk: Sdk) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = await sdk.do(
        sdk.applications,
        "create",
        friendly_name="Phone Me",
        voice_url="https://a.example/voice?b=c+d",
        voice_method="GET",
        voice_caller_id_lookup=True,
        sms_url="",
        status_callback=None,
        message_status_callback="https://a.example/ü",
    )
    assert (made.friendly_name, made.account_sid) == ("Phone Me", sdk.account.sid)
    assert (made.voice_method, made.sms_method, made.api_version) == ("GET", "POST", "2010-04-01")
    assert made.voice_caller_id_lookup is True
    assert made.public_application_connect_enabled is False
    assert (made.sms_url, made.status_callback) == ("", None)
    assert made.sms_status_callback == made.message_status_callback == "https://a.example/ü"
    assert before <= made.date_created == made.date_updated <= before + timedelta(seconds=5)


async def test_a_blank_in_a_url_is_refused(sdk: Sdk) -> None:
    with pytest.raises(TwilioRestException) as raised:
        await sdk.do(sdk.applications, "create", sms_url="https://a.example/a b")
    error = raised.value
    assert (error.status, error.code, error.method) == (400, 21402, "POST")
    assert error.msg.endswith("SmsUrl is not a valid URL: https://a.example/a b")
    assert len(sdk.account.applications) == 0


async def test_fetch_update_and_delete_walk_through_a_life(sdk: Sdk) -> None:
    made = await sdk.do(sdk.applications, "create", friendly_name="a", sms_url="https://a.example/")
    context = sdk.applications(made.sid)
    assert (await sdk.do(context, "fetch")).friendly_name == "a"
    changed = await sdk.do(context, "update", friendly_name="b", voice_caller_id_lookup=True)
    assert (changed.sid, changed.friendly_name, changed.sms_url) == (made.sid, "b", made.sms_url)
    assert (await sdk.do(made, "fetch")).voice_caller_id_lookup is True
    assert (await sdk.do(changed, "update", sms_url="")).sms_url == ""
    assert await sdk.do(context, "delete") is True
    for operation in ("fetch", "delete", "update"):
        with pytest.raises(TwilioRestException) as raised:
            await sdk.do(context, operation)
        assert (raised.value.status, raised.value.code) == (404, 20404)
        assert f"/Applications/{made.sid}.json was not found" in raised.value.msg


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ({}, 7),
        ({"limit": 3}, 3),
        ({"limit": 3, "page_size": 2}, 3),
        ({"page_size": 2}, 7),
        ({"page_size": 7}, 7),
        ({"limit": 100}, 7),
        ({"limit": 5000}, 7),
    ],
)
async def test_list_and_stream_follow_the_pages(
    sdk: Sdk, named: dict[str, int], shown: int
) -> None:
    expected = sdk.seeded(7)[:shown]
    listed = await sdk.do(sdk.applications, "list", **named)
    assert [each.sid for each in listed] == expected
    assert await sdk.streamed(**named) == expected


async def test_list_filters_by_the_friendly_name(sdk: Sdk) -> None:
    wanted = [sdk.account.applications.create(friendly_name="a b&c").sid for _ in range(3)][::-1]
    sdk.seeded(3)
    listed = await sdk.do(sdk.applications, "list", friendly_name="a b&c", page_size=2)
    assert [each.sid for each in listed] == wanted
    assert await sdk.do(sdk.applications, "list", friendly_name="a") == []
    assert len(await sdk.do(sdk.applications, "list", friendly_name="")) == 6


async def test_pages_lead_to_each_other_and_can_be_reached_by_their_url(sdk: Sdk) -> None:
    a, b, c = sdk.seeded(3)
    first = await sdk.do(sdk.applications, "page", page_size=2)
    assert [each.sid for each in first] == [a, b]
    second = await sdk.do(first, "next_page")
    assert [each.sid for each in second] == [c]
    assert await sdk.do(second, "next_page") is None
    assert await sdk.do(first, "previous_page") is None
    assert [each.sid for each in await sdk.do(second, "previous_page")] == [a, b]
    again = await sdk.do(sdk.applications, "get_page", first.next_page_url)
    assert [each.sid for each in again] == [c]


async def test_a_page_by_its_number_and_token(sdk: Sdk) -> None:
    a, b, c = sdk.seeded(3)
    page = await sdk.do(sdk.applications, "page", page_size=1, page_number=1, page_token=f"PA{a}")
    assert [each.sid for each in page] == [b]
    with pytest.raises(TwilioException) as raised:
        await sdk.do(sdk.applications, "page", page_size=1, page_number=1)
    assert raised.value.args[1].status_code == 400
    assert "PageToken is required for paging." in raised.value.args[1].text
    assert c in await sdk.streamed(page_size=1)


async def test_a_wrong_token_is_an_authentication_error(
    colour: str, door: str, running_mock: TwilioMock
) -> None:
    account = running_mock.accounts.create()
    sdk = wired(account, colour, door)
    sdk.client.password = "wrong"
    sdk.client.auth = (account.sid, "wrong")
    with pytest.raises(TwilioRestException) as raised:
        await sdk.do(sdk.applications, "create")
    error = raised.value
    assert (error.status, error.code) == (401, 20003)
    assert error.msg.endswith("Authenticate")
    running_mock.accounts.free(account)


async def test_the_limit_is_an_error_with_its_code(colour: str) -> None:
    with TwilioMock(settings=Settings(application_limit=1)) as mock:
        sdk = wired(mock.account, colour, "socket")
        await sdk.do(sdk.applications, "create")
        with pytest.raises(TwilioRestException) as raised:
            await sdk.do(sdk.applications, "create")
    assert (raised.value.status, raised.value.code) == (400, 21301)


async def test_what_is_not_modelled_says_so(sdk: Sdk) -> None:
    with pytest.raises(TwilioRestException) as raised:
        await sdk.do(sdk.client.messages, "create", to="+15005550001", from_="+15005550006")
    assert raised.value.status == 501
    assert "twilio_mock: Twilio has Messages" in raised.value.msg


async def test_the_requests_arrive_as_the_sdk_sends_them(
    sdk: Sdk, running_mock: TwilioMock
) -> None:
    await sdk.do(sdk.applications, "create", friendly_name="ü +&", voice_caller_id_lookup=False)
    [line] = running_mock.state.accounts[sdk.account.sid].journal.entries
    assert (line.operation, line.findings) == ("CreateApplication", ())
    assert set(line.parameters) == {("FriendlyName", "ü +&"), ("VoiceCallerIdLookup", "false")}
