"""Waiting over the control API until a request came."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.control.caller import Answer, Control
from tests.control.test_http_faults import create
from twilio_mock import TwilioMock
from twilio_mock.serving.in_process import InProcessHttpClient
from twilio_mock.serving.pauses import pause_thread
from twilio_mock.waiting import Latch, Pause


def waiting(mock: TwilioMock) -> int:
    """How many wait for a request of the account."""
    return len(mock.state.accounts[mock.sid].journal.watchers)


@contextmanager
def asked(control: Control, body: dict[str, Any]) -> Iterator[Future[Answer]]:
    """The answer of a call that waits, on a connection of its own."""
    caller, before = Control(control.mock), waiting(control.mock)
    path = f"{control.account}/requests/wait"
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(caller, "POST", path, body)
        deadline = time.monotonic() + 10
        while waiting(control.mock) == before and time.monotonic() < deadline:
            assert control("GET", "/health").status == 200  # the loop is not held up
        yield answer
        answer.result(10)
    caller.connection.close()


def test_it_answers_when_the_request_comes(control: Control) -> None:
    wanted = {"operation": "CreateApplication", "parameters": {"FriendlyName": "b"}}
    with asked(control, {**wanted, "timeout": 30}) as answer:
        assert create(control, FriendlyName="a") == 201
        assert waiting(control.mock) == 1
        assert not answer.done()
        assert create(control, FriendlyName="b") == 201
        status, _, value = answer.result(10)
    assert status == 200
    assert value["number"] == 2
    assert value["operation"] == "CreateApplication"
    assert value["parameters"] == [["FriendlyName", "b"]]
    assert waiting(control.mock) == 0


def test_what_came_before_counts_and_the_second_can_be_meant(control: Control) -> None:
    path = f"{control.account}/requests/wait"
    for name in "ab":
        create(control, FriendlyName=name)
    assert control("POST", path).value["number"] == 1
    assert control("POST", path, {"times": 2}).value["number"] == 2
    with asked(control, {"times": 3, "timeout": 30}) as answer:
        create(control)
        assert answer.result(10).value["number"] == 3


def test_what_does_not_come_in_time_is_a_417_that_tells_what_came_instead(
    control: Control,
) -> None:
    create(control, FriendlyName="a")
    wanted = {"operation": "CreateApplication", "parameters": {"FriendlyName": "b"}}
    refused = control("POST", f"{control.account}/requests/wait", {**wanted, "timeout": 0.01})
    assert refused.status == 417
    assert refused.value["detail"].startswith("twilio_mock: waited 0.01 s for one request")
    assert "wanted 'b'" in refused.value["detail"]
    assert waiting(control.mock) == 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"operation": "MakeApplication"}, "MakeApplication"),
        ({"timeout": 601}, "the body.timeout"),
        ({"timeout": -1}, "the body.timeout"),
        ({"times": 0}, "the body.times"),
        ({"since": 1}, "'since' is not known"),
    ],
)
def test_a_wait_for_what_cannot_come_is_refused(
    control: Control, body: dict[str, Any], told: str
) -> None:
    refused = control("POST", f"{control.account}/requests/wait", body)
    assert refused.status == 400
    assert told in refused.value["detail"]


def test_an_account_that_was_freed_meanwhile_is_a_404(control: Control) -> None:
    other = control.mock.accounts.create()
    path = f"/accounts/{other.sid}/requests/wait"
    with ThreadPoolExecutor(1) as pool:
        caller = Control(control.mock)
        answer = pool.submit(caller, "POST", path, {"timeout": 0.3})
        journal = control.mock.state.accounts[other.sid].journal
        while not journal.watchers:
            assert not answer.done()
        control.mock.accounts.free(other)
        assert answer.result(10).status == 404
        caller.connection.close()


def test_who_has_given_up_waiting_is_forgotten_with_the_server() -> None:
    with TwilioMock() as mock:
        place = urlsplit(mock.url)
        connection = http.client.HTTPConnection(place.netloc)
        path = f"/_twilio_mock/accounts/{mock.sid}/requests/wait"
        connection.request("POST", path, json.dumps({"timeout": 600}))
        while not waiting(mock):
            assert mock.running
        connection.close()
        began = time.perf_counter()
    assert time.perf_counter() - began < 2
    assert waiting(mock) == 0


def test_in_process_it_is_answered_too() -> None:
    with TwilioMock(transport="in_process") as mock:
        client = InProcessHttpClient(mock.state)
        account = f"https://api.twilio.com/2010-04-01/Accounts/{mock.sid}.json"
        client.request("GET", account, headers={"Authorization": mock.authorization})
        path = f"/_twilio_mock/accounts/{mock.sid}/requests/wait"
        assert client.request("POST", f"https://api.twilio.com{path}").status_code == 200


@pytest.mark.parametrize(("seconds", "left"), [(0.01, None), (0.01, 60), (0.01, 0.01)])
def test_a_thread_that_waits_for_a_latch_goes_on_after_the_time(
    seconds: float, left: float | None
) -> None:
    pause = Pause("wait for a request", seconds, Latch())
    assert pause_thread(TwilioMock().state, pause, left)
    assert not pause_thread(TwilioMock().state, Pause("wait", 60, Latch()), 0.01)
