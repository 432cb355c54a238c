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
