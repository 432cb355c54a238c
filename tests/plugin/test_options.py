"""Options in the ini file and on the command line, and the marker."""

from __future__ import annotations

import re

import pytest

from tests.plugin.conftest import Run
from tests.real_parts import ROOT
from twilio_mock.pytest_plugin.options import OPTIONS

NOTHING = "def test_it(twilio_mock): ...\n"

WITHOUT_A_SOCKET = """
import pytest
from provision import provision

def test_it(twilio_mock):
    assert provision("Phone Me") in twilio_mock.applications
    with pytest.raises(RuntimeError):
        twilio_mock.url
"""

SEEDED = """
import pytest
from provision import provision

def test_seeded(twilio_mock):
    print("SIDS", twilio_mock.sid, provision("Phone Me"))
"""

ALLOWED = """
import pytest
from twilio.rest import Client
from twilio_mock import EscapedRequest
from twilio_mock.serving.redirection import REDIRECTION

def allowed():
    return REDIRECTION._targets[-1].allowed

@pytest.mark.twilio_mock(allow=["verify.twilio.com"])
class TestMarked:
    def test_of_the_class(self, twilio_mock):
        assert allowed() == {"verify.twilio.com"}

    @pytest.mark.twilio_mock(allow=["video.twilio.com"])
    def test_the_closest_marker_wins(self, twilio_mock):
        assert allowed() == {"video.twilio.com"}

    @pytest.mark.twilio_mock(seed="any text")
    def test_what_it_does_not_say_is_asked_of_the_next(self, twilio_mock):
        assert allowed() == {"verify.twilio.com"}

def test_unmarked(twilio_mock):
    assert allowed() == {"lookups.twilio.com"}
"""

ACCOUNTS = """
import pytest
from twilio.rest import Client

SHOP = "AC" + "7" * 32

@pytest.mark.twilio_mock(accounts={SHOP: "shop-token"})
def test_a_second_account(twilio_mock, twilio_mock_server):
    Client(SHOP, "shop-token").applications.create()
    assert len(twilio_mock_server.accounts[SHOP].applications) == 1
    assert len(twilio_mock.applications) == 0

def test_it_is_gone(twilio_mock, twilio_mock_server):
    assert SHOP not in twilio_mock_server.accounts
"""

FAULTY = """
import pytest
from provision import provision
from twilio.base.exceptions import TwilioRestException
from twilio_mock import error

@pytest.mark.twilio_mock(faults={"CreateApplication": error(20503)})
class TestFaulty:
    def test_it_fails(self, twilio_mock):
        with pytest.raises(TwilioRestException) as failed:
            provision("Phone Me")
        assert failed.value.code == 20503

    def test_it_never_fires(self, twilio_mock): ...

@pytest.mark.twilio_mock(faults={"MakeTea": error(20503)})
def test_no_such_operation(twilio_mock): ...
"""


def test_there_are_six_options_and_each_is_documented() -> None:
    text = (ROOT / "docs" / "testing.md").read_text()
    assert len(OPTIONS) <= 6
    assert [each.ini for each in OPTIONS.values() if f"| `{each.ini}` |" not in text] == []


def test_the_help_shows_them_in_a_group_as_flags_and_for_the_ini_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_MOCK_CONTROL_TOKEN", "a-token-that-is-set")
    text = run(NOTHING, "--help").stdout.str()
    group = text.partition("\ntwilio_mock: Twilio's Applications API for tests:\n")[2]
    flags = re.findall(r"^  (--[\w-]+)", group.partition("\n\n")[0], re.MULTILINE)
    assert flags == [each.flag for each in OPTIONS.values()]
    in_files = re.findall(r"^  (twilio_mock_\w+) ", text, re.MULTILINE)
    assert in_files == [each.ini for each in OPTIONS.values()]
    assert "a-token-that-is-set" not in text


@pytest.mark.parametrize("how", ["ini", "flag"])
def test_in_process_no_socket_is_needed(run: Run, how: str) -> None:
    ini = "twilio_mock_transport = in_process" if how == "ini" else ""
    flags = [] if how == "ini" else ["--twilio-mock-transport=in_process"]
    run(WITHOUT_A_SOCKET, *flags, ini=ini).assert_outcomes(passed=1)


def test_in_process_goes_together_with_disabled_sockets(run: Run) -> None:
    ini = "twilio_mock_transport = in_process"
    run(WITHOUT_A_SOCKET, "--disable-socket", ini=ini).assert_outcomes(passed=1)


def test_where_sockets_are_disabled_the_error_names_the_option(run: Run) -> None:
    result = run(NOTHING, "--disable-socket")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*set `twilio_mock_transport = in_process` in pytest's ini*"])


@pytest.mark.parametrize("how", ["ini", "flag"])
def test_a_seed_gives_the_same_sids_in_every_run(run: Run, how: str) -> None:
    ini = "twilio_mock_seed = any text" if how == "ini" else ""
    flags = ["-rP"] if how == "ini" else ["-rP", "--twilio-mock-seed=any text"]
    lines = [
        [line for line in run(SEEDED, *flags, ini=ini).outlines if line.startswith("SIDS")]
        for _ in range(2)
    ]
    assert lines[0] == lines[1] != []


def test_the_closest_marker_wins_over_the_ini_file(run: Run) -> None:
    run(ALLOWED, ini="twilio_mock_allow = lookups.twilio.com").assert_outcomes(passed=4)


def test_the_flag_wins_over_the_ini_file(run: Run) -> None:
    ini = "twilio_mock_allow = studio.twilio.com"
    flags = ["--twilio-mock-allow=lookups.twilio.com", "-k", "unmarked"]
    run(ALLOWED, *flags, ini=ini).assert_outcomes(passed=1, deselected=3)


def test_the_marker_sets_faults_which_have_to_fire(run: Run) -> None:
    result = run(FAULTY)
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(
        [
            "* the fault 'error-1' never fired in account *",
            "  it is error on CreateApplication",
            "twilio_mock: no operation is named 'MakeTea'; there are: *",
        ]
    )


def test_the_marker_opens_further_accounts(run: Run) -> None:
    run(ACCOUNTS).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (
            "allow='page_value'",
            "the marker twilio_mock: allow: allow takes several names: all",
        ),
        ("accounts=['AC1']", "accounts is a mapping of AccountSids to auth tokens, not ['AC1']"),
        ("faults=['*']", 'faults is a mapping of what is hit to what goes wrong, as {"CreateApp'),
        ("alow=['x']", "the marker twilio_mock has no 'alow'; did you mean allow?"),
        (
            "colour=1",
            "the marker twilio_mock has no 'colour'; there are: accounts, allow, faults, seed",
        ),
        ("'seed'", "takes names only, such as seed='any text', not 'seed'"),
    ],
)
def test_a_marker_that_says_nothing_known_is_a_usage_error(
    run: Run, marker: str, message: str
) -> None:
    result = run(f"import pytest\n@pytest.mark.twilio_mock({marker})\n{NOTHING}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str() + result.stdout.str()


def test_a_value_that_is_none_is_a_usage_error(run: Run) -> None:
    result = run(NOTHING, ini="twilio_mock_transport = pipe")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "twilio_mock_transport is one of socket, in_process; not 'pipe'" in result.stderr.str()


def test_the_plugin_can_be_left_out(run: Run) -> None:
    result = run(NOTHING, "-p", "no:twilio_mock")
    result.stdout.fnmatch_lines(["*fixture 'twilio_mock' not found*"])
