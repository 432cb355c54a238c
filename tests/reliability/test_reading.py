"""Whatever parameters, paths and page tokens hold, they are read as an oracle of our own says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from tests.asking import Ask
from tests.conftest import ask_in_process
from tests.reliability.campaign import campaign, examples, refusal_by
from tests.reliability.conftest import Tell
from twilio_mock import Settings
from twilio_mock.errors import MockRefusal, TwilioError
from twilio_mock.resources import RESOURCES
from twilio_mock.rest.parameters import FORM, read_form, read_pairs
from twilio_mock.rest.routing import find_route, read_path
from twilio_mock.rest.task import Check

SETTINGS = Settings(parameter_limit=20)
SHOWABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def read_by_hand(body: bytes) -> list[tuple[str, str]]:
    """What the URL standard makes of a form; raises `UnicodeDecodeError`."""
    body.decode()  # also what is not percent-encoded
    pairs = []
    for part in body.split(b"&"):
        if part:
            name, _, value = part.replace(b"+", b" ").partition(b"=")
            pairs.append((unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()))
    return pairs


def parameters_of(body: bytes) -> list[tuple[str, str]]:
    return list(read_pairs(read_form(body, FORM, Check(SETTINGS)), SETTINGS))


def one_form(body: bytes) -> None:
    try:
        expected = read_by_hand(body)
    except UnicodeDecodeError:
        expected = None
    too_many = body.count(b"&") + 1 > SETTINGS.parameter_limit
    if refusal := refusal_by(lambda: parameters_of(body), MockRefusal):
        assert refusal.status == 400
        assert expected is None or too_many
        return
    assert parameters_of(body) == expected


FORM_PARTS = st.sampled_from(
    [b"&", b"=", b"+", b"%", b"%2", b"%26", b"%C3", b"%c3%a9", b"\xff", b"\0", b";", b"a", b"\r\n"]
)
FORMS = st.one_of(
    st.binary(max_size=60),
    st.lists(FORM_PARTS | st.binary(max_size=3), max_size=40).map(b"".join),
)


def test_a_form_is_read_as_the_url_standard_says_or_refused(tell: Tell) -> None:
    campaign(tell, one_form, examples(300, 30_000), body=FORMS)


PLURALS = {"Applications": "AP", "IncomingPhoneNumbers": "PN", "Keys": "SK"}
ELSEWHERE = ["Calls", "Messages", "SIP", "Queues"]
HEX = st.text("0123456789abcdefABCDEF", min_size=32, max_size=32)
SIDS = st.builds(str.__add__, st.sampled_from(["AC", "AP", "PN", "SK", "ap", "XX"]), HEX)
SEGMENTS = st.one_of(
    st.sampled_from(["", "2010-04-01", "2010-04-02", "Accounts", *PLURALS, *ELSEWHERE, ".", ".."]),
    SIDS,
    SHOWABLE,
)
GOOD_SEGMENTS = st.builds(
    lambda account, plural, sid: ["", "2010-04-01", "Accounts", account, plural, *sid],
    SIDS,
    st.sampled_from([*PLURALS, *ELSEWHERE]),
    st.lists(SIDS, max_size=2),
)
PATHS = st.one_of(GOOD_SEGMENTS, st.lists(SEGMENTS, max_size=8), GOOD_SEGMENTS.map(lambda s: s[:4]))
EXTENSIONS = st.sampled_from(["", ".json", ".xml", ".csv", ".html", ".", ".JSON"])


def expected_place(segments: list[str], extension: str) -> tuple[str, str | None, str] | int:
    """Plural, SID and format that a path leads to, or the status that refuses it."""
    if segments[:3] != ["", "2010-04-01", "Accounts"]:
        return 404
    if extension not in ("", ".json", ".xml", ".csv"):
        return 404
    wanted = extension[1:] or "xml"
    rest = segments[3:]
    if len(rest) <= 1:
        plural, prefix, sid = "Accounts", "AC", rest
    else:
        plural, sid = rest[1], rest[2:]
        if plural in ELSEWHERE:
            return 501
        if plural not in PLURALS:
            return 404
        prefix = PLURALS[plural]
        if len(sid) > 1 and plural != "Applications":
            return 501  # Twilio has more below a number
    if not sid:
        return plural, None, wanted
    if len(sid) > 1 or wanted == "csv" or not re.fullmatch(prefix + "[0-9a-fA-F]{32}", sid[0]):
        return 404
    return plural, sid[0], wanted


def encoded_somewhere(text: str, mask: int) -> str:
    """The same segment with some of its bytes percent-encoded, and all that have to be."""
    return "".join(
        f"%{byte:02X}"
        if mask >> number & 1 or not 0x21 <= byte < 0x7F or byte in b"%/?#"
        else "" or chr(byte)
        for number, byte in enumerate(text.encode())
    )


def one_path(segments: list[str], extension: str, mask: int) -> None:
    *before, last = segments or [""]
    # What follows the last dot is an extension.
    assume("." not in last)
    written = [encoded_somewhere(segment, mask) for segment in [*before, last + extension]]
    path = read_path("/".join(written))
    expected = expected_place([*before, last], extension)
    if refusal := refusal_by(lambda: find_route(RESOURCES, path), TwilioError):
        assert refusal.status == expected
    else:
        route = find_route(RESOURCES, path)
        assert (route.resource.plural, route.sid, route.format) == expected
    under_account = segments[:3] == ["", "2010-04-01", "Accounts"] and len(segments) > 3
    assert path.account == (segments[3] if under_account else None)


def test_a_path_leads_where_it_says_however_it_is_encoded(tell: Tell) -> None:
    campaign(
        tell,
        one_path,
        examples(200, 20_000),
        segments=PATHS,
        extension=EXTENSIONS,
        mask=st.integers(0, 2**40),
    )


def one_raw_path(text: str) -> None:
    path = read_path(text)
    if refusal := refusal_by(lambda: find_route(RESOURCES, path), TwilioError):
        assert refusal.status in (404, 501)
    else:
        assert text.startswith("/")
        assert find_route(RESOURCES, path).format in ("json", "xml", "csv")


def test_any_text_as_a_path_is_a_place_or_a_refusal(tell: Tell) -> None:
    pieces = st.sampled_from(["/", "%2F", "%", "%00", ".", "..", "2010-04-01", "Accounts", ".json"])
    anything = st.text(st.characters(exclude_categories=()), max_size=20)
    paths = st.lists(pieces | anything, max_size=12).map("".join)
    campaign(tell, one_raw_path, examples(200, 20_000), text=paths)


class Listed:
    """An account with applications, some of them deleted, and the list as it was at its fullest."""

    def __init__(self) -> None:
        self.ask: Ask = ask_in_process()
        self.neighbour = self.ask.neighbour().create()["sid"]
        sids: list[tuple[int, int, str]] = []
        for second in (5, 1, 3, 3, 9, 3, 1):  # not in the order of their dates
            self.ask.account.clock.set(datetime.fromtimestamp(10**9 + second, UTC))
            sids.append((second, len(sids), self.ask.create()["sid"]))
        self.places = [sid for *_, sid in sorted(sids, reverse=True)]
        for gone in (0, 3, 6):
            self.ask("DELETE", f"Applications/{self.places[gone]}.json")
        self.there = set(self.ask.sids())

    def page(self, size: int, token: str) -> tuple[list[str], str | None, str | None] | None:
        """A page by its token, and the tokens that lead on and back; `None` for a refusal."""
        if not token:
            wanted = [sid for sid in self.places if sid in self.there][:size]
        elif token[:2] not in ("PA", "PB") or token[2:] not in self.places:
            return None
        else:
            place = self.places.index(token[2:])
            if token[:2] == "PA":
                wanted = [sid for sid in self.places[place + 1 :] if sid in self.there][:size]
            else:
                wanted = [sid for sid in self.places[:place] if sid in self.there][-size:]
        if not wanted:
            return [], None, None
        left = [sid for sid in self.places if sid in self.there]
        onward = f"PA{wanted[-1]}" if wanted[-1] != left[-1] else None
        return wanted, onward, f"PB{wanted[0]}" if wanted[0] != left[0] else None


@pytest.fixture(scope="module")
def listed() -> Listed:
    return Listed()


def token_of(uri: str | None) -> str | None:
    return uri and uri.partition("PageToken=")[2]


def test_a_page_token_leads_to_its_place_or_is_refused(listed: Listed, tell: Tell) -> None:
    def one_token(token: str, size: int, page: int | None) -> None:
        sent = {"PageSize": str(size), "PageToken": token}
        if page is not None:
            sent["Page"] = str(page)
        answer = listed.ask("GET", "Applications.json", query=sent)
        expected = listed.page(size, token)
        if expected is None or (page and not token):
            code = 20001 if expected is not None else 21481
            assert answer.refusal[:2] == (400, code)
            return
        found = answer.json
        assert [each["sid"] for each in found["applications"]] == expected[0]
        assert token_of(found["next_page_uri"]) == expected[1]
        assert token_of(found["previous_page_uri"]) == expected[2]

    known = st.sampled_from([*listed.places, listed.neighbour, "AP" + "0" * 32, "", "AP"])
    tokens = st.one_of(
        st.builds(str.__add__, st.sampled_from(["PA", "PB", "PA", "PB", "", "pa", "PAPA"]), known),
        st.text(max_size=36),
    )
    campaign(
        tell,
        one_token,
        examples(200, 5_000),
        token=tokens,
        size=st.integers(1, 9),
        page=st.none() | st.integers(0, 9),
    )
