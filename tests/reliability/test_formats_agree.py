"""JSON, XML and CSV say the same of every record, of every page and of every refusal."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import strategies as st

from tests.asking import Answer, Ask
from tests.conftest import ask_in_process
from tests.reliability.campaign import campaign, examples
from tests.reliability.conftest import Tell

# What XML 1.0 can hold.
TEXT = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters="".join(map(chr, {*range(32)} - {9, 10, 13})) + "\ufffe\uffff",
    )
    | st.sampled_from("<>&\"'\r\n\t]=,;+ %#?"),
    max_size=64,
)
PATHS = st.from_regex(r"\A/[!-~]{0,12}\Z").filter(lambda text: " " not in text)
URLS = st.builds("https://h.example{}".format, PATHS) | st.just("")
METHODS = st.sampled_from(["GET", "POST"])
SWITCHES = st.sampled_from(["true", "false", "TRUE"])
FORMS: dict[str, st.SearchStrategy[dict[str, str]]] = {
    "Applications": st.fixed_dictionaries(
        {},
        optional={
            "FriendlyName": TEXT,
            "VoiceUrl": URLS,
            "VoiceMethod": METHODS,
            "VoiceCallerIdLookup": SWITCHES,
            "SmsUrl": URLS,
            "StatusCallback": URLS,
            "MessageStatusCallback": URLS,
        },
    ),
    "IncomingPhoneNumbers": st.fixed_dictionaries(
        {"PhoneNumber": st.integers(10**9, 10**14).map("+{}".format)},
        optional={"FriendlyName": TEXT, "VoiceUrl": URLS, "SmsMethod": METHODS},
    ),
    "Keys": st.fixed_dictionaries({}, optional={"FriendlyName": TEXT}),
    "Accounts": st.fixed_dictionaries({}, optional={"FriendlyName": TEXT}),
}


def in_snake_case(name: str) -> str:
    """The JSON key of an XML element or a CSV column."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() if not name.isupper() else name.lower()


def plain(value: Any, extension: str = ".json") -> Any:
    """A JSON value as it stands in XML, where all is text and a path has no extension."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return text.removesuffix(extension) if text.startswith("/2010-04-01/") else text


def of_element(element: ElementTree.Element) -> Any:
    """The same of an XML element."""
    if len(element):
        return {in_snake_case(each.tag): of_element(each) for each in element}
    return element.text or ""


def of_cell(text: str, value: Any) -> Any:
    """The same of a cell, where what is no text is JSON."""
    return plain(json.loads(text)) if isinstance(value, dict) else text


def one_record(ask: Ask, path: str, form: dict[str, str]) -> dict[str, Any]:
    """Store a record, and see that each format shows it in the same way."""
    answer = ask("POST", f"{path}.json", form)
    assert answer.status == 201, answer.text
    made: dict[str, Any] = answer.json
    fetched: dict[str, Any] = ask("GET", f"{path}/{made['sid']}.json").json
    assert fetched.items() <= made.items()
    for extension in ("", ".xml"):
        root = ElementTree.fromstring(ask("GET", f"{path}/{made['sid']}{extension}").body)
        assert of_element(root[0]) == plain(fetched)
        assert list(of_element(root[0])) == list(fetched)
    return fetched


def one_page(ask: Ask, path: str, query: dict[str, str]) -> None:
    """See that each format shows the same page."""
    page: dict[str, Any] = ask("GET", f"{path}.json", query=query).json
    [records] = [value for value in page.values() if isinstance(value, list)]
    [listed] = ElementTree.fromstring(ask("GET", f"{path}.xml", query=query).body)
    assert [of_element(each) for each in listed] == [plain(each) for each in records]
    keys = {key.replace("_", ""): key for key in page}
    for name, text in listed.attrib.items():
        value = page[keys[name]]
        assert same_place(text, "" if value is None else str(value)), name
    text = ask("GET", f"{path}.csv", query=query).text
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    for row, record in zip(rows, records, strict=True):
        cells = dict(zip(map(in_snake_case, names), row, strict=True))
        assert {name: of_cell(each, record[name]) for name, each in cells.items()} == plain(record)


def same_place(text: str, expected: str) -> bool:
    """Whether two URIs, or two numbers, are the same but for the extension."""
    one, other = urlsplit(text), urlsplit(expected)
    return (one.path, parse_qsl(one.query)) == (
        other.path.removesuffix(".json"),
        parse_qsl(other.query),
    )


@pytest.mark.parametrize("plural", FORMS)
def test_a_record_and_its_page_read_the_same_in_every_format(plural: str, tell: Tell) -> None:
    def one_form(form: dict[str, str], size: int, by_name: bool) -> None:
        ask = ask_in_process()
        path = plural if plural != "Accounts" else "/2010-04-01/Accounts"
        made = one_record(ask, path, form)
        one_record(ask, path, {**form, **({"PhoneNumber": "+1555"} if "Phone" in plural else {})})
        query = {"PageSize": str(size)}
        if by_name and made["friendly_name"]:
            query["FriendlyName"] = made["friendly_name"]
        one_page(ask, path, query)

    campaign(
        tell,
        one_form,
        examples(30, 1_500),
        form=FORMS[plural],
        size=st.integers(1, 3),
        by_name=st.booleans(),
    )


def refused(answer: Answer, extension: str) -> dict[str, Any]:
    """The envelope of a refusal."""
    if extension == ".json":
        return {name: str(value) for name, value in answer.json.items()}
    [envelope] = ElementTree.fromstring(answer.body)
    assert envelope.tag == "RestException"
    return {in_snake_case(each.tag): each.text or "" for each in envelope}


def test_a_refusal_says_the_same_in_json_and_in_xml(tell: Tell) -> None:
    ask = ask_in_process()

    def one_refusal(name: str, value: str) -> None:
        said = []
        for extension in (".json", ".xml"):
            answer = ask("POST", f"Applications{extension}", {name: value})
            if answer.status == 201:
                return
            said.append(refused(answer, extension))
        as_json, as_xml = said
        # XML cannot hold every character.
        as_json["message"] = re.sub(
            "[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", as_json["message"]
        )
        assert as_xml == as_json

    campaign(
        tell,
        one_refusal,
        examples(80, 5_000),
        name=st.sampled_from(["VoiceUrl", "VoiceMethod", "FriendlyName", "ApiVersion"]),
        value=st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
    )
