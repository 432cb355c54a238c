"""What is thrown at the port is answered or ended in time, and changes nothing."""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Callable, Iterator

import pytest
from aiohttp import http_parser, web_protocol
from hypothesis import strategies as st

from tests.reliability.campaign import campaign, examples
from tests.reliability.conftest import Tell
from tests.reliability.raw import LIMIT, LIMITS, Attacked, read_answers, say
from twilio_mock import TwilioMock

PARSERS = {"C": "HttpRequestParserC", "Python": "HttpRequestParserPy"}


@pytest.fixture(scope="module", params=PARSERS)
def attacked(request: pytest.FixtureRequest) -> Iterator[Attacked]:
    """A mock behind each of aiohttp's two parsers."""
    parser = getattr(http_parser, PARSERS[request.param], None)
    if parser is None:
        pytest.skip(f"this aiohttp has no {request.param} parser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web_protocol, "HttpRequestParser", parser)
        with TwilioMock(redirect=False, settings=LIMITS) as mock:
            yield Attacked(mock)


@pytest.fixture(autouse=True)
def _unharmed(attacked: Attacked, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After each test the mock is as it was, and has logged no error."""
    with caplog.at_level(logging.ERROR):
        yield
        attacked.check_unharmed()
    assert caplog.get_records("call") == []


Made = Callable[[Attacked], list[bytes]]
FORM = "Content-Type: application/x-www-form-urlencoded"
CHUNKED = "Transfer-Encoding: chunked"


def target(line: str) -> Made:
    return lambda mock: [mock.head(line.replace("ROOT", mock.root))]


def body(*lines: str, sent: bytes) -> Made:
    def made(mock: Attacked) -> list[bytes]:
        start = f"POST {mock.root}/Applications/{mock.known}.json HTTP/1.1"
        return [mock.head(start, FORM, *lines), sent]

    return made


# What is said, and the statuses that it may be answered with; none: the end without an answer.
REFUSED: dict[str, tuple[Made, set[int]]] = {
    "nothing": (lambda mock: [], set()),
    "empty lines": (lambda mock: [b"\r\n" * 5], set()),
    "HTTP/0.9": (lambda mock: [b"GET /2010-04-01/Accounts.json\r\n\r\n"], {400}),
    "HTTP/0.9 in one line": (lambda mock: [b"GET /\r\n"], {400}),
    "HTTP/2 with prior knowledge": (
        lambda mock: [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\x04\0\0\0\0\0"],
        {400},
    ),
    "a TLS hello": (
        lambda mock: [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2],
        {400},
    ),
    "a proxy's tunnel": (lambda mock: [mock.head("CONNECT api.twilio.com:443 HTTP/1.1")], {404}),
    "NULs": (lambda mock: [b"\0" * 500 + b"\r\n\r\n"], {400}),
    "NUL in the target": (target("POST ROOT/Applications\0.json HTTP/1.1"), {400}),
    "encoded NUL in the target": (target("POST ROOT/Applications%00.json HTTP/1.1"), {404}),
    "invalid UTF-8 in the target": (target("DELETE ROOT/\xff\xfe.json HTTP/1.1"), {400}),
    "encoded invalid UTF-8": (target("DELETE ROOT/%FF.json HTTP/1.1"), {404}),
    "absolute target elsewhere": (target("POST http://else.example/ROOT HTTP/1.1"), {404}),
    "oversized line": (target(f"DELETE /{'x' * 9000} HTTP/1.1"), {400}),
    "oversized header": (lambda mock: [mock.get(f"A: {'x' * 9000}")], {400}),
    "too many headers": (lambda mock: [mock.get(*[f"A{n}: b" for n in range(5000)])], {400}),
    "a header without an end": (lambda mock: [mock.get()[:-2], b"A: " + b"x" * 300_000], {400}),
    "invalid UTF-8 in the body": (lambda mock: [mock.post(b"FriendlyName=\xff")], {400}),
    "10,000 parameters": (lambda mock: [mock.post(b"a=&" * 10_000)], {400}),
    "10,000 parameters in a query": (
        lambda mock: [mock.head(f"GET {mock.root}/Keys.json?{'a=&' * 2600} HTTP/1.1")],
        {400},
    ),
    "an oversized body": (body("Content-Length: 100001", sent=b"x" * 100_001), {413}),
    "a body that says it is oversized": (body("Content-Length: 99999999999", sent=b"x"), {413}),
    "a body of no length": (body("Content-Length: -5", sent=b""), {400}),
    "two lengths": (body("Content-Length: 1", "Content-Length: 2", sent=b"ab"), {400}),
    "a length and chunks": (body("Content-Length: 3", CHUNKED, sent=b"0\r\n\r\n"), {400}),
    "chunks that are none": (body(CHUNKED, sent=b"nonsense\r\n\r\n"), {400}),
    "a chunk of an absurd size": (body(CHUNKED, sent=b"fffffffffffffffffff\r\nx"), {400}),
    "a chunk of a negative size": (body(CHUNKED, sent=b"-1\r\nx\r\n0\r\n\r\n"), {400}),
    "chunks without their end": (body(CHUNKED, sent=b"3\r\na=b\r\n"), {400}),
    "oversized chunks": (body(CHUNKED, sent=b"fff\r\n" + b"x" * 4095 + b"\r\n"), {400}),
    "chunk extensions without an end": (body(CHUNKED, sent=b"3;" + b"a" * 200_000), {400, 413}),
    "trailers without an end": (body(CHUNKED, sent=b"0\r\n" + b"A: b\r\n" * 20_000), {400, 413}),
    "chunked twice": (body("Transfer-Encoding: chunked, chunked", sent=b"0\r\n\r\n"), {400}),
    "half a body": (body("Content-Length: 20", sent=b"FriendlyName=x"), {400}),
    "an unknown expectation": (
        body("Content-Length: 99999999", "Expect: 100-continue", sent=b""),
        {413},
    ),
    "half a head": (lambda mock: [mock.post(b"FriendlyName=x")[:40]], {400}),
    "half a head in pieces": (lambda mock: [b"PO", b"ST ", mock.root.encode()], {400}),
    "a bomb": (
        body("Content-Length: 6", "Content-Encoding: gzip", sent=b"\x1f\x8b\x08\0\0\0"),
        {400},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_good_request_is_refused_and_changes_nothing(
    attacked: Attacked, name: str
) -> None:
    made, expected = REFUSED[name]
    answers = [*read_answers(attacked.said(made(attacked)))]
    for answer in answers:
        answer.check()
    assert {answer.status for answer in answers} == expected & {a.status for a in answers}
    assert bool(answers) == bool(expected)
    assert len(answers) <= 1


# What is refused by its deadline, because its end never comes. Nobody hangs up here.
SLOW: dict[str, tuple[Made, int | None]] = {
    "nothing": (lambda mock: [], None),
    "half a head": (lambda mock: [mock.get()[:-2]], 408),
    "half a request line": (lambda mock: [b"GE"], 408),
    "half a body": (body("Content-Length: 20", sent=b"FriendlyName=x"), 408),
    "half a chunk": (body(CHUNKED, sent=b"14\r\nFriendlyName=x"), 408),
    "chunks without their end": (body(CHUNKED, sent=b"e\r\nFriendlyName=x\r\n0\r\n"), 408),
    "no body": (body("Content-Length: 20", "Expect: 100-continue", sent=b""), 408),
}


def test_who_sends_too_slowly_is_ended_in_time_and_nothing_is_done(attacked: Attacked) -> None:
    begun = time.monotonic()
    callers = {name: attacked.call() for name in SLOW}
    for name, caller in callers.items():
        say(caller, SLOW[name][0](attacked), hang_up=False)
    for name, caller in callers.items():
        with caller:
            # The mock listens for two seconds more, so that the answer is not lost.
            caller_answers = [*read_answers(attacked.heard(caller))]
        status = SLOW[name][1]
        assert [answer.status for answer in caller_answers] == ([status] if status else []), name
    assert time.monotonic() - begun > LIMIT


def test_who_trickles_is_ended_as_well(attacked: Attacked) -> None:
    pieces = [bytes([byte]) for byte in attacked.post(b"FriendlyName=x")]
    with attacked.call() as caller:
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        caller.settimeout(LIMIT / 20)
        said = b""
        for piece in pieces:
            say(caller, [piece], hang_up=False)
            try:
                said = caller.recv(65536)
                break
            except TimeoutError:
                continue  # the pause between two bytes
        [answer] = read_answers(said)
    assert answer.status == 408


def test_pipelined_requests_are_answered_in_their_order_up_to_the_broken_one(
    attacked: Attacked,
) -> None:
    good, broken = attacked.get(), b"NONSENSE\r\n\r\n"
    for count in (1, 10, 31):
        heard = attacked.said([good * count + broken + attacked.post(b"FriendlyName=never")])
        statuses = [answer.status for answer in read_answers(heard)]
        assert statuses == [200] * count + [400]


def test_a_client_that_hangs_up_half_gets_all_that_it_has_asked_for(attacked: Attacked) -> None:
    heard = attacked.said([attacked.get() * 5])
    assert [answer.status for answer in read_answers(heard)] == [200] * 5


def test_a_client_that_vanishes_in_its_request_has_changed_nothing(attacked: Attacked) -> None:
    whole = attacked.post(b"FriendlyName=lost")
    linger = struct.pack("ii", 1, 0)  # a close is a reset
    for end in (0, 10, len(whole) - 17, len(whole) - 1):
        with attacked.call() as caller:
            say(caller, [whole[:end]], hang_up=False)
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def test_a_wish_for_another_protocol_is_declined_and_the_request_answered(
    attacked: Attacked,
) -> None:
    for wish in ("websocket", "h2c", "TLS/1.0"):
        upgraded = attacked.get("Connection: Upgrade", f"Upgrade: {wish}", "HTTP2-Settings: AAMA")
        heard = attacked.said([upgraded, attacked.get()])
        assert [answer.status for answer in read_answers(heard)] == [200, 200]


def test_who_asks_whether_to_go_on_is_told_so_and_then_answered(attacked: Attacked) -> None:
    name = attacked.renamed
    form = f"FriendlyName={name}".encode()
    whole = attacked.post(form, "Expect: 100-continue")
    with attacked.call() as caller:
        say(caller, [whole[: -len(form)]], hang_up=False)
        assert caller.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        say(caller, [form], hang_up=True)
        [answer] = read_answers(attacked.heard(caller))
    assert answer.status == 200
    attacked.export = attacked.mock.export()  # the date of the update


def test_an_absolute_target_is_answered_as_the_path_in_it(attacked: Attacked) -> None:
    line = f"GET http://api.twilio.com{attacked.root}/Applications.json HTTP/1.1"
    [answer] = read_answers(attacked.said([attacked.head(line)]))
    assert answer.status == 200


def test_an_answer_to_head_has_no_body_and_the_next_one_is_read(attacked: Attacked) -> None:
    asked = attacked.get().replace(b"GET", b"HEAD")
    assert [a.status for a in read_answers(attacked.said([asked * 3]), head=True)] == [200] * 3


TOKENS = st.sampled_from(
    [
        *(b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b":", b"\0", b"\xff", b"\t", b"%", b"?", b"#"),
        *(b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9", b"GET ", b"POST ", b"DELETE ", b"BREW ", b"*"),
        *(b"Host: mock\r\n", b"Host: \r\n", b"Content-Length: 3\r\n", b"Content-Length: 0\r\n"),
        *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"3\r\na=b\r\n"),
        *(b"0\r\n\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"/", b"a=b"),
        *(b"Connection: upgrade\r\nUpgrade: h2c\r\n", b"Content-Encoding: deflate\r\n"),
        *(b"GOOD", b"GOOD", b"WRITE"),
    ]
)
CUTS = st.lists(st.integers(0, 400), max_size=3)


def test_whatever_is_said_every_answer_can_be_read(attacked: Attacked, tell: Tell) -> None:
    def one_talk(tokens: list[bytes], cuts: list[int], hang_up: bool) -> None:
        said = b"".join(tokens).replace(b"GOOD", attacked.get())
        said = said.replace(b"WRITE", attacked.post(b"FriendlyName=" + b"x" * 65))
        places = sorted(min(cut, len(said)) for cut in cuts)
        pieces = [said[a:b] for a, b in zip([0, *places], [*places, len(said)], strict=True)]
        if not hang_up:
            pieces.append(b"\r\n\r\n\0\r\n\r\n")  # nothing goes on behind this
        for answer in read_answers(attacked.said(pieces)):
            answer.check()

    campaign(
        tell,
        one_talk,
        examples(60, 6_000),
        tokens=st.lists(TOKENS | st.binary(max_size=5), max_size=15),
        cuts=CUTS,
        hang_up=st.booleans(),
    )
