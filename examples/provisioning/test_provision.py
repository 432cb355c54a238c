"""The script is tested as it is: it makes its own client, and talks to the mock."""

import pytest
import requests
from provision import provision
from twilio.base.exceptions import TwilioRestException

from twilio_mock import AccountHandle, hang_up, lose_response, too_many_requests

URL = "https://me.example/voice"


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that the script makes, which take no time here."""
    made: list[float] = []
    monkeypatch.setattr("provision.time.sleep", made.append)
    return made


def test_an_application_is_made(twilio_mock: AccountHandle) -> None:
    sid = provision("Phone Me", URL)
    application = twilio_mock.applications.one(friendly_name="Phone Me")
    assert (application.sid, application.voice_url) == (sid, URL)


def test_a_second_run_changes_nothing(twilio_mock: AccountHandle) -> None:
    twilio_mock.assert_idempotent(lambda: provision("Phone Me", URL))
    twilio_mock.requests.assert_one("CreateApplication", FriendlyName="Phone Me")
    twilio_mock.requests.assert_none("UpdateApplication")


def test_another_url_is_brought_up_to_date(twilio_mock: AccountHandle) -> None:
    application = twilio_mock.applications.create(friendly_name="Phone Me", voice_url=URL)
    other = twilio_mock.applications.create(friendly_name="Phone You", voice_url=URL)
    assert provision("Phone Me", "https://me.example/new") == application.sid
    assert (application.voice_url, other.voice_url) == ("https://me.example/new", URL)


def test_two_of_one_name_are_left_alone(twilio_mock: AccountHandle) -> None:
    for _ in range(2):
        twilio_mock.applications.create(friendly_name="Phone Me")
    with pytest.raises(LookupError):
        provision("Phone Me", URL)


def test_a_lost_answer_makes_no_second_application(
    twilio_mock: AccountHandle, pauses: list[float]
) -> None:
    with twilio_mock.fault("CreateApplication", lose_response(), times=1):
        provision("Phone Me", URL)
    assert len(twilio_mock.applications) == 1
    assert pauses == [1]


def test_it_waits_longer_each_time_while_twilio_is_busy(
    twilio_mock: AccountHandle, pauses: list[float]
) -> None:
    with twilio_mock.fault("CreateApplication", too_many_requests(), times=2):
        provision("Phone Me", URL)
    assert pauses == [1, 2]


def test_it_gives_up_in_the_end(twilio_mock: AccountHandle, pauses: list[float]) -> None:
    with twilio_mock.fault("ListApplication", hang_up()), pytest.raises(requests.ConnectionError):
        provision("Phone Me", URL)
    assert pauses == [1, 2, 4]


def test_a_refusal_is_no_reason_to_try_again(
    twilio_mock: AccountHandle, pauses: list[float]
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        provision("Phone Me", "me.example/voice")
    assert refused.value.code == 21402
    assert pauses == []
