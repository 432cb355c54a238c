"""The one table of the control API's operations."""

from __future__ import annotations

from typing import Any

from twilio_mock.control.http.about import ABOUT_OPERATIONS
from twilio_mock.control.http.accounts import ACCOUNT_OPERATIONS
from twilio_mock.control.http.clocks import CLOCK_OPERATIONS
from twilio_mock.control.http.events import EVENT_OPERATIONS
from twilio_mock.control.http.faults import FAULT_OPERATIONS
from twilio_mock.control.http.ongoing import ONGOING_OPERATIONS
from twilio_mock.control.http.openapi import openapi
from twilio_mock.control.http.operation import Call, Operation
from twilio_mock.control.http.overview import OVERVIEW_OPERATIONS
from twilio_mock.control.http.records import RECORD_OPERATIONS
from twilio_mock.control.http.requests import REQUEST_OPERATIONS
from twilio_mock.control.http.simulations import SIMULATION_OPERATIONS
from twilio_mock.control.http.snapshots import SNAPSHOT_OPERATIONS
from twilio_mock.control.http.webhooks import WEBHOOK_OPERATIONS


def document(call: Call) -> Any:
    return openapi(OPERATIONS)


OPERATIONS: tuple[Operation, ...] = (
    *ABOUT_OPERATIONS,
    Operation(
        "openapi", "GET", "/openapi.json", "This API, as an OpenAPI 3.1 document.", "-", document
    ),
    *ACCOUNT_OPERATIONS,
    *RECORD_OPERATIONS,
    *CLOCK_OPERATIONS,
    *SNAPSHOT_OPERATIONS,
    *FAULT_OPERATIONS,
    *REQUEST_OPERATIONS,
    *EVENT_OPERATIONS,
    *SIMULATION_OPERATIONS,
    *ONGOING_OPERATIONS,
    *WEBHOOK_OPERATIONS,
    *OVERVIEW_OPERATIONS,
)
