"""The session's servers: one, and one more for each set of settings that a test brings."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pytest

from twilio_mock.mock import Transport, TwilioMock
from twilio_mock.settings import Settings


class Servers:
    """Started when first asked for, stopped with the session."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._running: dict[Settings, TwilioMock] = {}
        self._stack = ExitStack()

    def with_settings(self, settings: Settings) -> TwilioMock:
        """The running mock with these settings; fails the test if it cannot be started."""
        mock = self._running.get(settings)
        if mock is None:
            mock = TwilioMock(settings=settings, transport=self._transport, redirect=False)
            # Its credentials are in the documentation, so that tests would meet there unawares.
            mock.accounts.free(mock.account)
            self._start(mock)
            self._running[settings] = mock
        return mock

    def _start(self, mock: TwilioMock) -> None:
        try:
            if self._transport == "socket":
                socket.socket().close()  # if it may not be, better before a loop is half made
            self._stack.enter_context(mock)
        except (OSError, RuntimeError, UserWarning) as problem:  # the last two: pytest-socket
            pytest.fail(cannot_start(problem), pytrace=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()


def cannot_start(problem: Exception) -> str:
    """Why there is no server, and what to do without one."""
    return (
        f"twilio_mock: the server cannot be started: {problem}\n"
        "Where sockets are not allowed, set `twilio_mock_transport = in_process` in pytest's ini "
        "file; see docs/testing.md of twilio_mock, section 'In process'"
    )
