"""The control API keeps what its own OpenAPI document promises: asked by schemathesis."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from twilio_mock import TwilioMock
from twilio_mock.control.http.openapi import openapi
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.dispatch import handle
from twilio_mock.wire import Request, Response

schema = schemathesis.openapi.from_dict(openapi(OPERATIONS))


def test_the_document_is_served(running: TwilioMock) -> None:
    served = handle(running.state, Request("GET", "/_twilio_mock/openapi.json"))
    assert isinstance(served, Response)
    assert json.loads(served.body) == json.loads(json.dumps(openapi(OPERATIONS)))


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(
    case: schemathesis.Case[Any], running: TwilioMock
) -> None:
    # What is well-formed can still be refused: an account that is not there, a name in use.
    case.call_and_validate(
        base_url=f"{running.url}/_twilio_mock", excluded_checks=[positive_data_acceptance]
    )
