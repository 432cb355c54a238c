"""Requests that would have escaped unnoticed, and where the traceback of a complaint ends."""

from __future__ import annotations

import re

from tests.plugin.conftest import Run

SWALLOWED = """
import pytest
from twilio.rest import Client
from twilio_mock import EscapedRequest

def look_up(client):
    return client.lookups.v2.phone_numbers("+14155550100").fetch()

def look_up_if_possible(client):
    try:
        return look_up(client)
    except Exception:
        pass

def test_swallowed(twilio_mock):
    look_up_if_possible(Client())

def test_swallowed_with_credentials_of_nobody(twilio_mock):
    look_up_if_possible(Client("AC" + "9" * 32, "nobody's"))

def test_expected(twilio_mock):
    with pytest.raises(EscapedRequest):
        look_up(Client())

def test_read(twilio_mock):
    look_up_if_possible(Client())
    [escape] = twilio_mock.escaped_requests
    assert escape.host == "lookups.twilio.com"

def test_asserted(twilio_mock):
    look_up_if_possible(Client())
    with pytest.raises(AssertionError, match="a request to lookups.twilio.com was stopped"):
        twilio_mock.assert_no_loose_ends()

async def test_swallowed_in_a_loop(async_twilio_mock):
    look_up_if_possible(Client())

def test_the_next_test_is_not_blamed(twilio_mock): ...
"""
SWALLOWED_TOLD = """\
twilio_mock: this test leaves behind:
* a request to lookups.twilio.com was stopped, and look_up_if_possible (test_it.py) kept that from \
the test. Stub that call, or allow it by name: allow=['lookups.twilio.com'] (docs/testing.md of \
twilio_mock, section 'Requests that would escape')
"""

COMPLAINTS = """
from twilio.rest import Client
from twilio_mock import error

def test_one(twilio_mock):
    twilio_mock.applications.one(friendly_name="Phone Me")

def test_by_sid(twilio_mock):
    twilio_mock.applications["AP1"]

def test_record(twilio_mock):
    application = twilio_mock.applications.create()
    Client().applications(application.sid).delete()
    application.friendly_name

def test_refused_seed(twilio_mock):
    twilio_mock.applications.create(voice_method="PUT")

def test_request(twilio_mock):
    twilio_mock.requests.assert_one("CreateApplication")

def test_sequence(twilio_mock):
    twilio_mock.requests.assert_sequence("CreateApplication")

def test_waited(twilio_mock):
    twilio_mock.requests.wait_for("CreateApplication", timeout=0.01)

def test_fault(twilio_mock):
    with twilio_mock.fault("CreateApplication", error(20503)):
        pass

def test_webhook_fault(twilio_mock):
    with twilio_mock.webhooks.drop():
        pass

def test_loose_ends(twilio_mock):
    twilio_mock.fault("CreateApplication", error(20503))
    twilio_mock.assert_no_loose_ends()

def test_idempotent(twilio_mock):
    twilio_mock.assert_idempotent(twilio_mock.applications.create)

def test_escaped(twilio_mock):
    Client().lookups.v2.phone_numbers("+14155550100").fetch()
"""


INSIDE = """
import pytest
from provision import provision
from twilio.base.exceptions import TwilioRestException
from twilio_mock import dispatch, error

def told(account):
    with pytest.raises(AssertionError) as failure:
        account.assert_no_loose_ends()
    account.assert_no_loose_ends()  # once
    print("TOLD", str(failure.value).replace(account.sid, "AC..."))

def test_a_fault(twilio_mock):
    twilio_mock.fault("DeleteApplication", error(20503))
    provision("Phone Me")
    told(twilio_mock)

def test_a_webhook_fault(twilio_mock):
    twilio_mock.webhooks.drop("voice_url")
    told(twilio_mock)

def test_a_webhook(twilio_mock):
    application = twilio_mock.applications.create(voice_url="http://127.0.0.1:9/voice")
    call = application.incoming_call()
    print("CALL", call.sid)
    told(twilio_mock)

def test_a_crash(twilio_mock, monkeypatch):
    monkeypatch.setattr(dispatch, "perform", lambda task: 1 / 0)
    with pytest.raises(TwilioRestException):
        provision("Phone Me")
    told(twilio_mock)
"""
TOLD_INSIDE = [
    """\
* the fault 'error-1' never fired in account AC...
  it is error on DeleteApplication
  of 1 request none matched:
    CreateApplication: POST /2010-04-01/Accounts/AC.../Applications.json -> 201
  if that is as it should be, say may_not_fire=True (docs/testing.md of twilio_mock, section \
'Faults that never fired')
""",
    """\
* the webhook fault drop on voice_url never hit a request (docs/testing.md of twilio_mock, section \
'Faults that never fired')
""",
    """\
* incoming_call CA... failed, and the test never looked: <voice_url POST \
http://127.0.0.1:9/voice: 11202: the connection was refused> (docs/testing.md of twilio_mock, \
section 'Webhooks that failed unnoticed')
""",
]


def test_each_loose_end_can_be_asserted_inside_the_test(run: Run) -> None:
    result = run(INSIDE, "-rP")
    result.assert_outcomes(passed=4)
    text = re.sub(r"CA[0-9a-f]{32} failed", "CA... failed", result.stdout.str())
    head = "TOLD twilio_mock: this test leaves behind:\n"
    assert [each for each in TOLD_INSIDE if head + each not in text] == []
    crash = text.partition("* the mock itself failed on POST /2010-04-01/Accounts/AC...")[2]
    assert re.search(r"ZeroDivisionError: .*\n.*section 'Errors inside the mock'\)", crash)


def test_an_escaped_request_that_was_swallowed_fails_the_test_at_its_end(run: Run) -> None:
    result = run(SWALLOWED, ini="asyncio_mode = auto")
    result.assert_outcomes(passed=7, errors=3)
    assert result.stdout.str().count(SWALLOWED_TOLD) == 3


def test_the_traceback_of_a_complaint_ends_in_the_test_itself(run: Run) -> None:
    result = run(COMPLAINTS)
    result.assert_outcomes(failed=12)
    text = result.stdout.str()
    assert len(re.findall(r"^test_it\.py:\d+: (?!in )\w+", text, re.MULTILINE)) == 11
    assert re.findall(r"^\S*twilio_mock/\S*\.py:\d+.*", text, re.MULTILINE) == []
