"""XML and CSV: the recorded style, and the same values as in JSON."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from tests.asking import Ask

HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
# In the order of the JSON keys.
NAMES = [
    "Sid",
    "DateCreated",
    "DateUpdated",
    "AccountSid",
    "FriendlyName",
    "ApiVersion",
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "VoiceFallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "VoiceCallerIdLookup",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "SmsStatusCallback",
    "MessageStatusCallback",
    "Uri",
    "PublicApplicationConnectEnabled",
]
STRANGE = ["<b>&amp;\"'", "a\r\nb\tc", " ", "]]>", "Zoë 電話 📞", "\x85\u2028", "=1+1", 'a,"b"\n,c']


def plain(value: object) -> str:
    """A value as it stands outside of JSON."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_an_application_as_xml_looks_like_a_recorded_resource(ask: Ask) -> None:
    made = ask.create(FriendlyName="Call tracking app", VoiceUrl="", SmsMethod="GET")
    sid, date = made["sid"], made["date_created"]
    assert ask("GET", f"Applications/{sid}").text == (
        f"{HEAD}<TwilioResponse><Application><Sid>{sid}</Sid>"
        f"<DateCreated>{date}</DateCreated><DateUpdated>{date}</DateUpdated>"
        f"<AccountSid>{ask.account.sid}</AccountSid>"
        "<FriendlyName>Call tracking app</FriendlyName><ApiVersion>2010-04-01</ApiVersion>"
        "<VoiceUrl></VoiceUrl><VoiceMethod>POST</VoiceMethod>"
        "<VoiceFallbackUrl/><VoiceFallbackMethod>POST</VoiceFallbackMethod>"
        "<StatusCallback/><StatusCallbackMethod>POST</StatusCallbackMethod>"
        "<VoiceCallerIdLookup>false</VoiceCallerIdLookup>"
        "<SmsUrl/><SmsMethod>GET</SmsMethod>"
        "<SmsFallbackUrl/><SmsFallbackMethod>POST</SmsFallbackMethod>"
        "<SmsStatusCallback/><MessageStatusCallback/>"
        f"<Uri>{ask.root}/Applications/{sid}</Uri>"
        "<PublicApplicationConnectEnabled>false</PublicApplicationConnectEnabled>"
        "</Application></TwilioResponse>"
    )


@pytest.mark.parametrize("extension", ["", ".xml"])
def test_a_list_as_xml_has_its_paging_in_attributes(ask: Ask, extension: str) -> None:
    a, b, c = [ask.create(FriendlyName="a & b")["sid"] for _ in range(3)][::-1]
    path = f"{ask.root}/Applications?FriendlyName=a+%26+b&amp;PageSize=1&amp;Page="
    query = f"FriendlyName=a+%26+b&PageSize=1&Page=1&PageToken=PA{a}"
    text = ask("GET", f"Applications{extension}", query=query).text
    assert text.startswith(
        f'{HEAD}<TwilioResponse><Applications end="1" firstpageuri="{path}0" '
        f'nextpageuri="{path}2&amp;PageToken=PA{b}" page="1" pagesize="1" '
        f'previouspageuri="{path}0&amp;PageToken=PB{b}" start="1" '
        f'uri="{path}1&amp;PageToken=PA{a}"><Application><Sid>{b}</Sid>'
    )
    assert text.endswith("</Application></Applications></TwilioResponse>")
    assert (text.count("<Application>"), c in text) == (1, False)


def test_a_single_page_as_xml_has_empty_uris_on_both_sides(ask: Ask) -> None:
    path = f"{ask.root}/Applications?PageSize=50&amp;Page=0"
    assert ask("GET", "Applications").text == (
        f'{HEAD}<TwilioResponse><Applications end="0" firstpageuri="{path}" nextpageuri="" '
        f'page="0" pagesize="50" previouspageuri="" start="0" uri="{path}"></Applications>'
        "</TwilioResponse>"
    )


def test_the_pages_of_an_xml_list_lead_on(ask: Ask) -> None:
    made = [ask.create()["sid"] for _ in range(3)][::-1]
    seen, path = [], f"{ask.root}/Applications?PageSize=2"
    while path:
        address, _, query = path.partition("?")
        page = ElementTree.fromstring(ask("GET", address, query=query).body)[0]
        seen += [sid.text for sid in page.iterfind("Application/Sid")]
        path = page.attrib["nextpageuri"]
    assert seen == made


@pytest.mark.parametrize("name", STRANGE)
def test_xml_says_the_same_as_json(ask: Ask, name: str) -> None:
    made = ask.create(FriendlyName=name, VoiceUrl="https://a.example/?b=c&d=%3C#e")
    for path in ("Applications", f"Applications/{made['sid']}.xml"):
        root = ElementTree.fromstring(ask("GET", path).body)
        [record] = root.iter("Application")
        assert [each.tag for each in record] == NAMES
        shown = {each.tag: each.text or "" for each in record}
        uri = made["uri"].removesuffix(".json")
        assert list(shown.values()) == [plain(value) for value in ({**made, "uri": uri}).values()]


def test_a_create_and_an_update_answer_in_xml_what_a_fetch_does(ask: Ask) -> None:
    created = ask("POST", "Applications", {"FriendlyName": "x"})
    assert created.status == 201
    path = f"Applications/{ElementTree.fromstring(created.body).findtext('Application/Sid')}"
    assert ask("GET", path).body == created.body
    updated = ask("POST", path, {"FriendlyName": "y"})
    assert updated.status == 200
    assert "<FriendlyName>y</FriendlyName>" in updated.text
    assert ask("GET", path).body == updated.body


@pytest.mark.parametrize("name", STRANGE)
def test_csv_has_a_row_of_names_and_a_row_for_each_record(ask: Ask, name: str) -> None:
    made = [ask.create(FriendlyName=name), ask.create()][::-1]
    answer = ask("GET", "Applications.csv")
    assert answer.headers["Content-Type"] == "text/csv"
    names, *rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert names == NAMES
    for row, record in zip(rows, made, strict=True):
        uri = record["uri"].removesuffix(".json")
        assert row == [plain(value) for value in ({**record, "uri": uri}).values()]


def test_csv_is_filtered_and_paged_as_any_list(ask: Ask) -> None:
    sids = [ask.create(FriendlyName=name)["sid"] for name in "xyxyx"][::-1]
    text = ask("GET", "Applications.csv", query="FriendlyName=x&PageSize=2").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Sid"] for row in rows] == [sids[0], sids[2]]


def test_an_empty_csv_list_is_the_row_of_names_alone(ask: Ask) -> None:
    assert ask("GET", "Applications.csv").text == ",".join(NAMES) + "\r\n"


def test_json_is_ascii_with_blanks_and_without_a_line_feed(ask: Ask) -> None:
    sid = ask.create(FriendlyName="Zoë")["sid"]
    for path in ("Applications.json", f"Applications/{sid}.json"):
        text = ask("GET", path).text
        assert text.isascii()
        assert '"friendly_name": "Zo\\u00eb", ' in text
        assert "\n" not in text
