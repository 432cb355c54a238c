"""Bad input gets a clear answer in Twilio's shape, changes nothing, and harms no one after it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.asking import FORM, Answer, Ask

LIST = "Applications.json"
NAME = b"FriendlyName=x"


@pytest.fixture(autouse=True)
def _nothing_changed_and_all_well_after(ask: Ask) -> Iterator[None]:
    """Around each test: what was stored stays, and the next good request is answered."""
    kept = ask.create(FriendlyName="kept")
    yield
    assert ask.fetch(kept["sid"]) == kept
    assert ask.create()["account_sid"] == ask.account.sid


def shaped(answer: Answer) -> Answer:
    """An answer after it was read in the format that it says it has."""
    assert answer.status < 500 or answer.status == 501
    content_type = answer.headers.get("Content-Type", "")
    if content_type.startswith("application/json"):
        read = answer.json
        if answer.status >= 400:
            assert list(read) == ["code", "message", "more_info", "status"]
    elif content_type == "application/xml":
        assert ElementTree.fromstring(answer.body).tag == "TwilioResponse"
    else:
        assert content_type == "text/csv" or answer.body == b""
    assert answer.headers["X-Twilio-Mock"]
    return answer


@pytest.mark.parametrize(
    "content_type",
    [
        f"{FORM}; charset=bogus",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=idna",
        f"{FORM}; charset=",
        f"{FORM};;;=;",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "/",
        ";",
        "é",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        NAME,
        b"",
        b"\0",
        b'{"FriendlyName": "x"}',
        b'--x\r\nContent-Disposition: form-data; name="FriendlyName"\r\n\r\nx',
        b"--x--",
    ],
)
def test_a_body_of_any_type_makes_an_application_or_a_refusal(
    ask: Ask, content_type: str, body: bytes
) -> None:
    answer = shaped(ask("POST", LIST, body=body, headers={"Content-Type": content_type}))
    assert answer.status in (201, 400)
    if answer.status == 201:
        is_form = content_type.startswith(FORM) and body == NAME
        assert answer.json["friendly_name"] == ("x" if is_form else None)


@pytest.mark.parametrize(
    "body",
    [
        b"FriendlyName=\xff",
        b"FriendlyName=\xc3",
        b"\xff=x",
        b"FriendlyName=%FF",
        b"%FF=x",
        b"FriendlyName=%C3",
        b"FriendlyName=%ED%A0%80",
        b"FriendlyName=%00",
        b"FriendlyName=a\0b",
        b"FriendlyName=%1B%5B2J",
        b"VoiceUrl=http://a.example/%00",
        b"VoiceUrl=%00",
        b"VoiceMethod=get",
        b"VoiceMethod=%00",
        b"FriendlyName=" + b"x" * 1_000_000,
        b"FriendlyName=" + b"%E9%9B%BB" * 65,
        b"&".join(b"FriendlyName=%d" % number for number in range(10_000)),
        b"&" * 10_000,
        b"VoiceUrl=http://" + b"a." * 100_000 + b"-/",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_form_that_says_what_cannot_be_is_refused(ask: Ask, body: bytes) -> None:
    before = ask.sids()
    for path in (LIST, f"Applications/{before[0]}.json"):
        answer = shaped(ask("POST", path, body=body, headers={"Content-Type": FORM}))
        assert answer.status == 400
        # The cause, and not the megabyte that it came in.
        assert len(answer.body) < len(body) + 1000
    assert ask.sids() == before


@pytest.mark.parametrize(
    "body",
    [
        b"FriendlyName=%",
        b"FriendlyName=%4",
        b"FriendlyName=%zz",
        b"=",
        b"&&&",
        b"====",
        b"FriendlyName",
        b"FriendlyName=\xe9\x9b\xbb",
        b";FriendlyName=x;",
        b"\r\nFriendlyName=x\r\n",
        b"\x01=x",
        b"%00=x",
        b"x" * 100_000,
        b"x" * 100_000 + b"=y",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_form_that_is_merely_odd_makes_an_application(ask: Ask, body: bytes) -> None:
    assert shaped(ask("POST", LIST, body=body, headers={"Content-Type": FORM})).status == 201


@pytest.mark.parametrize("length", [10, 2**21])
def test_a_body_on_a_request_that_needs_none_is_no_matter(ask: Ask, length: int) -> None:
    for method in ("GET", "DELETE", "OPTIONS", "PUT"):
        answer = shaped(ask(method, LIST, body=b"x" * length))
        assert answer.status in ((200, 405) if length == 10 else (200, 405, 413))


@pytest.mark.parametrize(
    "coded",
    # (Without a time in them: all workers of a run have to find the same tests.)
    [
        b"no gzip",
        gzip.compress(b"FriendlyName=x", mtime=0)[:-9],
        b"",
        gzip.compress(b"x" * 2**21, mtime=0),
    ],
)
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "bogus"])
def test_a_coded_body_is_decoded_or_refused(ask: Ask, encoding: str, coded: bytes) -> None:
    headers = {"Content-Type": FORM, "Content-Encoding": encoding}
    answer = shaped(ask("POST", LIST, body=coded, headers=headers))
    assert answer.status in (201, 400, 413, 415)


@pytest.mark.parametrize(
    "path",
    [
        "Applications/%",
        "Applications/%zz.json",
        "Applications/%00.json",
        "Applications/%FF.json",
        "Applications/%ED%A0%80",
        "Applications%00.json",
        "Applications/..%2f..%2f..%2fetc%2fpasswd",
        "../../../../etc/passwd",
        "Applications/;a=b.json",
        "Applications/" + "x" * 4000 + ".json",
        "/" * 4000,
        "." * 4000,
        "/%2e%2e/" * 500,
        "*",
        "Applications.json%20",
        "Applications.json;",
        "Applications.js%6Fn;x",
    ],
    ids=lambda path: path[:40],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_leads_nowhere_is_not_found(ask: Ask, method: str, path: str) -> None:
    before = ask.sids()
    assert shaped(ask(method, path)).status == 404
    assert ask.sids() == before


@pytest.mark.parametrize(
    "query",
    [
        "FriendlyName=%",
        "FriendlyName=%00",
        "FriendlyName=" + "x" * 4000,
        "PageSize=" + "9" * 4000,
        "Page=" + "9" * 4000 + "&PageToken=",
        "Page=-99999999999999999999",
        "PageToken=" + "%00" * 100,
        "PageToken=PA",
        "&".join(["PageSize=1"] * 400),
        "?????",
        "=&=&=",
        "a" * 4000,
    ],
    ids=lambda query: query[:40],
)
@pytest.mark.parametrize("extension", ["json", "xml", "csv"])
def test_a_list_is_a_page_or_a_refusal_whatever_the_query(
    ask: Ask, query: str, extension: str
) -> None:
    assert shaped(ask("GET", f"Applications.{extension}", query=query)).status in (200, 400)
