"""TwiML is read safely, checked, and never carried out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Endpoint
from twilio_mock.state.deliveries import Element, WebhookReply
from twilio_mock.webhooks.judgement import CALLBACK, MESSAGING, VOICE, judge
from twilio_mock.webhooks.twiml import MESSAGING_VERBS, VOICE_VERBS, read_twiml

BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Response><Say>&b;</Say></Response>"""
FILE = b"""<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><Response>&f;</Response>"""


def read(text: str | bytes) -> Element:
    """The root of a good document."""
    body = text.encode() if isinstance(text, str) else text
    document = read_twiml(body, VOICE_VERBS)
    assert document.root is not None, document.reason
    return document.root


def test_what_the_sdk_writes_is_read() -> None:
    response = VoiceResponse()
    gather = response.gather(num_digits=1, action="/digits?a=1&b=2")
    gather.say("Ärger & <Freude>", voice="alice", language="de-DE")
    response.dial("+15005550009", caller_id="+15005550006")
    root = read(str(response))
    say = root.find("Say")
    assert say.text == "Ärger & <Freude>"
    assert say.attributes == {"voice": "alice", "language": "de-DE"}
    assert root.find("Gather").attributes["action"] == "/digits?a=1&b=2"
    assert [child.name for child in root.children] == ["Gather", "Dial"]
    assert [element.text for element in root.find_all("Dial")] == ["+15005550009"]
    assert root.find_all("Hangup") == []
    assert repr(say) == "<Say: 'Ärger & <Freude>'>"
    assert repr(root) == "<Response: Gather Dial>"


def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(LookupError, match="the TwiML has no <Dial>; it has: Say, Hangup"):
        read("<Response><Say/><Hangup/></Response>").find("Dial")
    with pytest.raises(LookupError, match="it has: nothing"):
        read("<Response/>").find("Dial")


def test_every_verb_that_the_sdk_can_write_is_known() -> None:
    no_verbs = {"append", "nest", "to_xml", "add_child", "xml", "MAP"}
    for sdk, known in ((VoiceResponse, VOICE_VERBS), (MessagingResponse, MESSAGING_VERBS)):
        names = {name for name in dir(sdk) if not name.startswith("_")} - no_verbs
        assert {name.capitalize() for name in names} == known


@pytest.mark.parametrize("body", [BOMB, FILE])
def test_a_document_type_is_refused_before_anything_in_it_is_read(body: bytes) -> None:
    document = read_twiml(body, VOICE_VERBS)
    assert (document.root, document.error_code) == (None, 12100)
    assert document.reason == "a DOCTYPE is not read"


def test_an_entity_that_nobody_has_declared_is_an_error() -> None:
    document = read_twiml(b"<Response>&nbsp;</Response>", VOICE_VERBS)
    assert document.error_code == 12100
    assert "undefined entity" in document.reason


def test_a_document_that_is_too_deep_is_refused() -> None:
    deep = b"<Response>" + b"<Say>" * 100 + b"</Say>" * 100 + b"</Response>"
    assert read_twiml(deep, VOICE_VERBS).error_code == 12100
    less = b"<Response>" + b"<Say>" * 99 + b"</Say>" * 99 + b"</Response>"
    assert len(read(less).find_all("Say")) == 99


@pytest.mark.parametrize("version", ["2010-04-01", "2008-08-01"])
def test_twilio_s_versions_are_known(version: str) -> None:
    assert read(f"<Response version='{version}'/>").attributes == {"version": version}


def test_an_unknown_verb_is_reported_with_its_line_and_not_guessed(
    face: Face, endpoint: Endpoint
) -> None:
    body = b"<Response>\n<say>Hello</say>\n<Hangup/>\n<Message/></Response>"
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", Answer(body)), voice_fallback_url=endpoint.at("/fallback")
    )
    delivery = face(lambda: app.incoming_call())
    [attempt] = delivery.attempts
    assert attempt.error_code is None
    assert [text.partition(";")[0] for text in attempt.warnings] == [
        "12200: line 2: <say> is no verb here",
        "12200: line 4: <Message> is no verb here",
    ]
    assert delivery.twiml.find("say").text == "Hello"


def reply(content_type: str, body: bytes = b"Hello", status: int = 200) -> WebhookReply:
    return WebhookReply(status, (("Content-Type", content_type),), body)


def test_plain_text_is_said_or_sent() -> None:
    said = judge(reply("text/plain; charset=utf-8"), VOICE, "")
    sent = judge(reply("text/plain"), MESSAGING, "")
    assert said.root is not None
    assert said.root.find("Say").text == "Hello"
    assert sent.root is not None
    assert sent.root.find("Message").text == "Hello"


def test_audio_is_played_to_a_caller_and_no_answer_to_a_message() -> None:
    played = judge(reply("audio/mpeg"), VOICE, "http://h/song.mp3")
    assert played.root is not None
    assert played.root.find("Play").text == "http://h/song.mp3"
    assert judge(reply("audio/mpeg"), MESSAGING, "").error_code == 12300


@pytest.mark.parametrize("content_type", ["text/xml", "APPLICATION/XML", "text/html; charset=x"])
def test_the_types_of_twiml(content_type: str) -> None:
    assert judge(reply(content_type, b"<Response/>"), VOICE, "").error_code is None


@pytest.mark.parametrize(("status", "code"), [(200, None), (204, None), (301, 11217), (400, 15003)])
def test_of_a_callback_only_the_status_counts(status: int, code: int | None) -> None:
    assert judge(reply("nonsense", b"{}", status), CALLBACK, "").error_code == code


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    document = read_twiml(body, VOICE_VERBS)
    assert (document.root is None) == (document.error_code is not None)


TREES = st.recursive(
    st.builds(
        lambda name, text: f"<{name}>{text}</{name}>",
        st.sampled_from(sorted(VOICE_VERBS)),
        st.text("abc äöü\n&lt;".replace("&lt;", ""), max_size=5),
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda each: f"<Gather>{''.join(each)}</Gather>"),
)


@given(st.lists(TREES, max_size=5))
def test_every_element_of_a_good_document_is_found(parts: list[str]) -> None:
    text = f"<Response>{''.join(parts)}</Response>"
    root = read(text)
    assert sum(1 for _ in root.walk()) == text.count("</") - 1
