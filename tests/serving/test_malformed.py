"""What is no HTTP request is refused in our own shape, and nobody else notices."""

from __future__ import annotations

import logging

import pytest
from aiohttp import web

from tests.serving.talking import GET, Answer, Gate, Host, head, hosting, post

pytestmark = pytest.mark.usefixtures("parser", "quiet")

MALFORMED = {
    "no request line": b"hello\r\n\r\n",
    "binary": bytes(range(256)) + b"\r\n\r\n",
    "no version": b"GET /\r\nHost: mock\r\n\r\n",
    "no target": head("CONNECT  HTTP/1.1"),
    "a version that is none": head("GET / HTTP/1.x"),
    "an old version": head("GET / HTTP/0.9"),
    "a version to come": head("GET / HTTP/2.0"),
    "another minor version": head("GET / HTTP/1.2"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "NUL in the method": head("G\0T / HTTP/1.1"),
    "space in the target": head("GET / a HTTP/1.1"),
    "control character in the target": head("GET /\x01 HTTP/1.1"),
    "raw bytes in the target": head("GET /\xff\xfe HTTP/1.1"),
    "relative target": head("GET foo HTTP/1.1"),
    "asterisk without OPTIONS": head("GET * HTTP/1.1"),
    "absolute target without a host": head("GET https:///x HTTP/1.1"),
    "absolute target with an impossible port": head("GET http://a:99999/x HTTP/1.1"),
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": head("GET / HTTP/1.1", "Host: other"),
    "space in the Host": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "path in the Host": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "no port in the Host": b"GET / HTTP/1.1\r\nHost: a:x\r\n\r\n",
    "two Content-Types": head("POST / HTTP/1.1", "Content-Type: a/b", "Content-Type: a/c"),
    "two Content-Lengths": head("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 1") + b"a",
    "both lengths": head("POST / HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"),
    "negative length": head("POST / HTTP/1.1", "Content-Length: -1"),
    "length with a sign": head("POST / HTTP/1.1", "Content-Length: +1") + b"a",
    "length that is none": head("POST / HTTP/1.1", "Content-Length: x"),
    "64-bit length": head("POST / HTTP/1.1", "Content-Length: 18446744073709551615"),
    "length of 5000 digits": head("POST / HTTP/1.1", "Content-Length: " + "9" * 5000),
    "chunks in chunks": head("POST / HTTP/1.1", "Transfer-Encoding: chunked, chunked")
    + b"0\r\n\r\n",
    "two transfer codings": head("POST / HTTP/1.1", *["Transfer-Encoding: chunked"] * 2)
    + b"0\r\n\r\n",
    "unknown transfer coding": head("POST / HTTP/1.1", "Transfer-Encoding: foo"),
    "header without a colon": head("GET / HTTP/1.1", "abc"),
    "header without a name": head("GET / HTTP/1.1", ": abc"),
    "NUL in a header": head("GET / HTTP/1.1", "A: b\0c"),
    "NUL in a header's name": head("GET / HTTP/1.1", "A\0: bc"),
    "folded header": head("GET / HTTP/1.1", "A: b", " c"),
    "200 header lines": head("GET / HTTP/1.1", *[f"A{i}: b" for i in range(200)]),
    "long header line": head("GET / HTTP/1.1", "A: " + "b" * 9000),
    "long target": head(f"GET /{'b' * 9000} HTTP/1.1"),
    "bare line feeds": b"GET / HTTP/1.1\nHost: mock\n\n",
}


async def never(request: web.BaseRequest) -> web.StreamResponse:
    """An `answer` that must not be asked."""
    raise AssertionError(f"{request.method} {request.raw_path} became a request")


async def refused(host: Host, said: bytes) -> Answer:
    """The one answer before the server closes."""
    line = await host.call()
    line.say(said)
    answer = await line.answer()
    line.hang_up_half()
    assert await line.rest() == b""
    return answer


@pytest.mark.parametrize("said", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_request_is_refused_with_400_and_the_connection_closed(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with hosting(never) as host:
        answer = await refused(host, said)
    assert answer.status == 400
    reason = answer.json["refused"]
    assert reason
    assert "\n" not in reason
    # HTTP/1.0 closes without saying so.
    assert answer.version == "HTTP/1.0" or answer.headers["connection"] == "close"
    assert [one.getMessage() for one in caplog.records if one.name == "twilio_mock"] == [
        f"twilio_mock: refused a request from 127.0.0.1: {reason}"
    ]
    assert caplog.records[-1].levelno == logging.WARNING


@pytest.mark.parametrize(
    "said",
    [
        head("GET / HTTP/1.1", "Authorization : Basic c2VjcmV0"),
        head("GET / HTTP/1.1", "Authorization: Basic c2VjcmV0\0"),
        head("GET /?AuthToken=c2VjcmV0 HTTP/1.x"),
        head("GET /?AuthToken=c2VjcmV0 b HTTP/1.1"),
        head("c2VjcmV0 HTTP/1.1"),
        head("GET c2VjcmV0 HTTP/1.1"),
        head("GET http://AC1:c2VjcmV0@a:99999/ HTTP/1.1"),
        head("GET / HTTP/1.1", "Authorization: Basic c2VjcmV0" + "A" * 9000),
        head("GET / HTTP/1.1", "c2VjcmV0\0: a"),
        b"GET / HTTP/1.1\r\nHost: a c2VjcmV0\r\n\r\n",
        head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"c2VjcmV0\r\n",
    ],
)
async def test_a_refusal_and_its_line_in_the_log_quote_nothing_of_what_was_sent(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with hosting() as host:
        answer = await refused(host, said)
    assert answer.status == 400
    assert b"c2VjcmV0" not in answer.body
    assert "c2VjcmV0" not in caplog.text


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n", b"3\r\nabcde", b"-1\r\na\r\n"])
async def test_a_request_whose_chunks_are_none_has_a_body_that_cannot_be_read(
    chunks: bytes,
) -> None:
    async with hosting() as host:
        answer = await refused(host, head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + chunks)
    assert answer.status == 400
    assert answer.json["body"] == "its chunks or its compression are malformed"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", {"C": "http://", "Py": "http://"}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {"C": "not HTTP/2", "Py": "target"}),
        (head("GET / HTTP/2.0"), {"C": "HTTP/2.0 is not", "Py": "HTTP/2.0 is not"}),
        (head("GET / HTTP/1.1", "A: " + "b" * 9000), {"C": "is too long", "Py": "is too long"}),
        (head("GET / HTTP/1.1", ": b"), {"C": "header", "Py": "a header line is malformed"}),
        (head("GET / HTTP/1.1", "Host: b"), {"C": "'Host'", "Py": "'Host'"}),
    ],
)
async def test_a_refusal_says_what_was_wrong(
    said: bytes, expected: dict[str, str], parser: str
) -> None:
    async with hosting(never) as host:
        assert expected[parser] in (await refused(host, said)).json["refused"]


async def test_an_unknown_method_is_refused_by_the_one_parser_and_answered_by_the_other(
    parser: str,
) -> None:
    async with hosting() as host:
        answer = await host.ask(head("FOO / HTTP/1.1"))
    assert answer.status == {"C": 400, "Py": 200}[parser]
    assert answer.json


async def test_a_client_that_goes_on_sending_can_read_its_refusal() -> None:
    async with hosting(never, linger_time=60.0) as host:
        line = await host.call()
        line.say(head("GET / HTTP/1.1", "A: " + "b" * 9000), b"c" * 4_000_000)
        await line.writer.drain()
        assert (await line.answer()).status == 400
        line.hang_up_half()
        assert await line.rest() == b""
        await host.emptied()


async def test_garbage_behind_a_request_is_refused_in_its_turn() -> None:
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(GET)
        await gate.asked.wait()
        line.say(b"garbage\r\n\r\n")
        line.hang_up_half()
        gate.may_go.set()
        assert (await line.answer()).json["target"] == "/one"
        assert (await line.answer()).status == 400
        assert await line.rest() == b""


@pytest.mark.parametrize("garbage", [b"garbage\r\n\r\n", b"\0\r\n\r\n"])
@pytest.mark.parametrize("count", [1, 20])
async def test_garbage_that_comes_with_good_requests_loses_none_of_them(
    garbage: bytes, count: int
) -> None:
    async with hosting() as host:
        line = await host.call()
        line.say(GET * count + post(b"a=b\r\n\r\n") + garbage)
        line.hang_up_half()
        for _ in range(count):
            assert (await line.answer()).json["target"] == "/one"
        assert (await line.answer()).json["body"] == "a=b\r\n\r\n"
        assert (await line.answer()).status == 400
        assert await line.rest() == b""


async def test_refusing_one_client_does_not_touch_another() -> None:
    async with hosting() as host:
        other = await host.call()
        other.say(GET[:20])
        await refused(host, b"garbage\r\n\r\n")
        other.say(GET[20:])
        assert (await other.answer()).json["target"] == "/one"
