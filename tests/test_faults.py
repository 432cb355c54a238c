"""Faults: what they do to a request, seen through Twilio's SDK, over the socket and in process."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import aiohttp
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.sdk_doors import SDK_DOORS, Sdk
from twilio_mock import (
    TwilioMock,
    delay,
    error,
    garble,
    gateway_page,
    hang_up,
    lose_response,
    reset,
    respond,
    too_many_requests,
    truncate,
)
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.state.exchanges import Exchange

# twilio-python 9.13 uses, for its async methods, what aiohttp 3.14 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

HUNG_UP = (requests.exceptions.ConnectionError, aiohttp.ServerDisconnectedError)
RESET = (requests.exceptions.ConnectionError, aiohttp.ClientOSError)
CUT_SHORT = (requests.exceptions.ChunkedEncodingError, aiohttp.ClientPayloadError)


@pytest.fixture(params=SDK_DOORS)
def sdk(request: pytest.FixtureRequest, running_mock: TwilioMock) -> Iterator[Sdk]:
    """The SDK with a fresh account."""
    account = running_mock.accounts.create()
    yield Sdk(account, request.param)
    running_mock.accounts.free(account)


def journal(sdk: Sdk) -> list[Exchange]:
    """The account's journal, oldest line first."""
    return list(sdk.account._account.journal.entries)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        (20503, 503, "Service is unavailable, please try again"),
        (20429, 429, "Too Many Requests"),
        (21601, 400, "Phone number is not a valid SMS-capable inbound phone number"),
        (20003, 401, "Authenticate"),
    ],
)
def test_an_error_is_twilio_s_with_its_status_and_message(
    sdk: Sdk, code: int, status: int, message: str
) -> None:
    with (
        sdk.account.fault("CreateApplication", error(code)),
        pytest.raises(TwilioRestException) as refused,
    ):
        sdk.create()
    assert (refused.value.status, refused.value.code) == (status, code)
    assert message in refused.value.msg
    assert len(sdk.account.applications) == 0


def test_an_error_is_over_when_the_fault_is(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", error(20503)), pytest.raises(TwilioRestException):
        sdk.create()
    assert sdk.create().sid in sdk.account.applications


def test_an_error_can_have_words_of_its_own(sdk: Sdk) -> None:
    fault = sdk.account.fault("CreateApplication", error(29999, "Out of luck", status=418))
    with fault, pytest.raises(TwilioRestException) as refused:
        sdk.create()
    assert (refused.value.status, refused.value.code) == (418, 29999)
    assert "Out of luck" in refused.value.msg


def test_too_many_requests_say_when_to_come_back(sdk: Sdk) -> None:
    with (
        sdk.account.fault("*", too_many_requests(retry_after=7)),
        pytest.raises(TwilioRestException) as refused,
    ):
        sdk.create()
    assert (refused.value.status, refused.value.code) == (429, 20429)


def test_a_stub_answers_for_what_is_not_modelled(sdk: Sdk) -> None:
    stub = respond(201, {"sid": "SM" + "0" * 32, "body": "Hi"})
    with sdk.account.fault("POST Messages", stub) as fault:
        message = sdk.call("messages", "create", to="+15005550006", from_="+15005550001", body="Hi")
    assert (message.sid, message.body) == ("SM" + "0" * 32, "Hi")
    assert fault.fired == 1
    [exchange] = journal(sdk)
    assert exchange.status == 201
    assert ("Body", "Hi") in exchange.parameters


def test_a_gateway_page_is_no_json(sdk: Sdk) -> None:
    with (
        sdk.account.fault("CreateApplication", gateway_page()),
        pytest.raises(TwilioRestException) as refused,
    ):
        sdk.create()
    # twilio-python finds no message in it.
    assert (refused.value.status, refused.value.msg) == (502, "Unable to create record")
    assert len(sdk.account.applications) == 0


def test_a_garbled_answer_is_no_json_but_the_write_is_done(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", garble()), pytest.raises(json.JSONDecodeError):
        sdk.create()
    assert len(sdk.account.applications) == 1


def test_a_connection_is_hung_up_before_anything_is_done(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", hang_up()), pytest.raises(HUNG_UP) as failure:
        sdk.create()
    assert "Remote end closed connection" in str(failure.value) or sdk.is_async
    assert len(sdk.account.applications) == 0
    assert journal(sdk)[-1].status == 0


def test_a_connection_is_reset_before_anything_is_done(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", reset()), pytest.raises(RESET) as failure:
        sdk.create()
    assert "Connection reset by peer" in str(failure.value)
    assert len(sdk.account.applications) == 0


def test_a_lost_response_leaves_the_write_done(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", lose_response()), pytest.raises(HUNG_UP):
        sdk.create(friendly_name="Phone Me")
    assert sdk.account.applications.one().friendly_name == "Phone Me"
    assert journal(sdk)[-1].status == 201


@pytest.mark.parametrize("effect", [hang_up(after_write=True), reset(after_write=True)])
def test_a_connection_can_end_after_the_write(sdk: Sdk, effect: Effect) -> None:
    with sdk.account.fault("CreateApplication", effect), pytest.raises((*HUNG_UP, *RESET)):
        sdk.create()
    assert len(sdk.account.applications) == 1


def test_a_truncated_answer_breaks_off(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", truncate(100)), pytest.raises(CUT_SHORT) as failure:
        sdk.create()
    assert "100" in str(failure.value)
    assert len(sdk.account.applications) == 1


def test_an_answer_without_a_body_is_truncated_to_nothing(sdk: Sdk) -> None:
    sid = sdk.account.applications.create().sid
    # aiohttp asks again, and the second answer has a body.
    with (
        sdk.account.fault("DeleteApplication", truncate()),
        pytest.raises(CUT_SHORT if sdk.is_async else HUNG_UP),
    ):
        sdk.delete(sid)
    assert sid not in sdk.account.applications


@pytest.mark.parametrize("effect", [hang_up(), reset()])
def test_aiohttp_asks_again_for_what_can_be_asked_twice(sdk: Sdk, effect: Effect) -> None:
    sid = sdk.account.applications.create().sid
    with sdk.account.fault("*Application", effect, times=1):
        if sdk.is_async:
            assert sdk.fetch(sid).sid == sid
        else:
            with pytest.raises(requests.exceptions.ConnectionError):
                sdk.fetch(sid)
    assert len(journal(sdk)) == (2 if sdk.is_async else 1)


def test_a_delay_takes_real_time_and_combines_with_any_effect(sdk: Sdk) -> None:
    start = time.perf_counter()
    with (
        sdk.account.fault("CreateApplication", delay(0.03), error(20503)),
        pytest.raises(TwilioRestException),
    ):
        sdk.create()
    assert time.perf_counter() - start >= 0.03


def test_the_journal_says_which_fault_hit(sdk: Sdk) -> None:
    with sdk.account.fault("CreateApplication", error(20503), name="bad luck"):
        sdk.account.fault("*", delay(0))
        with pytest.raises(TwilioRestException):
            sdk.create()
    sdk.create()
    struck, whole = journal(sdk)
    assert (struck.status, struck.error_code, struck.faults) == (503, 20503, ("bad luck",))
    assert (whole.status, whole.faults) == (201, ("delay-1",))
