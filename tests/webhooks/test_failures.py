"""Each way in which an endpoint fails, by a server that does so: its code, then the fallback."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import trustme

from tests.webhooks import misbehaving
from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Endpoint, say, serving
from tests.webhooks.misbehaving import context_for, listening
from twilio_mock.delivery_handles import CallDelivery

HTML = {"Content-Type": "text/html; charset=utf-8"}
BROKEN_BODIES = [
    (500, Answer(status=500), 11217),
    (404, Answer(status=404), 11217),
    (304, Answer(b"", 304), 11217),
    ("json", Answer(b"{}", headers={"Content-Type": "application/json"}), 12300),
    ("no type", Answer(b"<Response/>", headers={}), 12300),
    ("not even a type", Answer(b"<Response/>", headers={"Content-Type": "xml"}), 12300),
    ("broken XML", Answer(b"<Response><Say>Hello</Response>"), 12100),
    ("a blank before", Answer(b"\n<?xml version='1.0'?><Response/>"), 12100),
    ("HTML", Answer(b"<!DOCTYPE html><html><body>It works</body></html>", headers=HTML), 12100),
    ("no text", Answer(b"\xff\xfe\x00", headers=HTML), 12100),
    ("unknown encoding", Answer(b"<?xml version='1.0' encoding='klingon'?><Response/>"), 12100),
    ("empty", Answer(b""), 12100),
    ("another root", Answer(b"<html/>", headers=HTML), 12102),
    ("another version", Answer(b"<Response version='2030'/>"), 12101),
    ("65 kB", Answer(b"<Response>" + b" " * 65 * 1024 + b"</Response>"), 11750),
    (
        "65 kB compressed",
        Answer(
            gzip.compress(b"<Response>" + b" " * 65 * 1024 + b"</Response>", mtime=0),
            headers={"Content-Type": "text/xml", "Content-Encoding": "gzip"},
        ),
        11750,
    ),
]


def call(face: Face, endpoint: Endpoint, voice_url: str) -> CallDelivery:
    """A call to an application whose fallback works."""
    app = face.mock.applications.create(
        voice_url=voice_url, voice_fallback_url=endpoint.at("/fallback", say("We are closed."))
    )
    return face(lambda: app.incoming_call())


def assert_falls_back(delivery: CallDelivery, endpoint: Endpoint, code: int) -> None:
    """The first URL failed with this code, the fallback was told of it and has answered."""
    assert [attempt.error_code for attempt in delivery.attempts] == [code, None]
    assert dict(endpoint.asked[-1].form)["ErrorCode"] == str(code)
    assert delivery.twiml.find("Say").text == "We are closed."


@pytest.fixture(autouse=True)
def _no_test_waits_for_a_real_time_out() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < 4


@pytest.mark.parametrize(
    ("answer", "code"), [case[1:] for case in BROKEN_BODIES], ids=[str(c[0]) for c in BROKEN_BODIES]
)
def test_a_wrong_answer_has_its_code(
    face: Face, endpoint: Endpoint, answer: Answer, code: int
) -> None:
    delivery = call(face, endpoint, endpoint.at("/voice", answer))
    assert_falls_back(delivery, endpoint, code)


def test_a_body_of_64_kb_is_read(face: Face, endpoint: Endpoint) -> None:
    body = b"<Response><Say>Hello</Say></Response>".ljust(64 * 1024)
    assert call(face, endpoint, endpoint.at("/voice", Answer(body))).error_code is None


def test_an_answer_without_end_is_not_read_to_its_end(face: Face, endpoint: Endpoint) -> None:
    gigabyte = {"Content-Type": "text/xml", "Content-Length": str(2**30)}
    answer = Answer(b"<Response>" + b" " * 70_000, headers=gigabyte)
    assert_falls_back(call(face, endpoint, endpoint.at("/voice", answer)), endpoint, 11750)


def test_an_empty_chunked_answer_has_its_own_code(face: Face, endpoint: Endpoint) -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )

    def behave(connection: socket.socket) -> None:
        misbehaving.read_request(connection)
        connection.sendall(chunked)

    with listening(behave) as address:
        assert_falls_back(call(face, endpoint, f"http://{address}/"), endpoint, 11770)


Behaviour = Callable[[socket.socket], None]


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (misbehaving.hang_up, 11205),
        (misbehaving.speak_another_protocol, 11206),
        (misbehaving.stop_in_the_middle, 11206),
        (misbehaving.send_broken_gzip, 11206),
    ],
)
def test_a_server_that_breaks_the_protocol_has_its_code(
    face: Face, endpoint: Endpoint, behave: Behaviour, code: int
) -> None:
    with listening(behave) as address:
        assert_falls_back(call(face, endpoint, f"http://{address}/"), endpoint, code)


@pytest.mark.parametrize("behave", [misbehaving.never_answer, misbehaving.stall_in_the_middle])
def test_a_server_that_never_answers_is_left_when_the_account_says_so(
    face: Face, endpoint: Endpoint, behave: Behaviour
) -> None:
    face.mock.webhooks.configure(total_timeout=0.25, read_timeout=0.25)
    with listening(behave) as address:
        delivery = call(face, endpoint, f"http://{address}/")
    assert_falls_back(delivery, endpoint, 11203)
    assert 0.2 < delivery.attempts[0].seconds < 2


def test_the_fragment_of_the_url_overrides_the_time_outs(face: Face, endpoint: Endpoint) -> None:
    with listening(misbehaving.never_answer) as address:
        read = call(face, endpoint, f"http://{address}/#rt=100")
        assert_falls_back(read, endpoint, 11205)
        total = call(face, endpoint, f"http://{address}/#tt=100")
        assert_falls_back(total, endpoint, 11203)


def test_a_read_time_out_is_tried_again_where_the_fragment_says_so(
    face: Face, endpoint: Endpoint
) -> None:
    with listening(misbehaving.never_answer) as address:
        delivery = call(face, endpoint, f"http://{address}/#rt=100&rp=rt&rc=2")
    assert_falls_back(delivery, endpoint, 11205)
    assert [hop.why for hop in delivery.attempts[0].hops] == ["asked", "retried", "retried"]


def test_retries_share_the_total_time(face: Face, endpoint: Endpoint) -> None:
    with listening(misbehaving.never_answer) as address:
        delivery = call(face, endpoint, f"http://{address}/#rt=100&rp=rt&rc=5&tt=250")
    assert_falls_back(delivery, endpoint, 11203)
    assert len(delivery.attempts[0].hops) in (2, 3)  # and not 6; a slow machine asks later


def test_a_connection_that_is_not_made_is_tried_twice(face: Face, endpoint: Endpoint) -> None:
    face.mock.webhooks.configure(connect_timeout=0.25)
    with misbehaving.unreachable() as address:
        delivery = call(face, endpoint, f"http://{address}/")
    assert_falls_back(delivery, endpoint, 11201)
    first, second = delivery.attempts[0].hops
    token = "I-Twilio-Idempotency-Token"
    assert first.request.header(token) == second.request.header(token) is not None
    assert delivery.attempts[0].reply is None


def test_a_refused_connection_is_not_tried_again(face: Face, endpoint: Endpoint) -> None:
    with misbehaving.refusing() as address:
        delivery = call(face, endpoint, f"http://{address}/")
    assert_falls_back(delivery, endpoint, 11202)
    assert len(delivery.attempts[0].hops) == 1


def test_a_host_that_does_not_exist_has_its_code(face: Face, endpoint: Endpoint) -> None:
    face.mock.webhooks.configure(allow_hosts=["*.invalid"])
    delivery = call(face, endpoint, "http://nonexistent.invalid/voice")
    assert_falls_back(delivery, endpoint, 11210)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


TlsServer = AbstractContextManager[Endpoint]


def test_a_certificate_of_an_unknown_authority_is_refused(
    face: Face, endpoint: Endpoint, authority: trustme.CA
) -> None:
    with serving(context_for(authority)) as server:
        delivery = call(face, endpoint, server.at("/voice", say("Hello")))
    assert_falls_back(delivery, endpoint, 11237)
    assert server.asked == []


def test_an_expired_certificate_is_refused(
    face: Face, endpoint: Endpoint, authority: trustme.CA, ca_file: Path
) -> None:
    face.mock.webhooks.configure(ca_file=str(ca_file))
    with serving(context_for(authority, expired=True)) as server:
        delivery = call(face, endpoint, server.at("/voice", say("Hello")))
    assert_falls_back(delivery, endpoint, 11236)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_of_another_host_is_refused(
    face: Face, endpoint: Endpoint, authority: trustme.CA, ca_file: Path, host: str
) -> None:
    face.mock.webhooks.configure(ca_file=str(ca_file))
    with serving(context_for(authority, "me.example")) as server:
        url = server.at("/voice", say("Hello")).replace("127.0.0.1", host)
        delivery = call(face, endpoint, url)
    assert_falls_back(delivery, endpoint, 11235)


def test_a_good_certificate_is_accepted(
    face: Face, endpoint: Endpoint, authority: trustme.CA, ca_file: Path
) -> None:
    face.mock.webhooks.configure(ca_file=str(ca_file))
    with serving(context_for(authority)) as server:
        delivery = call(face, endpoint, server.at("/voice", say("Hello")))
    assert [attempt.error_code for attempt in delivery.attempts] == [None]


def test_certificates_are_not_looked_at_where_the_account_says_so(
    face: Face, endpoint: Endpoint, authority: trustme.CA
) -> None:
    face.mock.webhooks.configure(verify_certificates=False)
    with serving(context_for(authority, "me.example", expired=True)) as server:
        delivery = call(face, endpoint, server.at("/voice", say("Hello")))
    assert [attempt.error_code for attempt in delivery.attempts] == [None]


def test_a_server_without_tls_fails_at_the_handshake(face: Face, endpoint: Endpoint) -> None:
    url = endpoint.at("/voice", say("Hello")).replace("http:", "https:")
    assert_falls_back(call(face, endpoint, url), endpoint, 11220)


def test_a_status_callback_that_cannot_be_reached_has_its_code(
    face: Face, endpoint: Endpoint
) -> None:
    with misbehaving.refusing() as address:
        app = face.mock.applications.create(
            voice_url=endpoint.at("/voice", say("Hello")), status_callback=f"http://{address}/"
        )
        delivery = face(lambda: app.incoming_call())
        face(delivery.hang_up)
    assert [each.error_code for each in delivery.status_callbacks] == [11202]
