"""What a failing test is told, and what fails a test at its end."""

from __future__ import annotations

import re

import pytest

from tests.plugin.conftest import Run
from tests.real_parts import ROOT

FAILS = """
from provision import provision

def test_it(twilio_mock):
    provision("Phone Me", voice_method="GET")
    provision("Phone You")
    assert len(twilio_mock.applications) == 3
"""
STORY = """\
------------- twilio_mock: requests of AC -------------
#1 POST Applications.json -> 201 CreateApplication VoiceMethod='GET', FriendlyName='Phone Me'
#2 POST Applications.json -> 201 CreateApplication FriendlyName='Phone You'
"""

UNWIRED = """
def test_it(twilio_mock):
    assert twilio_mock.applications.one()
"""

STRANGER = """
from twilio.rest import Client

OTHERS = []

def test_first(twilio_mock):
    OTHERS.append(twilio_mock.client())

def test_it(twilio_mock):
    nobody, mistyped = Client("AC" + "9" * 32, "secret-token"), Client(password="wrong-token")
    for client in (nobody, mistyped, *OTHERS):
        try:
            client.applications.create()
        except Exception:
            pass
    assert len(twilio_mock.applications) == 1
"""
PATH = "/Applications.json -> 401 (code 20003)"
STRANGERS_STORY = f"""\
No request came to AC-own.
Refused for their credentials; this test has AC-own:
  #1 POST /2010-04-01/Accounts/AC-nines{PATH}: AC-nines is not known here
  #2 POST /2010-04-01/Accounts/AC-own{PATH}: AC-own is known, but not with this password, or not \
for this account
  #3 POST /2010-04-01/Accounts/AC-first{PATH}: AC-first was the account of test_it.py::test_first, \
which has ended
The fixture `twilio_mock` sets TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Code that has its
credentials from elsewhere gets them known by the fixture `twilio_mock_settings`:
    return {{"account_sid": "AC...", "auth_token": "..."}}
(docs/testing.md of twilio_mock, section 'Credentials that nobody knows')
"""

BREAKS_THE_MOCK = """
import pytest
from twilio.base.exceptions import TwilioRestException
from provision import provision
from twilio_mock import dispatch

def broken(*_):
    raise ZeroDivisionError("a bug of the mock's")

def test_it(twilio_mock, monkeypatch):
    monkeypatch.setattr(dispatch, "perform", broken)
    with pytest.raises(TwilioRestException):
        provision("Phone Me")
"""

UNREAD = """
from twilio.rest import Client

def call(account):
    application = account.applications.create(voice_url="http://127.0.0.1:9/voice")
    number = account.incoming_phone_numbers.create(
        phone_number="+14155550100", voice_application_sid=application.sid
    )
    return account.incoming_call(number.phone_number)

def test_unread(twilio_mock):
    call(twilio_mock)

def test_read(twilio_mock):
    assert call(twilio_mock).error_code == 11202

def test_read_in_the_log(twilio_mock):
    call(twilio_mock)
    assert twilio_mock.webhooks[-1].attempts[0].error_code == 11202
"""

IDLE_FAULT = """
def test_it(twilio_mock):
    twilio_mock.webhooks.drop("voice_url")
"""

IDLE_FAULTS = """
import pytest
from provision import provision
from twilio_mock import error

def test_never_fired(twilio_mock):
    twilio_mock.fault("DeleteApplication", error(20503))
    provision("Phone Me")

def test_may_not_fire(twilio_mock):
    twilio_mock.fault("DeleteApplication", error(20503), may_not_fire=True)

def test_fired(twilio_mock):
    twilio_mock.fault("CreateApplication", error(20503))
    with pytest.raises(Exception):
        provision("Phone Me")

def test_its_predicate_is_broken(twilio_mock):
    twilio_mock.fault("CreateApplication", error(20503), when=lambda asked: 1 / 0)
    with pytest.raises(Exception):
        provision("Phone Me")
"""

ASSERTED = """
import pytest

def test_it(twilio_mock):
    twilio_mock.webhooks.drop("voice_url")
    with pytest.raises(AssertionError, match="the webhook fault drop on voice_url never hit"):
        twilio_mock.assert_no_loose_ends()
    twilio_mock.assert_no_loose_ends()
"""


def normal(text: str) -> str:
    """A report without what differs from run to run."""
    text = text.replace("9" * 32, "-nines")
    sids = list(dict.fromkeys(re.findall(r"AC[0-9a-f]{32}", text)))
    for sid in sids:
        text = text.replace(sid, "AC")
    return re.sub(r"-{2,} (twilio_mock: .*?) -{2,}", r"------------- \1 -------------", text)


