"""A call arrives, is made, or comes from a client: which URL is asked, with which parameters."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest
from freezegun import freeze_time

from tests.webhooks.conftest import NUMBER, Face
from tests.webhooks.endpoints import Answer, Endpoint, say
from tests.webhooks.recorded import VOICE_2023, VOICE_SDK, VOICE_STATUS, VOICE_WITH_APPLICATION
from twilio_mock import TwilioError
from twilio_mock.webhooks.requests import FORM

FAILED = Answer(status=500)


def names(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [name for name, _ in pairs]


def test_a_failing_voice_url_hands_over_to_the_fallback(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/broken?a=1", FAILED) + "#rc=0",
        voice_fallback_url=endpoint.at("/fallback", say("We are closed.")),
    )
    endpoint.at("/broken", FAILED)
    delivery = face(lambda: app.incoming_call(from_="+15005550009"))
    assert [attempt.error_code for attempt in delivery.attempts] == [11217, None]
    assert delivery.twiml.find("Say").text == "We are closed."
    first, second = endpoint.asked
    added = dict(set(second.form) - set(first.form))
    assert added == {"ErrorCode": "11217", "ErrorUrl": endpoint.url + "/broken?a=1"}
    assert set(first.form) < set(second.form)
    assert names(second.form) == sorted(names(second.form))


def test_the_fallback_is_not_asked_when_the_voice_url_answers(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), voice_fallback_url=endpoint.at("/fallback")
    )
    delivery = face(lambda: app.incoming_call())
    assert [asked.path for asked in endpoint.asked] == ["/voice"]
    assert delivery.error_code is None


def test_without_a_fallback_the_error_stays(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", FAILED))
    delivery = face(lambda: app.incoming_call())
    assert delivery.error_code == 11217
    with pytest.raises(LookupError, match=r"no TwiML: <voice_url POST .*11217: it answered 500"):
        _ = delivery.twiml


def test_a_number_without_application_sends_what_was_recorded(
    face: Face, endpoint: Endpoint
) -> None:
    number = face.number(voice_url=endpoint.at("/own", say("Hello")), voice_method="GET")
    delivery = face(lambda: number.incoming_call(from_="+15005550001"))
    [asked] = endpoint.asked
    assert (asked.method, asked.body, names(asked.query)) == ("GET", "", VOICE_2023)
    sent = dict(asked.query)
    assert sent == {
        **dict.fromkeys(VOICE_2023, ""),
        "AccountSid": face.mock.account.sid,
        "ApiVersion": "2010-04-01",
        "CallSid": delivery.sid,
        "CallStatus": "ringing",
        "Called": NUMBER,
        "Caller": "+15005550001",
        "Direction": "inbound",
        "From": "+15005550001",
        "To": NUMBER,
    }


def test_the_application_of_a_number_goes_before_the_number_s_own_urls(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/app", say("Hello")), api_version="2008-08-01"
    )
    face.number(voice_url=endpoint.at("/own"), voice_application_sid=app.sid)
    face(lambda: face.mock.incoming_call(NUMBER))
    [asked] = endpoint.asked
    assert asked.path == "/app"
    sent = dict(asked.form)
    assert sent.keys() == VOICE_WITH_APPLICATION
    assert (sent["ApplicationSid"], sent["ApiVersion"]) == (app.sid, "2008-08-01")


def test_the_headers_are_those_that_were_recorded(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.incoming_call())
    [asked] = endpoint.asked
    sent = dict(asked.headers)
    token = sent.pop("I-Twilio-Idempotency-Token")
    assert [len(part) for part in token.split("-")] == [8, 4, 4, 4, 12]
    assert sent.pop("X-Twilio-Signature")
    assert sent == {
        "Host": endpoint.url.removeprefix("http://"),
        "Content-Type": FORM,
        "Content-Length": str(len(asked.body)),
        "Accept": "*/*",
        "User-Agent": "TwilioProxy/1.1",
        "X-Home-Region": "us1",
    }


def test_the_request_in_the_delivery_is_the_one_that_arrived(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    [attempt] = face(lambda: app.incoming_call()).attempts
    [asked] = endpoint.asked
    assert attempt.request.url == endpoint.url + asked.target
    assert attempt.request.body.decode() == asked.body
    assert attempt.request.parameters == asked.form
    assert dict(attempt.request.headers) == asked.headers
    assert attempt.reply is not None
    assert (attempt.reply.status, attempt.reply.header("content-type")) == (200, "text/xml")
    assert 0 < attempt.seconds < 5


def test_a_caller_name_is_sent_where_it_is_looked_up(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", say("Hello"))
    app = face.mock.applications.create(voice_url=url, voice_caller_id_lookup=True)
    face(lambda: app.incoming_call(caller_name="ADA LOVELACE"))
    face.mock.account.client(in_process=True).applications(app.sid).update(
        voice_caller_id_lookup=False
    )
    face(lambda: app.incoming_call(caller_name="ADA LOVELACE"))
    with_lookup, without = endpoint.asked
    assert dict(with_lookup.form)["CallerName"] == "ADA LOVELACE"
    assert "CallerName" not in names(without.form)


def test_parameters_of_the_test_join_twilio_s(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.incoming_call(parameters={"FromCity": "OSLO", "StirVerstat": "X"}))
    sent = endpoint.asked[0].form
    assert dict(sent)["FromCity"] == "OSLO"
    assert names(sent) == sorted([*VOICE_WITH_APPLICATION, "StirVerstat"])


def test_a_call_that_is_hung_up_tells_the_status_callback(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), status_callback=endpoint.at("/status")
    )
    delivery = face(lambda: app.incoming_call())
    assert delivery.status == "ringing"
    with freeze_time("2022-05-07 14:30:14", real_asyncio=True):
        face(lambda: delivery.hang_up(duration=61))
    asked = endpoint.asked[-1]
    sent = dict(asked.form)
    assert asked.path == "/status"
    assert sent.keys() == VOICE_STATUS | {"ApplicationSid"}
    told = {name: sent[name] for name in VOICE_STATUS - set(VOICE_2023) | {"CallStatus"}}
    assert told == {
        "CallStatus": "completed",
        "CallDuration": "61",
        "Duration": "2",
        "Timestamp": "Sat, 07 May 2022 14:30:14 +0000",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "SipResponseCode": "200",
    }
    assert parsedate_to_datetime(sent["Timestamp"]).year == 2022
    assert [callback.error_code for callback in delivery.status_callbacks] == [None]
    assert delivery.status == "completed"


@pytest.mark.parametrize(
    ("end", "status"),
    [("busy", "busy"), ("no_answer", "no-answer"), ("cancel", "canceled"), ("fail", "failed")],
)
def test_the_test_decides_how_a_call_ends(
    face: Face, endpoint: Endpoint, end: str, status: str
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")),
        status_callback=endpoint.at("/status"),
        status_callback_method="GET",
    )
    delivery = face(lambda: app.incoming_call())
    face(getattr(delivery, end))
    asked = endpoint.asked[-1]
    assert (asked.method, dict(asked.query)["CallStatus"]) == ("GET", status)
    with pytest.raises(RuntimeError, match=f"ended already: {status}"):
        face(delivery.hang_up)


def test_a_status_callback_that_fails_is_only_warned_of(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")),
        status_callback=endpoint.at("/status", FAILED),
    )
    delivery = face(lambda: app.incoming_call())
    face(delivery.hang_up)
    assert [each.error_code for each in delivery.status_callbacks] == [15003]
    assert delivery.error_code is None


def test_a_status_callback_may_answer_anything(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")),
        status_callback=endpoint.at("/status", Answer(b"{}", 201, {})),
    )
    delivery = face(lambda: app.incoming_call())
    face(delivery.hang_up)
    assert [each.error_code for each in delivery.status_callbacks] == [None]


def test_a_call_lasts_no_negative_time(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    delivery = face(lambda: app.incoming_call())
    with pytest.raises(ValueError, match="0 seconds or more, not -1"):
        face(lambda: delivery.hang_up(duration=-1))


def test_events_tell_the_whole_story_in_order(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", FAILED),
        voice_fallback_url=endpoint.at("/fallback", say("Hello")),
        status_callback=endpoint.at("/status"),
    )
    delivery = face(lambda: app.incoming_call())
    face(delivery.hang_up)
    assert [event.name for event in delivery.events] == [
        *("ringing", "asked", "failed", "asked", "answered"),
        *("completed", "asked", "answered"),
    ]


def test_a_client_of_the_voice_sdk_calls_out(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.sdk_call("alice", parameters={"Room": "12"}))
    sent = dict(endpoint.asked[0].form)
    assert sent.keys() == VOICE_SDK | {"Room"}
    assert (sent["From"], sent["Caller"], sent["To"], sent["Called"]) == (
        *("client:alice", "client:alice"),
        *("", ""),
    )
    assert (sent["Direction"], sent["CallStatus"]) == ("inbound", "ringing")


def test_an_application_without_voice_url_looks_to_the_sdk_like_none(face: Face) -> None:
    app = face.mock.applications.create()
    for sid in (app.sid, "AP" + "0" * 32):
        with pytest.raises(TwilioError) as refused:
            face.mock.sdk_call(sid, "alice")
        assert refused.value.code == 21218


def test_an_outgoing_call_asks_the_application(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), status_callback=endpoint.at("/status")
    )
    call = face(lambda: app.outgoing_call(to="+15005550009", from_=NUMBER))
    sent = dict(endpoint.asked[0].form)
    assert (sent["Direction"], sent["CallStatus"]) == ("outbound-api", "in-progress")
    assert (sent["To"], sent["From"], sent["ApplicationSid"]) == ("+15005550009", NUMBER, app.sid)
    with pytest.raises(RuntimeError, match="was answered, it cannot end as busy"):
        face(call.busy)
    face(lambda: call.hang_up(duration=3))
    assert dict(endpoint.asked[1].form)["SequenceNumber"] == "3"


def test_an_outgoing_call_that_nobody_answers_asks_only_the_callback(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice"), status_callback=endpoint.at("/status")
    )
    call = face(lambda: app.outgoing_call(to="+15005550009", answered=False))
    with pytest.raises(RuntimeError, match="nobody has answered"):
        face(call.hang_up)
    face(call.busy)
    [asked] = endpoint.asked
    sent = dict(asked.form)
    assert (sent["CallStatus"], sent["SipResponseCode"]) == ("busy", "486")
    assert (sent["SequenceNumber"], sent["CallDuration"]) == ("2", "0")
    assert call.attempts == ()


def test_an_outgoing_call_needs_an_application_with_a_voice_url(face: Face) -> None:
    app = face.mock.applications.create()
    for sid, code in ((app.sid, 21205), ("AP" + "0" * 32, 21218)):
        with pytest.raises(TwilioError) as refused:
            face.mock.outgoing_call(sid, to="+15005550009")
        assert (refused.value.code, refused.value.status) == (code, 400)


def test_a_number_that_nobody_has_cannot_be_called(face: Face) -> None:
    face.number()
    with pytest.raises(LookupError, match=r"no phone number \+15005550009; it has: \+15005550006"):
        face.mock.incoming_call("+15005550009")


def test_where_nothing_is_configured_nothing_can_be_asked(face: Face) -> None:
    number = face.number()
    with pytest.raises(ValueError, match="has no voice_url: there is nothing to ask"):
        number.incoming_call()
    assert len(face.mock.webhooks) == 0


def test_a_call_to_an_application_comes_to_a_number_that_carries_it(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.incoming_call())
    face.number(voice_application_sid=app.sid)
    face(lambda: app.incoming_call())
    face(lambda: app.incoming_call(to="+15005550077"))
    called = [dict(asked.form)["To"] for asked in endpoint.asked]
    assert called == ["+15005550100", NUMBER, "+15005550077"]


def test_a_suspended_account_is_not_called(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice"))
    face.mock.account.update(status="suspended")
    with pytest.raises(TwilioError) as refused:
        app.incoming_call()
    assert refused.value.code == 10001
    assert endpoint.asked == []


def test_a_call_goes_on_after_its_application_was_deleted(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")), status_callback=endpoint.at("/status")
    )
    call = face(lambda: app.incoming_call())
    face.mock.account.client(in_process=True).applications(app.sid).delete()
    face(call.hang_up)
    assert dict(endpoint.asked[-1].form)["ApplicationSid"] == app.sid


def test_simulations_leave_the_sids_of_records_as_they_were(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    other = face.mock.accounts.create()
    second = [face.mock.applications.create().sid]
    face(lambda: app.incoming_call())
    assert other.webhooks.settings == face.mock.webhooks.settings
    assert len(other.webhooks) == 0
    assert len(face.mock.webhooks) == 1
    assert face.mock.webhooks[-1].sid.startswith("CA")
    assert second[0] in face.mock.applications
