"""A message arrives or is sent: what is asked, what is told, and in which order."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from tests.webhooks.conftest import NUMBER, Face
from tests.webhooks.endpoints import Answer, Endpoint
from tests.webhooks.recorded import MESSAGE_STATUS, SMS_2024, SMS_FALLBACK
from twilio_mock import TwilioError
from twilio_mock.control.messages import Media

REPLY = Answer(b"<Response><Message>Thanks</Message></Response>")


def test_an_incoming_message_sends_what_was_recorded(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(sms_url=endpoint.at("/sms", REPLY))
    face.number(sms_application_sid=app.sid, sms_url=endpoint.at("/own"))
    delivery = face(lambda: face.mock.incoming_message(NUMBER, "+15005550001", "Hello you"))
    [asked] = endpoint.asked
    assert [name for name, _ in asked.form] == SMS_2024
    assert dict(asked.form) == {
        **dict.fromkeys(SMS_2024, ""),
        "SmsMessageSid": delivery.sid,
        "SmsSid": delivery.sid,
        "MessageSid": delivery.sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "Body": "Hello you",
        "To": NUMBER,
        "From": "+15005550001",
        "AccountSid": face.mock.account.sid,
        "ApiVersion": "2010-04-01",
    }
    assert delivery.sid.startswith("SM")
    assert delivery.twiml.find("Message").text == "Thanks"
    assert delivery.status == "received"


def test_a_failing_sms_url_hands_over_to_the_fallback(face: Face, endpoint: Endpoint) -> None:
    number = face.number(
        sms_url=endpoint.at("/sms", Answer(status=503)),
        sms_fallback_url=endpoint.at("/fallback", REPLY),
        sms_fallback_method="GET",
    )
    delivery = face(lambda: number.incoming_message(body="Hello"))
    first, second = endpoint.asked
    assert [each.error_code for each in delivery.attempts] == [11217, None]
    assert second.method == "GET"
    assert [name for name, _ in second.query] == SMS_FALLBACK
    assert set(second.query) - set(first.form) == {
        ("ErrorCode", "11217"),
        ("ErrorUrl", endpoint.url + "/sms"),
    }


def test_media_are_counted_and_named(face: Face, endpoint: Endpoint) -> None:
    number = face.number(sms_url=endpoint.at("/sms", REPLY))
    media: Media = ["https://media.example/cat.jpg", ("https://media.example/2", "audio/ogg")]
    delivery = face(lambda: number.incoming_message(media=media))
    sent = dict(endpoint.asked[0].form)
    assert delivery.sid.startswith("MM")
    assert sent["NumMedia"] == "2"
    assert (sent["MediaUrl0"], sent["MediaContentType0"]) == (media[0], "image/jpeg")
    assert (sent["MediaUrl1"], sent["MediaContentType1"]) == media[1]


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("", "1"),
        ("a" * 160, "1"),
        ("a" * 161, "2"),
        ("€" * 80, "1"),
        ("€" * 81, "2"),
        ("я" * 70, "1"),
        ("я" * 71, "2"),
        ("😀" * 36, "2"),
    ],
)
def test_long_messages_have_more_segments(
    face: Face, endpoint: Endpoint, body: str, segments: str
) -> None:
    number = face.number(sms_url=endpoint.at("/sms", REPLY))
    face(lambda: number.incoming_message(body=body))
    sent = dict(endpoint.asked[0].form)
    assert (sent["Body"], sent["NumSegments"]) == (body, segments)


def test_a_messaging_service_has_its_place(face: Face, endpoint: Endpoint) -> None:
    number = face.number(sms_url=endpoint.at("/sms", REPLY))
    face(lambda: number.incoming_message(parameters={"MessagingServiceSid": "MG1", "Extra": "1"}))
    names = [name for name, _ in endpoint.asked[0].form]
    assert names[names.index("To") + 1] == "MessagingServiceSid"
    assert names[-1] == "Extra"


@pytest.mark.parametrize("answer", [Answer(b"", 204, {}), Answer(b"", 200, {})])
def test_a_message_may_be_answered_with_nothing(
    face: Face, endpoint: Endpoint, answer: Answer
) -> None:
    number = face.number(sms_url=endpoint.at("/sms", answer))
    delivery = face(lambda: number.incoming_message())
    assert delivery.error_code is None
    with pytest.raises(LookupError, match="no TwiML"):
        _ = delivery.twiml


def test_a_sent_message_tells_of_each_status_on_its_way(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(message_status_callback=endpoint.at("/status"))
    message = face(lambda: app.outgoing_message(to="+15005550009", from_=NUMBER, body="Hello"))
    with freeze_time("2022-05-07 14:30:14", real_asyncio=True):
        face(message.delivered)
    told = [dict(asked.form) for asked in endpoint.asked]
    assert [each["MessageStatus"] for each in told] == ["queued", "sent", "delivered"]
    assert [each["SmsStatus"] for each in told] == ["queued", "sent", "delivered"]
    assert list(told[0]) == MESSAGE_STATUS
    assert list(told[2]) == [*MESSAGE_STATUS, "RawDlrDoneDate"]
    assert told[2]["RawDlrDoneDate"] == "2205071430"
    assert {asked.method for asked in endpoint.asked} == {"POST"}
    assert (told[0]["To"], told[0]["From"]) == ("+15005550009", NUMBER)
    with pytest.raises(RuntimeError, match="delivered already"):
        face(message.failed)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("failed", [("queued", None), ("failed", "30001")]),
        ("undelivered", [("queued", None), ("sent", None), ("undelivered", "30003")]),
    ],
)
def test_a_message_that_fails_says_why(
    face: Face, endpoint: Endpoint, end: str, expected: list[tuple[str, str | None]]
) -> None:
    app = face.mock.applications.create(message_status_callback=endpoint.at("/status"))
    message = face(lambda: app.outgoing_message(to="+15005550009"))
    face(getattr(message, end))
    told = [dict(asked.form) for asked in endpoint.asked]
    assert [(each["MessageStatus"], each.get("ErrorCode")) for each in told] == expected
    assert message.status == end


def test_a_status_is_told_once(face: Face, endpoint: Endpoint) -> None:
    app = face.mock.applications.create(message_status_callback=endpoint.at("/status"))
    message = face(lambda: app.outgoing_message(to="+15005550009"))
    face(message.sent)
    face(message.delivered)
    told = [dict(asked.form)["MessageStatus"] for asked in endpoint.asked]
    assert told == ["queued", "sent", "delivered"]


def test_the_status_callback_of_the_request_goes_before_the_application_s(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(message_status_callback=endpoint.at("/app"))
    own = endpoint.at("/own")
    face(lambda: face.mock.outgoing_message(app, to="+15005550009", status_callback=own))
    assert [asked.path for asked in endpoint.asked] == ["/own"]


def test_without_a_callback_nobody_is_told(face: Face) -> None:
    app = face.mock.applications.create()
    message = face(lambda: app.outgoing_message(to="+15005550009"))
    face(message.delivered)
    assert message.status_callbacks == ()
    assert [event.name for event in message.events] == ["queued", "sent", "delivered"]


def test_an_unknown_application_sends_no_message(face: Face) -> None:
    with pytest.raises(TwilioError) as refused:
        face.mock.outgoing_message("AP" + "0" * 32, to="+15005550009")
    assert refused.value.code == 21218


def test_a_message_that_arrived_goes_nowhere(face: Face, endpoint: Endpoint) -> None:
    number = face.number(sms_url=endpoint.at("/sms", REPLY))
    message = face(lambda: number.incoming_message())
    with pytest.raises(RuntimeError, match="this message arrived"):
        face(message.delivered)
