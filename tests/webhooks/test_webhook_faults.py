"""What goes wrong on a webhook's way: lost, doubled, delayed, late; and the log of it all."""

from __future__ import annotations

import time

import pytest

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Endpoint, say
from twilio_mock import TwilioMock
from twilio_mock.settings import Settings

TOKEN = "I-Twilio-Idempotency-Token"


def test_a_dropped_request_is_a_time_out_without_the_wait(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")),
        voice_fallback_url=endpoint.at("/fallback", say("We are closed.")),
    )
    with face.mock.webhooks.drop(on="voice_url") as fault:
        delivery = face(lambda: app.incoming_call())
    assert [attempt.error_code for attempt in delivery.attempts] == [11203, None]
    assert [asked.path for asked in endpoint.asked] == ["/fallback"]
    assert fault.hits == 1
    with pytest.raises(LookupError, match="nothing was sent to voice_url: a webhook fault"):
        _ = delivery.attempts[0].request


def test_a_dropped_status_callback_never_comes(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), status_callback=endpoint.at("/status")
    )
    delivery = face(lambda: app.incoming_call())
    with face.mock.webhooks.drop(on="status_callback"):
        face(delivery.hang_up)
    assert [asked.path for asked in endpoint.asked] == ["/voice"]
    assert [each.error_code for each in delivery.status_callbacks] == [11203]


def test_a_duplicate_has_the_same_token_and_is_not_judged(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("First"), say("Second"))
    )
    with face.mock.webhooks.duplicate():
        delivery = face(lambda: app.incoming_call())
    first, second = endpoint.asked
    assert first == second
    assert first.headers[TOKEN] == second.headers[TOKEN]
    assert delivery.twiml.find("Say").text == "First"
    assert [hop.why for hop in delivery.attempts[0].hops] == ["asked", "duplicated"]


def test_a_delay_takes_real_time(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    started = time.perf_counter()
    with face.mock.webhooks.delay(0.05):
        face(lambda: app.incoming_call())
    assert time.perf_counter() - started > 0.04
    assert len(endpoint.asked) == 1


def test_a_delay_holds_up_an_application_in_process_too(face: Face) -> None:
    def application(environ: object, start: object) -> list[bytes]:
        start("204 No Content", [])  # type: ignore[operator]
        return []

    app = face.mock.applications.create(sms_url="https://me.example/sms")
    with face.mock.webhooks.delay(0.05):
        started = time.perf_counter()
        face(lambda: app.incoming_message(deliver_to=application))
        assert time.perf_counter() - started > 0.04
    with face.mock.webhooks.hold():
        held = face(lambda: app.incoming_message(deliver_to=application))
    assert held.held
    assert not face(held.release).held


def test_a_held_request_comes_late_even_after_its_application_was_deleted(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    with face.mock.webhooks.hold():
        delivery = face(lambda: app.incoming_call())
    assert delivery.held
    assert endpoint.asked == []
    with pytest.raises(RuntimeError, match="a fault holds this delivery"):
        _ = delivery.attempts
    face.mock.account.client(in_process=True).applications(app.sid).delete()
    face(delivery.release)
    assert not delivery.held
    assert dict(endpoint.asked[0].form)["ApplicationSid"] == app.sid
    assert [event.name for event in delivery.events] == ["ringing", "asked", "fault", "answered"]
    with pytest.raises(RuntimeError, match="this delivery is not held"):
        delivery.release()


def test_a_fault_hits_as_often_as_it_says(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    fault = face.mock.webhooks.drop(times=2)
    codes = [face(lambda: app.incoming_call()).error_code for _ in range(3)]
    assert codes == [11203, 11203, None]
    assert (fault.hits, len(face.mock.webhooks.faults)) == (2, 1)
    fault.remove()
    fault.remove()
    assert face.mock.webhooks.faults == []
    assert "drop on *: 2 hits" in repr(fault)


def test_a_fault_that_never_hit_fails_the_block(face: Face) -> None:
    message = "the webhook fault drop on sms_url never hit a request"
    with pytest.raises(AssertionError, match=message), face.mock.webhooks.drop(on="sms_url"):
        pass
    with pytest.raises(KeyError), face.mock.webhooks.drop(on="sms_url"):
        raise KeyError
    assert face.mock.webhooks.faults == []


def test_a_fault_belongs_to_one_account(face: Face, endpoint: Endpoint) -> None:
    other = face.mock.accounts.create()
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    other.webhooks.drop()
    assert face(lambda: app.incoming_call()).error_code is None


def test_the_log_holds_every_delivery_of_the_account(face: Face, endpoint: Endpoint) -> None:
    other = face.mock.accounts.create()
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), status_callback=endpoint.at("/status")
    )
    delivery = face(lambda: app.incoming_call())
    face(delivery.hang_up)
    [logged] = face.mock.webhooks
    assert (logged.kind, logged.sid, logged.application_sid) == (
        *("incoming_call", delivery.sid),
        app.sid,
    )
    assert tuple(logged.attempts) == delivery.attempts
    assert tuple(logged.status_callbacks) == delivery.status_callbacks
    assert (logged.status, logged.cause) == ("completed", None)
    assert len(other.webhooks) == 0
    assert "1 deliveries" in repr(face.mock.webhooks)


def test_the_log_is_bounded_and_says_what_it_dropped(endpoint: Endpoint) -> None:
    with TwilioMock(settings=Settings(journal_limit=2)) as mock:
        app = mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
        sids = [app.incoming_call().sid for _ in range(3)]
        assert [each.sid for each in mock.webhooks] == sids[1:]
        assert mock.webhooks.dropped == 1


def test_a_reset_forgets_webhooks_settings_and_faults(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.incoming_call())
    face.mock.webhooks.configure(connect_timeout=1)
    face.mock.webhooks.drop()
    face.mock.reset()
    assert len(face.mock.webhooks) == 0
    assert face.mock.webhooks.faults == []
    assert face.mock.webhooks.settings.connect_timeout == 5


@pytest.mark.parametrize(
    "change", [{"connect_timeout": 0}, {"total_timeout": -1}, {"body_limit": 0}]
)
def test_a_setting_that_makes_no_sense_is_refused(face: Face, change: dict[str, float]) -> None:
    before = face.mock.webhooks.settings
    with pytest.raises(ValueError, match="must be above 0"):
        face.mock.webhooks.configure(**change)
    with pytest.raises(TypeError, match="patience"):
        face.mock.webhooks.configure(patience=1)
    assert face.mock.webhooks.settings == before
