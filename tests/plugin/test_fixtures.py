"""The fixtures: a fresh account for every test, and the untouched application talks to it."""

from __future__ import annotations

from tests.plugin.conftest import Run

ISOLATED = """
import os
import pytest
from provision import provision
from twilio.rest import Client

@pytest.mark.parametrize("number", range(3))
def test_each_test_has_an_account_of_its_own(twilio_mock, number):
    assert len(twilio_mock.applications) == 0
    sid = provision("Phone Me")
    assert twilio_mock.applications.one(friendly_name="Phone Me").sid == sid
    assert os.environ["TWILIO_ACCOUNT_SID"] == twilio_mock.sid
    assert os.environ["TWILIO_AUTH_TOKEN"] == twilio_mock.auth_token

def test_without_the_fixture_nothing_is_changed():
    assert "TWILIO_ACCOUNT_SID" not in os.environ
    assert not hasattr(Client.get_hostname, "__wrapped__")
"""

ONE_SERVER = """
urls, sids = set(), set()

def test_first(twilio_mock, twilio_mock_server):
    urls.add(twilio_mock.url)
    sids.add(twilio_mock.sid)
    assert twilio_mock in list(twilio_mock_server.accounts)

def test_second(twilio_mock, twilio_mock_server):
    urls.add(twilio_mock.url)
    assert len(urls) == 1
    assert not sids & set(twilio_mock_server.accounts.sids()), "the first account was not freed"
    assert len(twilio_mock_server.accounts) == 1
    twilio_mock_server.accounts.free(twilio_mock)  # the test may do it itself
"""

TWO_FACES = """
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
import pytest

@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_both_faces_are_one_account(async_twilio_mock, twilio_mock, twilio_client):
    assert async_twilio_mock.sid == twilio_mock.sid == twilio_client.username
    client = Client(http_client=AsyncTwilioHttpClient(pool_connections=False))
    application = await client.applications.create_async()
    assert application.sid in async_twilio_mock.applications
    assert twilio_client.applications(application.sid).fetch().sid == application.sid
"""

OWN_CREDENTIALS = """
from twilio.rest import Client

CREDENTIALS = ("AC" + "5" * 32, "a-token-of-its-own")

def test_code_with_credentials_of_its_own(twilio_mock):
    Client(*CREDENTIALS).applications.create()
    assert len(twilio_mock.applications) == 1

def test_still_gets_a_fresh_account(twilio_mock):
    assert twilio_mock.sid == CREDENTIALS[0]
    assert len(twilio_mock.applications) == 0
"""
GIVES_CREDENTIALS = """
import pytest

@pytest.fixture
def twilio_mock_settings():
    return {"account_sid": "AC" + "5" * 32, "auth_token": "a-token-of-its-own"}
"""

LIMITED = """
import pytest
from provision import provision
from twilio.base.exceptions import TwilioRestException

class TestSmall:
    @pytest.fixture
    def twilio_mock_settings(self):
        return {"application_limit": 1}

    @pytest.mark.parametrize("number", range(2))
    def test_the_limit_holds(self, twilio_mock, number):
        provision("one")
        with pytest.raises(TwilioRestException) as refused:
            provision("two")
        assert refused.value.code == 21301

def test_elsewhere_it_does_not(twilio_mock):
    provision("one"), provision("two")
"""

WRONG_SETTINGS = """
import pytest

@pytest.fixture
def twilio_mock_settings():
    return {"application_limits": 1}

def test_it(twilio_mock): ...
"""


FREED = """
import gc
from provision import provision
from twilio_mock.state import Account

sids = []

def test_first(twilio_mock):
    provision("Phone Me")
    sids.append(twilio_mock.sid)

def test_second(twilio_mock):
    gc.collect()
    held = [each.sid for each in gc.get_objects() if isinstance(each, Account)]
    assert twilio_mock.sid in held
    assert sids[0] not in held
"""


def test_nothing_is_kept_of_an_account_when_its_test_has_ended(run: Run) -> None:
    run(FREED).assert_outcomes(passed=2)


def test_each_test_gets_a_fresh_account_and_leaves_nothing_behind(run: Run) -> None:
    run(ISOLATED).assert_outcomes(passed=4)


def test_tests_share_one_server_and_free_their_accounts(run: Run) -> None:
    run(ONE_SERVER).assert_outcomes(passed=2)


def test_both_faces_and_the_client_belong_to_one_account(run: Run) -> None:
    run(TWO_FACES, ini="asyncio_mode = auto").assert_outcomes(passed=1)


def test_code_with_fixed_credentials_gets_a_fresh_account_under_them(run: Run) -> None:
    run(OWN_CREDENTIALS, conftest=GIVES_CREDENTIALS).assert_outcomes(passed=2)


def test_other_settings_hold_where_they_are_given_and_nowhere_else(run: Run) -> None:
    run(LIMITED).assert_outcomes(passed=3)


def test_a_setting_that_does_not_exist_is_refused_with_a_list(run: Run) -> None:
    result = run(WRONG_SETTINGS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*application_limits*there are: account_sid, auth_token, *"])