def test_a_failing_test_shows_the_requests_of_its_account(run: Run) -> None:
    assert STORY in normal(run(FAILS).stdout.str())


def test_a_passing_test_shows_nothing(run: Run) -> None:
    text = run(FAILS.replace("== 3", "== 2"), "-rA").stdout.str()
    assert "requests of" not in text


def test_a_failing_test_without_requests_says_so(run: Run) -> None:
    run(UNWIRED).stdout.re_match_lines([r"No request came to AC[0-9a-f]{32}\."])


def test_credentials_that_nobody_knows_are_explained_without_the_password(run: Run) -> None:
    text = run(STRANGER).stdout.str()
    own, first = re.findall(r"requests of (AC\w{32})|(AC\w{32}) was the", text)
    text = text.replace(own[0], "AC-own").replace(first[1], "AC-first")
    text = text.replace("9" * 32, "-nines")
    assert STRANGERS_STORY in text
    story = text.partition("No request came")[2]
    assert "secret-token" not in story
    assert "wrong-token" not in story


def test_an_exception_inside_the_mock_fails_the_test_at_its_end(run: Run) -> None:
    result = run(BREAKS_THE_MOCK)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines(
        [
            r"twilio_mock: this test leaves behind:",
            r"\* the mock itself failed on POST /2010-04-01/Accounts/AC\w+/Applications.json.*",
            r".*ZeroDivisionError: a bug of the mock's",
            r".*\(docs/testing.md of twilio_mock, section 'Errors inside the mock'\)",
        ]
    )


def test_a_webhook_that_failed_unnoticed_fails_the_test_at_its_end(run: Run) -> None:
    result = run(UNREAD)
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.re_match_lines(
        [
            r"\* incoming_call CA\w{32} failed, and the test never looked: <voice_url POST "
            r"http://127.0.0.1:9/voice: 11202: .*> \(docs/testing.md of twilio_mock, section "
            r"'Webhooks that failed unnoticed'\)"
        ]
    )


def test_a_webhook_fault_that_never_hit_fails_the_test_at_its_end(run: Run) -> None:
    result = run(IDLE_FAULT)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["* the webhook fault drop on voice_url never hit a request (*'Faults that never fired')"]
    )


def test_a_fault_that_never_fired_fails_the_test_at_its_end(run: Run) -> None:
    result = run(IDLE_FAULTS)
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.re_match_lines(
        [
            r"\* the fault 'error-1' never fired in account AC\w{32}",
            r"  it is error on DeleteApplication",
            r"  of 1 request none matched:",
            r"    CreateApplication: POST .* -> 201",
            r"  if that is as it should be, say may_not_fire=True .*'Faults that never fired'\)",
        ]
    )
    result.stdout.fnmatch_lines(["* the predicate of the fault 'error-1' raised ZeroDivision*"])


def test_what_was_asserted_inside_the_test_does_not_fail_it_at_its_end(run: Run) -> None:
    run(ASSERTED).assert_outcomes(passed=1)


def test_a_test_that_fails_is_not_failed_again_at_its_end(run: Run) -> None:
    result = run(IDLE_FAULT + "    assert False\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["* the webhook fault drop on voice_url never hit a request *"])


def sections_named() -> set[str]:
    """The sections of docs/testing.md that messages name, in the sources."""
    text = "".join(path.read_text() for path in sorted((ROOT / "twilio_mock").rglob("*.py")))
    ends = re.findall(r"LooseEnd\(.*, \"(.*?)\"\)", text)
    quoted = re.findall(r"(?:section|\{ADVICE\})[\s\"f]+'([^'{]+)'", text)
    helped = re.findall(r"helped_by\([\"'](.*?)[\"']\)", text)
    return {*ends, *quoted, *helped}


def test_every_section_that_a_message_names_is_there() -> None:
    headings = re.findall(r"^#+ (.*)$", (ROOT / "docs" / "testing.md").read_text(), re.MULTILINE)
    assert len(sections_named()) >= 7
    assert sections_named() <= set(headings)


@pytest.mark.parametrize("phase", ["set-up", "tear-down"])
def test_the_story_is_told_for_the_other_phases_too(run: Run, phase: str) -> None:
    fixture = "\n    ".join(["provision('Phone Me')", "raise ZeroDivisionError"])
    if phase == "tear-down":
        fixture = f"yield\n    {fixture}"
    text = f"""
import pytest
from provision import provision

@pytest.fixture
def broken(twilio_mock):
    {fixture}

def test_it(broken): ...
"""
    run(text).stdout.fnmatch_lines(["#1 POST Applications.json -> 201 CreateApplication *"])
