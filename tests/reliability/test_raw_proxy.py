"""What is thrown at the port of the proxy is answered or ended in time, and changes nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from hypothesis import strategies as st

from tests.reliability.campaign import campaign, examples
from tests.reliability.conftest import Tell
from tests.reliability.raw import LIMITS, Attacked, read_answers, say
from twilio_mock import TwilioMock
from twilio_mock.serving import proxy

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    """A mock that is a proxy too, and lets its own port be tunnelled to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proxy, "HEAD_TIMEOUT", 0.3)
        with TwilioMock(proxy=True, redirect=False, settings=LIMITS, allow=["127.0.0.1"]) as mock:
            yield Attacked(mock)


@pytest.fixture(autouse=True)
def _unharmed(attacked: Attacked, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR):
        yield
        attacked.check_unharmed()
    assert caplog.get_records("call") == []


@pytest.mark.parametrize(
    "said",
    [
        b"CONNECT  HTTP/1.1\r\n\r\n",
        b"CONNECT api.twilio.com:443\r\n\r\n",
        b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        b"CONNECT api.twilio.com:-443 HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:99999999999 HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:\xb2 HTTP/1.1\r\n\r\n",
        b"CONNECT [::1:443 HTTP/1.1\r\n\r\n",
        b"CONNECT \xff\xfe:443 HTTP/1.1\r\n\r\n",
        b"CONNECT a\0b:443 HTTP/1.1\r\n\r\n",
        b"CONNECT " + b"a" * 8000 + b":443 HTTP/1.1\r\n\r\n",
        b"CONNECT " + b"a" * 20_000,
        b"GET http://127.0.0.1:99999999999/ HTTP/1.1\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\n\r\n",
        b"GET http:// HTTP/1.1\r\n\r\n",
        b"GET http://\xff/ HTTP/1.1\r\n\r\n",
        b"\0" * 20_000,
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
    ],
    ids=lambda said: repr(said[:40]),
)
def test_nonsense_for_a_proxy_is_refused(attacked: Attacked, said: bytes) -> None:
    [answer] = read_answers(attacked.said([said], hang_up=False))
    assert answer.status in (400, 403, 502)
    answer.headers.setdefault("content-type", "")
    if answer.status != 502:
        answer.check()


def test_half_a_wish_is_ended_in_time(attacked: Attacked) -> None:
    begun = time.monotonic()
    for said in (b"", b"CONNECT api.twil", b"CONNECT api.twilio.com:443 HTTP/1.1\r\n"):
        assert attacked.said([said], hang_up=False) == b""
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "said",
    [b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100, b"\x16\x03\x01\x00\x02\xff\xff", b"\x16\x03\x01"],
)
def test_a_tunnel_in_which_nobody_speaks_tls_ends(attacked: Attacked, said: bytes) -> None:
    with attacked.call() as caller:
        say(caller, [b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n"], hang_up=False)
        assert caller.recv(len(ESTABLISHED)) == ESTABLISHED
        say(caller, [said], hang_up=True)
        heard = attacked.heard(caller)
    assert b"HTTP" not in heard


def test_a_tunnel_to_the_own_port_holds_nothing_up(attacked: Attacked) -> None:
    port = attacked.place[1]
    with attacked.call() as caller:
        say(caller, [f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode()], hang_up=False)
        assert caller.recv(len(ESTABLISHED)) == ESTABLISHED
        say(caller, [attacked.get("Connection: close")], hang_up=False)
        [answer] = read_answers(attacked.heard(caller))
    assert answer.status == 200


WORDS = st.sampled_from(
    [
        *(b"CONNECT ", b"GET ", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b":443", b":", b"[", b"]"),
        *(b"api.twilio.com", b"example.com", b"http://", b"@", b"/", b"\0", b"\xff", b" "),
        *(b"Host: api.twilio.com\r\n", b"127.0.0.1", b":0", b":99999", b"GOOD"),
    ]
)


def test_whatever_a_proxy_is_told_it_answers_or_ends(attacked: Attacked, tell: Tell) -> None:
    def one_talk(words: list[bytes], cut: int) -> None:
        said = b"".join(words).replace(b"GOOD", attacked.get())
        heard = attacked.said([said[:cut], said[cut:]])
        if heard.startswith(ESTABLISHED):
            return
        for answer in read_answers(heard):
            assert answer.status < 500 or answer.status in (501, 502)

    campaign(
        tell,
        one_talk,
        examples(60, 5_000),
        words=st.lists(WORDS | st.binary(max_size=4), max_size=10),
        cut=st.integers(0, 60),
    )
