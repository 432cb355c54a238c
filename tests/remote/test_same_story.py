"""What was asked and what went wrong: told the same of an account here and of one elsewhere."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.remote.test_same_face import normal
from twilio_mock import (
    AccountHandle,
    TwilioMock,
    barrier,
    delay,
    dispatch,
    error,
    hang,
    lose_response,
    respond,
)
from twilio_mock.control.request_exports import from_json
from twilio_mock.pytest_plugin.any_loop import in_any_loop
from twilio_mock.remote.shared_mock import SharedMock

NEAR_MISS = """\
twilio_mock: wanted one request to account AC..., there was none:
  CreateApplication with FriendlyName='Phone Me', VoiceUrl='https://me.example/voice'

The closest of 1: #1 POST Applications.json -> 201 CreateApplication
  ok  operation     'CreateApplication'
  ok  FriendlyName  'Phone Me'
  NOT VoiceUrl      not sent
                    wanted 'https://me.example/voice'

All requests:
  #1 POST Applications.json -> 201 CreateApplication FriendlyName='Phone Me'

(docs/control.md, Journal)"""


def test_the_journal_is_read_and_asserted_on(account: AccountHandle) -> None:
    client = account.client()
    sid = client.applications.create(friendly_name="Phone Me", voice_url="https://me.example/").sid
    client.applications(sid or "").update(voice_method="GET")
    created = account.requests.assert_one("CreateApplication", FriendlyName="Phone Me")
    assert (created.status, created.created, created.caller) == (201, (sid,), "auth_token")
    assert created.json["voice_url"] == "https://me.example/"
    assert sorted(created.parameters)[0] == ("FriendlyName", "Phone Me")
    assert account.requests[0] == created
    account.requests.assert_none("*Application", status="4xx")
    account.requests.assert_called(
        "*Application", times=2, where=lambda each: each.method == "POST"
    )
    account.requests.assert_sequence(
        "CreateApplication", ("UpdateApplication", {"VoiceMethod": re.compile("^G")})
    )
    assert [number for number, _ in account.requests.numbered(after=1)] == [2]
    assert len(account.requests.to_json_lines().splitlines()) == len(account.requests) == 2
    assert "--data-urlencode VoiceMethod=GET\n" in account.requests.to_curl()
    again = json.loads(json.dumps(account.requests.to_json(1, created)))
    assert from_json(again) == (1, created)
    account.requests.clear()
    assert (len(account.requests), account.requests.dropped) == (0, 0)


def test_findings_are_told(account: AccountHandle) -> None:
    account.client().applications.create(voice_url="http://localhost/")
    [exchange] = account.requests.filter(finding="public_url_host")
    assert exchange.findings[0].parameter == "VoiceUrl"
    with pytest.raises(AssertionError, match="section 'Strict mode'"):
        account.assert_no_loose_ends(strict=True)
    account.assert_no_loose_ends(strict=True, allow=["public_url_host"])


def test_an_assertion_that_fails_says_the_same(account: AccountHandle) -> None:
    account.client().applications.create(friendly_name="Phone Me")
    with pytest.raises(AssertionError) as failure:
        account.requests.assert_one(
            "CreateApplication", FriendlyName="Phone Me", VoiceUrl="https://me.example/voice"
        )
    assert normal(failure.value) == NEAR_MISS


def test_a_request_is_waited_for(account: AccountHandle) -> None:
    work = threading.Thread(target=lambda: account.client().applications.create())
    with account.fault("CreateApplication", delay(0.05)):
        work.start()
        began = time.monotonic()
        assert account.requests.wait_for("CreateApplication", timeout=30).status == 201
        assert time.monotonic() - began < 15  # not when the time is over
        work.join()
    with pytest.raises(TimeoutError, match=r"waited 0\.05 s for 3 requests"):
        account.requests.wait_for("CreateApplication", times=3, timeout=0.05)


# twilio-python 9.13 uses what aiohttp 3.14 calls deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_in_a_loop_it_is_awaited(server: TwilioMock) -> None:
    account = in_any_loop(SharedMock(server.url).accounts.create())
    client = account.async_client()
    account.fault("CreateApplication", delay(0.05))
    work = asyncio.create_task(client.applications.create_async())
    began = time.monotonic()
    assert (await account.requests.wait_for("CreateApplication", timeout=30)).status == 201
    assert time.monotonic() - began < 15  # not when the time is over
    await work
    with pytest.raises(TimeoutError):
        await account.requests.wait_for("DeleteApplication", timeout=0.05)
    server.accounts.free(account.sid)


def test_a_fault_hits_and_counts(account: AccountHandle) -> None:
    client = account.client()
    fault = account.fault("CreateApplication", error(20503), times=2, name="down")
    with pytest.raises(TwilioRestException, match="Service is unavailable"):
        client.applications.create()
    assert (fault.matched, fault.fired, fault.left) == (1, 1, 1)
    assert account.faults["down"] is fault
    assert [each.name for each in account.faults] == ["down"]
    assert account.requests[-1].faults == ("down",)
    with pytest.raises(ValueError, match="there is a fault 'down' already"):
        account.fault("ListApplication", error(20503), name="down")
    fault.remove()
    fault.remove()
    assert (len(account.faults), fault.fired) == (0, 1)
    client.applications.create()


def test_a_fault_says_which_requests_it_is_for(account: AccountHandle) -> None:
    one, other = (account.applications.create().sid for _ in range(2))
    client = account.client()
    with account.fault("FetchApplication", error(20503), sid=one, after=1, nth=[1, 3]) as fault:
        client.applications(other).fetch()
        client.applications(one).fetch()
        with pytest.raises(TwilioRestException):
            client.applications(one).fetch()
    assert (fault.matched, fault.fired) == (2, 1)


def test_a_fault_that_never_fired_says_the_same(account: AccountHandle) -> None:
    with pytest.raises(AssertionError) as failure, account.fault("CreateApplication", error(20503)):
        account.client().applications.list()
    assert normal(failure.value) == (
        "twilio_mock: the fault 'error-1' never fired in account AC...\n"
        "  it is error on CreateApplication\n"
        "  of 1 request none matched:\n"
        "    ListApplication: GET /2010-04-01/Accounts/AC.../Applications.json -> 200\n"
        "  if that is as it should be, say may_not_fire=True "
        "(docs/testing.md of twilio_mock, section 'Faults that never fired')"
    )


def test_stubs_lost_answers_and_barriers_work(account: AccountHandle) -> None:
    client = account.client(timeout=20)
    with account.fault("POST Calls.json", respond(201, {"sid": "CA1", "status": "queued"})):
        assert client.calls.create(to="+1", from_="+1", url="https://a.example/").sid == "CA1"
    with (
        account.fault("CreateApplication", lose_response()),
        pytest.raises(requests.ConnectionError),
    ):
        client.applications.create()
    assert len(account.applications) == 1
    with account.fault("ListApplication", barrier(2)):
        both = [threading.Thread(target=client.applications.list) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join(20)
    assert account.requests.count("ListApplication") == 2


def test_a_hang_ends_with_its_fault(account: AccountHandle) -> None:
    answered: list[int] = []
    work = threading.Thread(
        target=lambda: answered.append(len(account.client(timeout=20).applications.list()))
    )
    with account.fault("ListApplication", hang()) as fault:
        work.start()
        while not fault.fired:
            assert not answered
    work.join(20)
    assert answered == [0]


def test_loose_ends_are_found(account: AccountHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug of the mock's")

    account.fault("DeleteApplication", error(20503))
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "perform", broken)
        patch.setattr("twilio_mock.control.faults.staleness.perform_among_faults", broken)
        with pytest.raises(TwilioRestException):
            account.client().applications.create()
    with pytest.raises(AssertionError) as failure:
        account.assert_no_loose_ends()
    text = str(failure.value)
    assert "the mock itself failed on POST" in text
    assert "ZeroDivisionError: a bug of the mock's" in text
    assert "the fault 'error-1' never fired" in text
    account.assert_no_loose_ends()
