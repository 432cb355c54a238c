"""curl against the mock, as Twilio's documentation uses it: every operation, format and header."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.real_parts import clean_environment, require
from twilio_mock import TwilioMock, __version__

VOICE = "http://demo.twilio.com/docs/voice.xml?a=1&b=%20"


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    require("curl")
    with TwilioMock() as mock:
        yield mock


def curl(mock: TwilioMock, path: str, *options: str, sent: str | None = None) -> str:
    """What curl prints for a path below the account, or from the root if it opens with a slash."""
    if not path.startswith("/"):
        path = f"/2010-04-01/Accounts/{mock.account.sid}/{path}"
    credentials = f"{mock.account.sid}:{mock.account.auth_token}"
    ended = subprocess.run(
        ["curl", "-qsS", "--max-time", "10", "-u", credentials, *options, mock.url + path],
        input=sent,
        env=clean_environment(),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return ended.stdout


def curl_json(mock: TwilioMock, path: str, *options: str) -> Any:
    """The answer to a request for a `.json` path, as Python values."""
    return json.loads(curl(mock, path, *options))


def curl_with_head(mock: TwilioMock, path: str, *options: str) -> tuple[str, Message, str]:
    """The status line, headers and body that `curl -i` shows."""
    head, body = curl(mock, path, "-i", *options).replace("\r\n", "\n").split("\n\n", 1)
    status_line, headers = head.split("\n", 1)
    return status_line, message_from_string(headers), body


def create(mock: TwilioMock, *parameters: str) -> Any:
    """A new application, from `Name=value` parameters."""
    options = [word for parameter in parameters for word in ("--data-urlencode", parameter)]
    return curl_json(mock, "Applications.json", "-X", "POST", *options)


def as_xml(application: dict[str, Any]) -> list[tuple[str, str | None]]:
    """An application of a JSON answer as the tags and texts of its XML, in their order."""
    texts = {True: "true", False: "false", "": None}
    shown = application | {"uri": application["uri"].removesuffix(".json")}
    return [(n.title().replace("_", ""), texts.get(v, v)) for n, v in shown.items()]


def test_create_fetch_update_and_delete(mock: TwilioMock) -> None:
    created = create(mock, "FriendlyName=Zoë & Søn, 100% + more", f"VoiceUrl={VOICE}")
    assert created["friendly_name"] == "Zoë & Søn, 100% + more"
    assert created["voice_url"] == VOICE
    path = f"Applications/{created['sid']}.json"
    assert curl_json(mock, path) == created
    updated = curl_json(mock, path, "-X", "POST", "--data-urlencode", "SmsMethod=GET")
    changed = {"sms_method": "GET", "date_updated": updated["date_updated"]}
    assert updated == created | changed
    assert curl(mock, path, "-X", "DELETE", "-w", "%{http_code} %{size_download}") == "204 0"
    assert len(mock.account.applications) == 0
    assert curl_json(mock, path, "-X", "DELETE") == {
        "code": 20404,
        "message": f"The requested resource {created['uri']} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_the_list_is_newest_first_and_its_next_page_uri_leads_on(mock: TwilioMock) -> None:
    sids = [create(mock)["sid"] for _ in range(3)]
    first = curl_json(mock, "Applications.json?PageSize=2")
    path = f"/2010-04-01/Accounts/{mock.account.sid}/Applications.json"
    assert first["next_page_uri"] == f"{path}?PageSize=2&Page=1&PageToken=PA{sids[1]}"
    second = curl_json(mock, first["next_page_uri"])
    listed = first["applications"] + second["applications"]
    assert [application["sid"] for application in listed] == sids[::-1]
    assert (first["start"], first["end"], second["start"], second["end"]) == (0, 1, 2, 2)
    assert second["next_page_uri"] is None
    assert curl_json(mock, second["previous_page_uri"])["applications"] == first["applications"]


def test_the_list_is_filtered_by_the_whole_friendly_name(mock: TwilioMock) -> None:
    named = create(mock, "FriendlyName=Phone Me & You")
    create(mock, "FriendlyName=Phone Me")
    wanted = ("--get", "--data-urlencode", "FriendlyName=Phone Me & You")
    page = curl_json(mock, "Applications.json", *wanted)
    assert page["applications"] == [named]
    listing = f"/2010-04-01/Accounts/{mock.account.sid}/Applications.json"
    assert page["uri"] == f"{listing}?FriendlyName=Phone+Me+%26+You&PageSize=50&Page=0"


@pytest.mark.parametrize("extension", [".xml", ""])
def test_xml_tells_what_json_tells(extension: str, mock: TwilioMock) -> None:
    parameters = ("-d", "FriendlyName=A<B", "-d", "SmsUrl=", "-H", "Accept: application/json")
    status_line, headers, body = curl_with_head(mock, f"Applications{extension}", *parameters)
    assert status_line.startswith("HTTP/1.1 201 ")
    assert headers["Content-Type"] == "application/xml"
    assert body.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><Application>")
    assert "<SmsUrl></SmsUrl>" in body
    assert "<VoiceUrl/>" in body
    [created] = ElementTree.fromstring(body)
    sid = created.findtext("Sid")
    shown = [(child.tag, child.text) for child in created]
    assert shown == as_xml(curl_json(mock, f"Applications/{sid}.json"))
    assert curl(mock, f"Applications/{sid}{extension}") == body
    updated = curl(mock, f"Applications/{sid}{extension}", "-d", "SmsMethod=GET")
    assert "<SmsMethod>GET</SmsMethod>" in updated
    assert curl(mock, f"Applications/{sid}{extension}", "-X", "DELETE") == ""
    [refusal] = ElementTree.fromstring(curl(mock, f"Applications/{sid}{extension}"))
    gone = f"/2010-04-01/Accounts/{mock.account.sid}/Applications/{sid}{extension}"
    assert [(child.tag, child.text) for child in refusal] == [
        ("Code", "20404"),
        ("Message", f"The requested resource {gone} was not found"),
        ("MoreInfo", "https://www.twilio.com/docs/errors/20404"),
        ("Status", "404"),
    ]


def test_an_xml_list_has_its_paging_in_attributes(mock: TwilioMock) -> None:
    sids = [create(mock)["sid"] for _ in range(2)]
    body = curl(mock, "Applications.xml")
    assert body == curl(mock, "Applications")
    [page] = ElementTree.fromstring(body)
    here = f"/2010-04-01/Accounts/{mock.account.sid}/Applications?PageSize=50&Page=0"
    assert page.tag == "Applications"
    assert list(page.attrib.items()) == [
        ("end", "1"),
        ("firstpageuri", here),
        ("nextpageuri", ""),
        ("page", "0"),
        ("pagesize", "50"),
        ("previouspageuri", ""),
        ("start", "0"),
        ("uri", here),
    ]
    assert [application.findtext("Sid") for application in page] == sids[::-1]


def test_a_csv_list_has_a_row_for_each_application(mock: TwilioMock) -> None:
    created = [create(mock, f"FriendlyName={name}") for name in ("plain", 'a "b", c', "two\nlines")]
    _, headers, body = curl_with_head(mock, "Applications.csv")
    assert headers.get_content_type() == "text/csv"
    rows = list(csv.DictReader(body.splitlines(keepends=True)))
    shown = [(row["Sid"], row["FriendlyName"], row["VoiceMethod"]) for row in rows]
    assert shown == [(one["sid"], one["friendly_name"], "POST") for one in created[::-1]]


def test_an_answer_carries_the_headers_of_twilio_and_the_mock_s_own(mock: TwilioMock) -> None:
    create(mock)
    status_line, headers, body = curl_with_head(mock, "Applications.json", "-d", "FriendlyName=é")
    assert status_line.startswith("HTTP/1.1 201 ")
    expected = {
        "Content-Type": "application/json;charset=utf-8",
        "Content-Length": str(len(body.encode())),
        "Twilio-Concurrent-Requests": "1",
        "X-Home-Region": "us1",
        "X-API-Domain": "api.twilio.com",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Powered-By": "AT-5000",
        "X-Shenanigans": "none",
        "X-Twilio-Mock": __version__,
    }
    assert {name: headers[name] for name in expected} == expected
    assert re.fullmatch(r"RQ[0-9a-f]{32}", headers["Twilio-Request-Id"])
    assert re.fullmatch(r"\d+\.\d{3}", headers["Twilio-Request-Duration"])
    assert headers["Date"].endswith(" GMT")
    assert not [name for name in headers if name.lower().startswith("access-control-")]


def test_a_request_with_an_origin_gets_the_cors_headers(mock: TwilioMock) -> None:
    headers = curl_with_head(mock, "Applications.json", "-H", "Origin: https://me.example")[1]
    assert headers["Access-Control-Allow-Origin"]
    assert "DELETE" in headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        (("-H", "Authorization:"), "Authentication Error - No credentials provided"),
        (("-u", "somebody@me.example:secret"), "Authentication Error - invalid username"),
        (("-u", "{account_sid}:wrong"), "Authenticate"),
    ],
)
def test_wrong_credentials_are_refused_with_a_challenge(
    credentials: tuple[str, ...], message: str, mock: TwilioMock
) -> None:
    options = [option.format(account_sid=mock.account.sid) for option in credentials]
    _, headers, body = curl_with_head(mock, "Applications.json", *options)
    refusal = json.loads(body)
    assert (refusal["status"], refusal["message"]) == (401, message)
    assert headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Twilio-Error-Code"] == "20003"


def test_curl_finds_the_way_to_log_in_by_the_challenge(mock: TwilioMock) -> None:
    assert curl_json(mock, "Applications.json", "--anyauth")["applications"] == []


def test_a_method_that_twilio_does_not_have_names_those_that_it_has(mock: TwilioMock) -> None:
    _, headers, body = curl_with_head(mock, "Applications.json", "-X", "PUT")
    assert json.loads(body)["status"] == 405
    assert {"GET", "POST"} <= set(headers["Allow"].replace(" ", "").split(","))
    assert headers["X-Twilio-Error-Code"] == "20004"


def test_head_answers_like_get_without_a_body(mock: TwilioMock) -> None:
    got = curl(mock, "Applications.json")
    _, headers, body = curl_with_head(mock, "Applications.json", "--head")
    assert (headers["Content-Length"], body) == (str(len(got)), "")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Transfer-Encoding: chunked", "Phone Me"),
        ("Content-Type: application/json", None),
    ],
)
def test_a_form_is_read_and_no_other_body(header: str, name: str | None, mock: TwilioMock) -> None:
    sent = ("-H", header, "-d", "FriendlyName=Phone+Me")
    assert curl_json(mock, "Applications.json", *sent)["friendly_name"] == name


def test_a_body_too_large_is_refused_although_curl_awaits_a_continue(mock: TwilioMock) -> None:
    name = "x" * 1_100_000  # from 1 MiB on curl sends `Expect: 100-continue` and holds the body
    upload = ("-d", "@-", "-o", "/dev/null", "-w", "%{http_code}")
    assert curl(mock, "Applications.json", *upload, sent=f"FriendlyName={name}") == "413"
    assert len(mock.account.applications) == 0
