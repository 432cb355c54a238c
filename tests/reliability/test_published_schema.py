"""Twilio's own OpenAPI document: whatever schemathesis makes of it is answered as it says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

from tests.asking import basic
from tests.reliability.campaign import examples
from twilio_mock import TwilioMock

VARIABLE = "TWILIO_MOCK_TESTS_TWILIO_OPENAPI"
FILE = os.environ.get(VARIABLE, "")
if not FILE:
    pytest.skip(
        f"{VARIABLE} names no file: the document is Twilio's, and not shipped with this project",
        allow_module_level=True,
    )


def document() -> dict[str, Any]:
    """What is published, but for two things in which what was recorded of Twilio differs.

    The URIs of answers begin with a slash, also in the examples of the document itself, though it
    calls them URIs; and where there is no SID of an Application, there may be an empty string.
    """
    text = Path(FILE).read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text.replace('"format": "uri"', '"format": "uri-reference"'))
    for described in read["components"]["schemas"].values():
        for shown in described.get("properties", {}).values():
            if shown.get("nullable") and "pattern" in shown:
                shown["pattern"] += "|^$"
                shown.pop("minLength", None)
    return read


schema = schemathesis.openapi.from_dict(document())
PREFIXES = {"Applications": "AP", "IncomingPhoneNumbers": "PN", "Keys": "SK"}


@pytest.fixture(scope="module")
def mock() -> Iterator[TwilioMock]:
    """A running mock with a record of each kind."""
    with TwilioMock(redirect=False) as running:
        running.applications.create(sid="AP" + "0" * 32)
        running.incoming_phone_numbers.create(phone_number="+15005550006", sid="PN" + "0" * 32)
        running.keys.create(sid="SK" + "0" * 32)
        yield running


def aim(case: schemathesis.Case[Any], account: str) -> None:
    """Mostly ask for what is there, which no generator would guess."""
    given = case.path_parameters
    if "AccountSid" in given:
        given["AccountSid"] = account
    if "Sid" in given and str(given["Sid"])[-1:] not in tuple("abc"):
        plural = case.path.split("/")[-2]
        given["Sid"] = PREFIXES[plural] + "0" * 32 if plural in PREFIXES else account


@schema.parametrize()
@examples(5, 1_000)
def test_every_answer_is_as_twilio_publishes_it(
    case: schemathesis.Case[Any], mock: TwilioMock
) -> None:
    before, exported = mock.snapshot(), mock.export()
    aim(case, mock.sid)
    headers = {"Authorization": basic(mock.sid, mock.auth_token)}
    response = case.call(base_url=mock.url, headers=headers)
    # What this mock does not model it says so: handing a number over to another account.
    assert response.status_code < 500 or response.status_code == 501, response.text
    if response.status_code >= 400:
        assert list(response.json()) == ["code", "message", "more_info", "status"]
        assert mock.export() == exported
    else:
        case.validate_response(
            response,
            checks=[
                content_type_conformance,
                response_headers_conformance,
                response_schema_conformance,
            ],
        )
    mock.restore(before)
    assert mock.state.crashes == ()
    assert mock.account._account.crashes == ()
