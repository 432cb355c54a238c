"""Seed documents and TwiML: what is no good is refused whole, what is good is read as written."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import strategies as st

from tests.accounts.loose_ends import assert_no_loose_ends
from tests.asking import Ask, in_process_door
from tests.reliability.campaign import campaign, examples, refusal_by
from tests.reliability.conftest import Tell
from twilio_mock import TwilioMock
from twilio_mock.state.deliveries import Element, WebhookReply
from twilio_mock.webhooks.judgement import CALLBACK, MESSAGING, VOICE, judge
from twilio_mock.webhooks.twiml import VOICE_VERBS, read_twiml

PARENT, CHILD, OTHER, NEW = ("AC" + digit * 32 for digit in "1234")
APP, NUMBER, KEY = "AP" + "1" * 32, "PN" + "1" * 32, "SK" + "1" * 32
KEPT: dict[str, Any] = {
    "accounts": [
        {
            "sid": PARENT,
            "applications": [{"sid": APP}],
            "incoming_phone_numbers": [{"phone_number": "+15005550006", "sid": NUMBER}],
            "keys": [{"sid": KEY}],
            "subaccounts": [{"sid": CHILD, "applications": [{}]}],
        },
        {"sid": OTHER},
    ]
}
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.sampled_from(["", "https://a.example/", "GET", "+15005550001", "active", "x" * 65]),
    st.sampled_from(
        [APP, NUMBER, KEY, PARENT, CHILD, OTHER, NEW, "AP" + "9" * 32, "TK" + "1" * 32]
    ),
)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
dates = st.one_of(
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones() | st.just(None)).map(lambda each: each.isoformat()),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(["Thu, 30 Jul 2015 20:00:00 +0000", "Mon, 1 Jan 2020 00:00:00 +9999999999999"]),
    st.from_regex(r"\A(Mon, )?[0-9]{1,2} Jan [0-9]{1,5} [0-9]{2}:[0-9]{2} [-+][0-9]{1,30}\Z"),
)
EXACT = {"date_created": dates, "date_updated": dates}


def part(names: list[str], **lists: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of which each member may be missing, and sometimes one too many."""
    members = {name: EXACT.get(name, scalars) for name in names}
    optional = {**members, **lists, "surplus": st.just(1)}
    few = st.sets(st.sampled_from(sorted(optional)), max_size=4)
    return few.flatmap(
        lambda chosen: st.fixed_dictionaries({name: optional[name] for name in chosen})
    )


def several(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=2) | scalars


DATES = ["date_created", "date_updated"]
account_fields = ["sid", "auth_token", "friendly_name", "status", "type", "secondary_auth_token"]
contents = {
    "applications": several(part(["sid", "friendly_name", "voice_url", "voice_method", *DATES])),
    "incoming_phone_numbers": several(
        part(["sid", "phone_number", "area_code", "voice_application_sid", "trunk_sid", *DATES])
    ),
    "keys": several(part(["sid", "secret", "main", "friendly_name", *DATES])),
}
subaccounts = several(part([*account_fields, *DATES], **contents))
accounts = part([*account_fields, *DATES], **contents, subaccounts=subaccounts)
documents = st.fixed_dictionaries({"accounts": st.lists(accounts, max_size=3)}) | json_values


def seeded() -> TwilioMock:
    mock = TwilioMock(account_sid="AC" + "0" * 32, seed="kept")
    mock.clock.set(10**9)
    mock.seed(copy.deepcopy(KEPT))
    return mock


def all_can_be_shown(mock: TwilioMock) -> None:
    """Every record of every account, in every format."""
    door = in_process_door(mock.state)
    for account in mock.accounts:
        ask = Ask(door, mock, account)
        for path in ("Applications", "IncomingPhoneNumbers", "Keys", "/2010-04-01/Accounts"):
            for extension in ("json", "xml", "csv"):
                answer = ask("GET", f"{path}.{extension}")
                # A seeded account may be suspended, or one of test credentials.
                assert answer.status in (200, 403), answer.text


def one_document(document: Any, folder: Path) -> None:
    mock = seeded()
    before = mock.export()
    file = folder / "seed.json"
    file.write_text(json.dumps(document))
    if refusal := refusal_by(lambda: mock.seed(file), ValueError):
        assert str(refusal).startswith("twilio_mock: ")
        assert mock.export() == before
    assert_no_loose_ends(mock.state)
    all_can_be_shown(mock)
    again = TwilioMock(account_sid="AC" + "0" * 32)
    exported = mock.export()
    again.seed(json.loads(json.dumps(exported)))
    assert again.export() == exported


