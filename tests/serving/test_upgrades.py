"""A wish for another protocol is declined, and what comes behind it is answered."""

from __future__ import annotations

import pytest

from tests.serving.talking import Gate, head, hosting

pytestmark = pytest.mark.usefixtures("parser", "quiet")


def numbered(number: int) -> bytes:
    """A POST that can be told from others."""
    return head(f"POST /{number} HTTP/1.1", "Content-Length: 3") + b"a=b"


async def test_requests_behind_an_upgrade_that_was_declined_are_answered() -> None:
    upgrade = head("GET /up HTTP/1.1", "Connection: upgrade", "Upgrade: websocket")
    async with hosting() as host:
        line = await host.call()
        line.say(upgrade, numbered(1)[:-1])
        assert (await line.answer()).json["target"] == "/up"
        line.say(b"b", upgrade, b"garbage\r\n\r\n")
        assert (await line.answer()).json["target"] == "/1"
        assert (await line.answer()).json["target"] == "/up"
        assert (await line.answer()).status == 400


async def test_requests_behind_a_declined_upgrade_are_answered_to_who_says_no_more() -> None:
    upgrade = head("GET /up HTTP/1.1", "Connection: upgrade", "Upgrade: websocket")
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(upgrade, numbered(1))
        line.hang_up_half()
        await gate.asked.wait()
        await host.caught_up()
        gate.may_go.set()
        assert (await line.answer()).json["target"] == "/up"
        assert (await line.answer()).json["target"] == "/1"
        assert await line.rest() == b""


async def test_half_a_body_behind_a_declined_upgrade_is_not_waited_for_when_no_more_will_come() -> (
    None
):
    upgrade = head("GET /up HTTP/1.1", "Connection: upgrade", "Upgrade: websocket")
    gate = Gate()
    async with hosting(gate.answer) as host:
        line = await host.call()
        line.say(upgrade, numbered(1)[:-1])
        line.hang_up_half()
        await gate.asked.wait()
        await host.caught_up()
        gate.may_go.set()
        assert (await line.answer()).json["target"] == "/up"
        assert (await line.answer()).status == 400
        assert await line.rest() == b""
