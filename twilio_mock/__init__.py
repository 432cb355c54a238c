"""Twilio's Applications API on your machine, for tests."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from twilio_mock.version import __version__

# Each is imported when it is first asked for: pytest imports this package in every run that has
# the plugin, also in those that never use it.
if TYPE_CHECKING:
    from twilio_mock.account_handles import AccountHandle
    from twilio_mock.complaints import EscapedRequest, TwilioMockWarning
    from twilio_mock.control.faults.answers import (
        error,
        garble,
        gateway_page,
        respond,
        too_many_requests,
    )
    from twilio_mock.control.faults.cuts import hang_up, lose_response, reset, trickle, truncate
    from twilio_mock.control.faults.staleness import stale_read
    from twilio_mock.control.faults.waits import barrier, concurrency_limit, delay, hang
    from twilio_mock.delivery_handles import CallDelivery, MessageDelivery
    from twilio_mock.errors import TwilioError
    from twilio_mock.mock import TwilioMock, create_app
    from twilio_mock.settings import Settings
    from twilio_mock.simulation_handles import ApplicationHandle, NumberHandle
    from twilio_mock.state.exchanges import Exchange

ROOMS = {
    "AccountHandle": "account_handles",
    "ApplicationHandle": "simulation_handles",
    "CallDelivery": "delivery_handles",
    "EscapedRequest": "complaints",
    "Exchange": "state.exchanges",
    "MessageDelivery": "delivery_handles",
    "NumberHandle": "simulation_handles",
    "Settings": "settings",
    "TwilioError": "errors",
    "TwilioMock": "mock",
    "TwilioMockWarning": "complaints",
    "create_app": "mock",
    "barrier": "control.faults.waits",
    "concurrency_limit": "control.faults.waits",
    "delay": "control.faults.waits",
    "error": "control.faults.answers",
    "garble": "control.faults.answers",
    "gateway_page": "control.faults.answers",
    "hang": "control.faults.waits",
    "hang_up": "control.faults.cuts",
    "lose_response": "control.faults.cuts",
    "reset": "control.faults.cuts",
    "respond": "control.faults.answers",
    "stale_read": "control.faults.staleness",
    "too_many_requests": "control.faults.answers",
    "trickle": "control.faults.cuts",
    "truncate": "control.faults.cuts",
}

__all__ = [
    "AccountHandle",
    "ApplicationHandle",
    "CallDelivery",
    "EscapedRequest",
    "Exchange",
    "MessageDelivery",
    "NumberHandle",
    "Settings",
    "TwilioError",
    "TwilioMock",
    "TwilioMockWarning",
    "__version__",
    "barrier",
    "concurrency_limit",
    "create_app",
    "delay",
    "error",
    "garble",
    "gateway_page",
    "hang",
    "hang_up",
    "lose_response",
    "reset",
    "respond",
    "stale_read",
    "too_many_requests",
    "trickle",
    "truncate",
]


def __getattr__(name: str) -> object:
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
    globals()[name] = found
    return found