def test_a_seed_document_is_stored_whole_or_refused_whole(tmp_path: Path, tell: Tell) -> None:
    def one_seed(document: Any) -> None:
        one_document(document, tmp_path)

    campaign(tell, one_seed, examples(200, 8_000), document=documents)


def test_a_seed_file_of_any_bytes_is_read_or_refused(tmp_path: Path, tell: Tell) -> None:
    file = tmp_path / "seed.json"

    def one_file(written: bytes) -> None:
        mock = TwilioMock()
        before = mock.export()
        file.write_bytes(written)
        if refusal := refusal_by(lambda: mock.seed(file), ValueError):
            assert str(refusal).startswith("twilio_mock: ")
            assert mock.export() == before

    good = json.dumps(KEPT).encode()
    deep = [b"[" * 5_000, b'{"a":' * 5_000, b"1" * 5_000, b"\xef\xbb\xbf{}"]
    cut = st.integers(0, len(good)).map(lambda length: good[:length])
    written = st.binary() | cut | st.sampled_from(deep)
    campaign(tell, one_file, examples(60, 10_000), written=written)


NAMES = st.sampled_from(["Response", *sorted(VOICE_VERBS), "say", "_"])
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(CHARACTERS | st.sampled_from("<&>\"' \t\n"), max_size=8)


def tree(name: str, text: str, attributes: dict[str, str], children: list[Any]) -> Any:
    element = ElementTree.Element(name, attributes)
    element.text = text
    element.extend(children)
    return element


TREES: st.SearchStrategy[Any] = st.deferred(
    lambda: st.builds(
        tree, NAMES, TEXTS, st.dictionaries(NAMES, TEXTS, max_size=2), st.lists(TREES, max_size=2)
    )
)


def same(read: Element, written: Any) -> bool:
    """Whether an element was read as it was written; what follows a child is no text of it."""
    return (
        read.name == written.tag
        and read.text == (written.text or "")
        and read.attributes == written.attrib
        and len(read.children) == len(written)
        and all(map(same, read.children, written))
    )


def one_tree(written: Any, encoding: str) -> None:
    written.tag = "Response"
    written.attrib.pop("version", None)
    body = ElementTree.tostring(written, encoding, xml_declaration=True)
    document = read_twiml(body, VOICE_VERBS)
    assert document.root is not None, document.reason
    assert same(document.root, written)


def test_twiml_is_read_as_it_was_written_in_any_encoding(tell: Tell) -> None:
    encodings = st.sampled_from(["utf-8", "utf-16", "us-ascii", "iso-8859-1"])
    campaign(tell, one_tree, examples(80, 4_000), written=TREES, encoding=encodings)


PIECES = st.sampled_from(
    [
        *("<Response>", "</Response>", "<Say>", "</Say>", "<Say", ">", "/>", "<a:b xmlns:a='c'/>"),
        *("<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-7'?>", "<!DOCTYPE r>"),
        *("<?xml version='1.0' encoding='idna'?>", "<?xml version='1.0' encoding='hex'?>"),
        *("<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&#0;", "&#x110000;", "&x;", "<?php ?>"),
        *(" version='2010-04-01'", " a='", "'", "\0", "\ufeff", "é", "\n"),
    ]
)
BODIES = st.one_of(
    st.binary(max_size=80),
    st.builds(
        lambda parts, coding: "".join(parts).encode(coding),
        st.lists(PIECES | st.text(CHARACTERS, max_size=3), max_size=12),
        st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "utf-32"]),
    ),
)
TYPES = st.sampled_from(
    ["text/xml", "application/xml", "text/plain", "audio/mpeg", "", "text/html; charset=utf-16"]
) | st.text(max_size=10)


def one_reply(body: bytes, content_type: str, status: int) -> None:
    document = read_twiml(body, VOICE_VERBS)
    assert (document.root is None) == (document.error_code is not None)
    if document.root is None:
        assert document.reason
    reply = WebhookReply(status, (("Content-Type", content_type),), body)
    for kind in (VOICE, MESSAGING, CALLBACK):
        judge(reply, kind, "https://me.example/voice")


def test_any_reply_of_an_endpoint_is_judged(tell: Tell) -> None:
    campaign(
        tell,
        one_reply,
        examples(200, 20_000),
        body=BODIES,
        content_type=TYPES,
        status=st.integers(100, 599),
    )
