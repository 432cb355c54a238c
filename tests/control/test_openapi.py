"""The control API serves its own OpenAPI document, which schemathesis holds it to elsewhere."""

from __future__ import annotations

import json

from twilio_mock import TwilioMock
from twilio_mock.control.http.openapi import openapi
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.dispatch import handle
from twilio_mock.wire import Request, Response


def test_the_document_is_served(running: TwilioMock) -> None:
    served = handle(running.state, Request("GET", "/_twilio_mock/openapi.json"))
    assert isinstance(served, Response)
    assert json.loads(served.body) == json.loads(json.dumps(openapi(OPERATIONS)))
