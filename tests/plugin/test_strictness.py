"""Strict mode: off, warn or error, over what the mock remarks on requests."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Run
from twilio_mock import Exchange, TwilioMock
from twilio_mock.control.loose_ends import findings
from twilio_mock.pytest_plugin.options import check_value
from twilio_mock.rules import MISTAKES, RULES, Finding

MISTAKEN = """
import pytest
from twilio.rest import Client

def send(**parameters):
    client = Client()
    root = f"https://api.twilio.com/2010-04-01/Accounts/{client.username}"
    client.request("POST", f"{root}/Applications.json", data=parameters)

def test_it(twilio_mock):
    send(VoiceURL="https://me.example/voice")
    send(VoiceURL="https://me.example/other")
"""
SUSPECT = MISTAKEN.replace("VoiceURL", "VoiceUrl").replace("me.example", "localhost")
UNKNOWN = (
    "CreateApplication: 'VoiceURL' is no parameter of CreateApplication: did you mean 'VoiceUrl'? "
    "[[]unknown_parameter] (docs/testing.md of twilio_mock, section 'Strict mode')"
)

# The runs inside make errors of all warnings.
AS_A_WARNING = ["-W", "default::twilio_mock.TwilioMockWarning"]


def test_a_mistake_is_a_warning_once(run: Run) -> None:
    result = run(MISTAKEN, *AS_A_WARNING)
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines([f"*TwilioMockWarning: twilio_mock: {UNKNOWN}"])


def test_the_warning_can_be_made_an_error(run: Run) -> None:
    result = run(MISTAKEN, "-W", "error::twilio_mock.TwilioMockWarning")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*TwilioMockWarning: twilio_mock: {UNKNOWN}"])


def test_what_is_only_suspected_is_no_warning(run: Run) -> None:
    run(SUSPECT).assert_outcomes(passed=1, warnings=0)


@pytest.mark.parametrize("text", [MISTAKEN, SUSPECT], ids=["mistaken", "suspect"])
def test_strictness_can_be_switched_off(run: Run, text: str) -> None:
    run(text, ini="twilio_mock_strict = off").assert_outcomes(passed=1, warnings=0)


@pytest.mark.parametrize(
    ("text", "finding"),
    [(MISTAKEN, UNKNOWN), (SUSPECT, "CreateApplication: Twilio may refuse this with 21402:*")],
    ids=["mistaken", "suspect"],
)
def test_errors_fail_the_test_for_both_at_its_end(run: Run, text: str, finding: str) -> None:
    result = run(text, "--twilio-mock-strict=error")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["twilio_mock: this test leaves behind:", f"[*] {finding}"])


@pytest.mark.parametrize("host", ["localhost", "intranet", "127.0.0.1", "my_host.example.com"])
def test_a_host_that_twilio_may_refuse_is_an_error_and_can_be_allowed(run: Run, host: str) -> None:
    text = SUSPECT.replace("localhost", host)
    assert host in text
    run(text, "--twilio-mock-strict=error").assert_outcomes(passed=1, errors=1)
    flags = ["--twilio-mock-strict=error", "--twilio-mock-allow=public_url_host"]
    run(text, *flags).assert_outcomes(passed=1)


@pytest.mark.parametrize("name", sorted(MISTAKES.keys() | RULES.keys()))
def test_every_finding_has_a_name_by_which_it_is_let_pass(name: str) -> None:
    account = TwilioMock().account._account
    exchange = Exchange(
        *(account.sid, None, None, "GET", "/", "", (), 200, None, b"", ()),
        *((Finding(name, None, "said"),), (), (), (), "RQ1", 0.0, 0.0),
    )
    account.journal.add((tuple(exchange), (), 0))
    assert len(findings(account, suspected=True)) == 1
    assert findings(account, suspected=True, allowed=[name]) == []
    check_value("twilio_mock_allow", "allow", [name])


def test_a_finding_can_be_allowed_by_name(run: Run) -> None:
    ini = "twilio_mock_strict = error\ntwilio_mock_allow = public_url_host lookups.twilio.com"
    run(SUSPECT, ini=ini).assert_outcomes(passed=1)
    run(MISTAKEN, ini=ini).assert_outcomes(passed=1, errors=1)


def test_the_marker_says_it_for_one_test(run: Run) -> None:
    marker = "@pytest.mark.twilio_mock(strict='error')\n"
    marked = MISTAKEN.replace("def test_it", f"{marker}def test_it")
    run(marked).assert_outcomes(passed=1, errors=1)
    allowed = marked.replace("strict='error'", "strict='error', allow=['unknown_parameter']")
    run(allowed).assert_outcomes(passed=1)


def test_findings_can_be_asserted_inside_the_test(run: Run) -> None:
    inside = """
    with pytest.raises(AssertionError, match="did you mean 'VoiceUrl'"):
        twilio_mock.assert_no_loose_ends(strict=True)
    twilio_mock.assert_no_loose_ends(strict=True, allow=["unknown_parameter"])
"""
    run(MISTAKEN + inside, "--twilio-mock-strict=error").assert_outcomes(passed=1)


def test_findings_of_a_subaccount_count(run: Run) -> None:
    text = MISTAKEN.replace("client = Client()", "client = Client(*SUB)").replace(
        "def test_it(twilio_mock):\n",
        "def test_it(twilio_mock):\n    global SUB\n    sub = twilio_mock.subaccounts.create()\n"
        "    SUB = sub.sid, sub.auth_token\n",
    )
    run(text, *AS_A_WARNING).assert_outcomes(passed=1, warnings=1)


@pytest.mark.parametrize(
    ("ini", "message"),
    [
        ("twilio_mock_strict = eror", "twilio_mock_strict is one of off, warn, error; not 'eror'"),
        (
            "twilio_mock_allow = unknown_paramter",
            "there is no finding 'unknown_paramter'; did you mean unknown_parameter?",
        ),
    ],
)
def test_a_word_that_does_not_exist_is_a_usage_error(run: Run, ini: str, message: str) -> None:
    result = run(MISTAKEN, ini=ini)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()
