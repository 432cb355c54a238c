"""Faults as twilio-node sees them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.node_process import Node, NodeError
from twilio_mock import (
    TwilioMock,
    barrier,
    concurrency_limit,
    delay,
    error,
    garble,
    gateway_page,
    hang,
    hang_up,
    lose_response,
    reset,
    respond,
    stale_read,
    too_many_requests,
    trickle,
    truncate,
)
from twilio_mock.control.faults.encounter import Effect


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


def thrown(node: Node, snippet: str = "await client.applications.create()") -> dict[str, Any]:
    """What a snippet throws."""
    with pytest.raises(NodeError) as failure:
        node(snippet)
    return failure.value.thrown


@pytest.mark.parametrize(
    ("effect", "status", "code"),
    [(error(20503), 503, 20503), (too_many_requests(1), 429, 20429), (error(21601), 400, 21601)],
)
def test_an_error_is_a_rest_exception(
    node: Node, mock: TwilioMock, effect: Effect, status: int, code: int
) -> None:
    with mock.fault("CreateApplication", effect):
        problem = thrown(node)
    assert (problem["type"], problem["status"], problem["code"]) == ("RestException", status, code)
    assert len(mock.applications) == 0


def test_a_gateway_page_has_a_status_and_no_code(node: Node, mock: TwilioMock) -> None:
    with mock.fault("CreateApplication", gateway_page()):
        problem = thrown(node)
    assert problem["status"] == 502
    assert "code" not in problem


@pytest.mark.parametrize(
    ("effect", "code", "done"),
    [
        (hang_up(), "ECONNRESET", 0),
        (reset(), "ECONNRESET", 0),
        (lose_response(), "ECONNRESET", 1),
        (reset(after_write=True), "ECONNRESET", 1),
        (truncate(), "ERR_BAD_RESPONSE", 1),
    ],
    ids=["hang_up", "reset", "lose_response", "reset after the write", "truncate"],
)
def test_a_connection_that_ends_is_an_axios_error(
    node: Node, mock: TwilioMock, effect: Effect, code: str, done: int
) -> None:
    with mock.fault("CreateApplication", effect):
        assert thrown(node)["code"] == code
    assert len(mock.applications) == done


def test_a_garbled_answer_cannot_be_read(node: Node, mock: TwilioMock) -> None:
    with mock.fault("CreateApplication", garble()):
        assert thrown(node)["type"] == "SyntaxError"
    assert len(mock.applications) == 1


def test_a_stub_answers_for_messages(node: Node, mock: TwilioMock) -> None:
    with mock.fault("POST Messages", respond(201, {"sid": "SM1", "body": "Hi"})):
        snippet = "return (await client.messages.create({to: '+1', from: '+2', body: 'Hi'})).sid"
        assert node(snippet) == "SM1"


@pytest.mark.parametrize("effect", [delay(0.03), trickle(20_000)], ids=["delay", "trickle"])
def test_effects_take_their_time(node: Node, mock: TwilioMock, effect: Effect) -> None:
    start = time.perf_counter()
    with mock.fault("CreateApplication", effect):
        node.create()
    assert time.perf_counter() - start >= 0.03


def test_a_hang_outlasts_the_client(node: Node, mock: TwilioMock) -> None:
    snippet = """
        client.httpClient.defaultTimeout = 50;
        await client.applications.create();
    """
    with mock.fault("CreateApplication", hang()):
        assert thrown(node, snippet)["code"] == "ECONNABORTED"
    assert node("return (await client.applications.list()).length") == 0


def test_a_barrier_lets_all_see_the_same(node: Node, mock: TwilioMock) -> None:
    snippet = """
        const createUnlessThere = async () => {
            const there = await client.applications.list();
            if (there.length === 0) await client.applications.create();
        };
        await Promise.all([createUnlessThere(), createUnlessThere()]);
    """
    with mock.fault("ListApplication", barrier(2)):
        node(snippet)
    assert len(mock.applications) == 2


def test_above_the_concurrency_limit_is_429(node: Node, mock: TwilioMock) -> None:
    mock.fault("CreateApplication", delay(0.05))
    snippet = """
        const calls = [1, 2, 3].map(() => client.applications.create());
        const settled = await Promise.allSettled(calls);
        return settled.map((each) => each.reason?.code ?? 0).sort();
    """
    with mock.fault("CreateApplication", concurrency_limit(2)):
        assert node(snippet) == [0, 0, 20429]


def test_a_stale_read_is_a_404(node: Node, mock: TwilioMock) -> None:
    with mock.fault("FetchApplication", stale_read()):
        sid = node.create()
        snippet = f"return (await client.applications('{sid}').fetch()).sid"
        assert thrown(node, snippet)["code"] == 20404
        assert node(snippet) == sid
