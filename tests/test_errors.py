"""Refusals: 404, 405, 413, 501 and 400 in Twilio's envelope, as JSON and as XML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.asking import FORM, Ask
from tests.conftest import AskWith, ask_in_process
from twilio_mock import Settings, respond

NO_SUCH = "AP" + "0" * 32
ROOT = "/2010-04-01/Accounts"


def not_found(path: str) -> tuple[int, int, str]:
    return 404, 20404, f"The requested resource {path} was not found"


@pytest.mark.parametrize(
    "path",
    [
        f"Applications/{NO_SUCH}.json",
        f"Applications/{NO_SUCH.replace('0', 'A')}.json",
        "Applications/nonsense.json",
        f"Applications/{NO_SUCH[:-1]}.json",
        f"Applications/{NO_SUCH}0.json",
        f"Applications/ap{NO_SUCH[2:]}.json",
        f"Applications/AC{NO_SUCH[2:]}.json",
        f"Applications/AP{'g' * 32}.json",
        "Applications/AP" + "%D9%A3" * 32 + ".json",
        f"Applications/{NO_SUCH}%0A.json",
        f"Applications/{NO_SUCH}%00.json",
        f"Applications/{NO_SUCH}.json.json",
        f"Applications/{NO_SUCH}/Calls.json",
        f"Applications/{NO_SUCH}/.json",
        "Applications/.json",
        "Applications//.json",
        "Nonsense.json",
        "applications.json",
        "APPLICATIONS.json",
        "Application.json",
        "Applications%2F.json",
        f"Applications%2F{NO_SUCH}.json",
        "/.json",
        "/2010-04-01.json",
        "/2008-08-01/Accounts.json",
        "/nowhere.json",
    ],
)
def test_what_is_not_there_is_quoted_in_its_404(ask: Ask, path: str) -> None:
    answer = ask("GET", path)
    assert answer.refusal == not_found(path if path[0] == "/" else f"{ask.root}/{path}")
    assert answer.json["more_info"] == "https://www.twilio.com/docs/errors/20404"
    assert answer.headers["Content-Type"] == "application/json"
    assert ": " in answer.text


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "/",
        "Applications/",
        "Applications.json/",
        "Applications/{sid}/",
        "Applications/{sid}.json/",
        "Applications/{sid}.csv",
        "Applications/{sid}.html",
        "Applications/{sid}.JSON",
        "Applications.yaml",
        "Applications.",
        "Applications/../Applications",
        "Applications/{sid}/../{sid}",
        "Applications//{sid}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_is_almost_right_is_not_found_and_never_redirected(
    ask: Ask, method: str, tail: str
) -> None:
    made = ask.create()
    path = "/" if tail == "/" else f"{ask.root}/{tail.format(sid=made['sid'])}"
    answer = ask(method, path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/xml"
    assert f"<Message>The requested resource {path} was not found</Message>" in answer.text
    assert ask.page()["applications"] == [made]


def test_the_query_is_not_quoted_in_a_404(ask: Ask) -> None:
    path = f"{ask.root}/Applications/{NO_SUCH}.json"
    assert ask("GET", path, query="a=b").refusal == not_found(path)


@pytest.mark.parametrize(
    "path", [f"Applications/{NO_SUCH}", f"Applications/{NO_SUCH}.xml", "Calls"]
)
@pytest.mark.parametrize("credentials", ["own", None])
def test_a_refusal_as_xml_says_the_same_in_alphabetical_order(
    ask: Ask, path: str, credentials: str | None
) -> None:
    answer = ask("GET", path, credentials=credentials)
    head = b"<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>"
    assert answer.body.startswith(head)
    assert answer.headers["Content-Type"] == "application/xml"
    refusal = ElementTree.fromstring(answer.body)[0]
    assert [each.tag for each in refusal] == ["Code", "Message", "MoreInfo", "Status"]
    assert refusal.findtext("Status") == str(answer.status)
    as_json = ask("GET", f"{path.removesuffix('.xml')}.json", credentials=credentials).json
    assert refusal.findtext("Code") == str(as_json["code"])
    assert refusal.findtext("MoreInfo") == as_json["more_info"]


def test_an_encoded_letter_in_a_path_is_the_letter(ask: Ask) -> None:
    made = ask.create()
    assert ask("GET", f"%41pplications/%41{made['sid'][1:]}%2Ejson").json == made


@pytest.mark.parametrize("path", ["Applications/<b>&\"'\r\n", "Applications/%3Cb%3E", "a%00b"])
def test_an_xml_refusal_is_well_formed_whatever_the_path(path: str) -> None:
    answer = ask_in_process()("GET", path)
    assert ElementTree.fromstring(answer.body).findtext("RestException/Code") == "20404"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "Applications.json", {"GET", "POST"}),
        ("PUT", "Applications.json", {"GET", "POST"}),
        ("PATCH", "Applications.json", {"GET", "POST"}),
        ("TRACE", "Applications.json", {"GET", "POST"}),
        ("PROPFIND", "Applications.json", {"GET", "POST"}),
        ("POST", "Applications.csv", {"GET"}),
        ("PUT", "Applications/{sid}.json", {"DELETE", "GET", "POST"}),
        ("PATCH", "Applications/{sid}.json", {"DELETE", "GET", "POST"}),
        ("PUT", f"Applications/{NO_SUCH}.json", {"DELETE", "GET", "POST"}),
    ],
)
def test_a_method_that_means_nothing_there_is_answered_with_those_that_do(
    ask: Ask, method: str, path: str, allowed: set[str]
) -> None:
    made = ask.create()
    answer = ask(method, path.format(sid=made["sid"]), {"FriendlyName": "x"})
    assert answer.status == 405
    assert answer.headers["X-Twilio-Error-Code"] == "20004"
    named = set(answer.headers["Allow"].split(", "))
    assert named - {"HEAD", "OPTIONS"} == allowed
    if path.endswith(".json"):
        assert answer.refusal == (405, 20004, "Method not allowed")
    assert ask.page()["applications"] == [made]


@pytest.mark.parametrize(
    "path",
    [
        "Calls",
        "Messages",
        "Queues",
        "Balance",
        "SMS/Messages",
        "SIP/Domains",
        "Usage/Records/Daily",
        "AvailablePhoneNumbers/US/Local",
        f"Calls/CA{'0' * 32}/Recordings",
        "IncomingPhoneNumbers/Local",
        "IncomingPhoneNumbers/TollFree",
        f"IncomingPhoneNumbers/PN{'0' * 32}/AssignedAddOns",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_twilio_has_and_the_mock_has_not_is_a_501_that_explains(
    ask: Ask, method: str, path: str
) -> None:
    status, _, message = ask(method, path + ".json").refusal
    assert status == 501
    assert message.startswith("twilio_mock: ")
    assert path.partition("/")[0] in message
    assert "does not model" in message


@pytest.mark.parametrize("rest", ["Local", f"PN{'0' * 32}/AssignedAddOns"])
def test_the_stub_that_a_501_advises_is_for_that_place_alone(ask: Ask, rest: str) -> None:
    path = f"IncomingPhoneNumbers/{rest}.json"
    advice = re.search(r'account\.fault\("(.*?)"', ask("GET", path).refusal[2])
    assert advice is not None
    with ask.account.fault(advice[1], respond(200, {"local": []})):
        assert ask("GET", path).json == {"local": []}
        assert ask("GET", "IncomingPhoneNumbers.json").json["incoming_phone_numbers"] == []


def test_a_501_says_what_to_do_instead(ask: Ask) -> None:
    message = ask("POST", "Messages.json").refusal[2]
    assert "Resource" in message
    assert "TwilioMock(resources=" in message


@pytest.mark.parametrize("path", ["Applications.json", "Applications.xml"])
def test_a_body_above_the_limit_is_refused(ask_with: AskWith, path: str) -> None:
    ask = ask_with(Settings(body_limit=100))
    body = b"FriendlyName=x&Padding="
    fits = body + b"x" * (100 - len(body))
    assert ask("POST", path, body=fits, headers={"Content-Type": FORM}).status == 201
    answer = ask("POST", path, body=fits + b"x", headers={"Content-Type": FORM})
    assert answer.status == 413
    assert answer.headers["X-Twilio-Error-Code"] == "20413"
    assert "100 bytes" in answer.text
    assert len(ask.sids()) == 1


@pytest.mark.parametrize("count", [1000, 1001, 10_000])
def test_more_parameters_than_the_limit_are_refused(ask: Ask, count: int) -> None:
    form = [("FriendlyName", f"{number}") for number in range(count)]
    answer = ask("POST", "Applications.json", form)
    if count <= 1000:
        assert answer.json["friendly_name"] == "999"
    else:
        status, _, message = answer.refusal
        assert (status, message) == (
            400,
            "twilio_mock: more than 1000 parameters in one request",
        )
        assert ask.sids() == []


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("Applications.json", {"query": "FriendlyName=%FF"}),
        ("Applications.json", {"query": "FriendlyName=%ED%A0%80"}),
        ("Applications.json", {"query": "&".join(["a=b"] * 1001)}),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(ask: Ask, path: str, extra: dict[str, str]) -> None:
    status, _, message = ask("GET", path, query=extra["query"]).refusal
    assert status == 400
    assert message.startswith("twilio_mock: ")


def test_head_is_as_get_without_the_body(ask: Ask) -> None:
    sid = ask.create()["sid"]
    for path in ("Applications.json", f"Applications/{sid}", f"Applications/{NO_SUCH}.json"):
        head, get = ask("HEAD", path), ask("GET", path)
        assert head.body == b""
        assert head.status == get.status
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
        assert head.headers.get("Content-Length") == get.headers.get("Content-Length")


@pytest.mark.parametrize("path", ["Applications.json", f"Applications/{NO_SUCH}", "/nowhere", "/"])
def test_options_is_answered_anywhere_with_the_methods_there_are(ask: Ask, path: str) -> None:
    answer = ask("OPTIONS", path)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE, OPTIONS"
