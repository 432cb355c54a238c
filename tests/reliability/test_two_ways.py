"""However a client cuts up what it says, both ways through the server give the same answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from freezegun import freeze_time
from hypothesis import strategies as st

from tests.asking import FORM, basic
from tests.reliability.campaign import campaign, examples
from tests.reliability.conftest import Tell
from tests.serving.conftest import parser as parser  # a fixture
from tests.serving.talking import Host, head, hosting
from twilio_mock import TwilioMock
from twilio_mock.serving.app import Door

ACCOUNT_SID, AUTH_TOKEN = "AC" + "1" * 32, "2" * 32
LIST = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Applications"
OPEN = f"Authorization: {basic(ACCOUNT_SID, AUTH_TOKEN)}"


def said(line: str, *lines: str, body: bytes = b"") -> bytes:
    """A request."""
    length = [f"Content-Length: {len(body)}", f"Content-Type: {FORM}"] if body else []
    return head(f"{line} HTTP/1.1", *length, *lines) + body


GET = said(f"GET {LIST}.json?PageSize=1", OPEN)
OTHER = said(f"GET {LIST}.xml", OPEN)
STRANGER = said(f"GET {LIST}.json")
POST = said(f"POST {LIST}.json", OPEN, body=b"FriendlyName=b")
DELETE = said(f"DELETE {LIST}/AP{'3' * 32}.json", OPEN)
CHUNKS = said(f"POST {LIST}.json", OPEN, "Transfer-Encoding: chunked") + b"3\r\na=b\r\n0\r\n\r\n"
UPGRADE = said(f"GET {LIST}.json", OPEN, "Upgrade: websocket", "Connection: upgrade")
# Of a head in which another one's credentials are still to come.
HALF = f"GET {LIST}.csv HTTP/1.1\r\n{OPEN}\r\nX: ".encode()

PARTS = (
    *(GET, OTHER, STRANGER, POST, DELETE, CHUNKS, UPGRADE, HALF, GET * 34),
    *(GET[:10], GET[10:], POST[:-5], POST[-5:], CHUNKS[:-3], CHUNKS[-3:], HALF + GET),
    *(b"\r\n", b"\r", b"\n", b"\r\n\r\n", b"0\r\n\r\n", b"a", b"GET / HTTP/1.1\n\n"),
)
# What arrives at once is one part or several, and what arrives after it is answered later.
PIECES = st.lists(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(b"".join), max_size=5
)


# What follows half a head belongs to it, whatever came before that.
HIDDEN = {
    "half a head behind a request": [GET, GET + HALF, GET],
    "another one's credentials": [STRANGER + HALF, STRANGER],
    "behind chunks": [GET, CHUNKS + GET + HALF, GET],
    "behind a wish to upgrade": [GET, UPGRADE, HALF, GET],
    "behind more requests than are parsed": [GET, GET * 34 + HALF, GET],
    "behind an empty line": [GET, b"\r\n" + HALF, GET],
    "half an empty line": [GET, b"\r", GET, OTHER],
}


@asynccontextmanager
async def served(*, short: bool) -> AsyncIterator[Host]:
    """The server of a new mock, with the short way or without."""
    mock = TwilioMock(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, seed="any")
    door = Door(mock.state)
    at_once = door.answer_at_once if short else None
    async with hosting(door.answer, door.refuse, header_timeout=20, at_once=at_once) as host:
        yield host


async def answers(host: Host, pieces: Sequence[bytes]) -> bytes:
    """All that is answered to these pieces, each read before the next one is said."""
    line = await host.call()
    for piece in pieces:
        line.say(piece)
        await host.caught_up()
    line.hang_up_half()
    return re.sub(rb"(Duration: )\d\.\d+", rb"\1?", await line.rest())


async def conversation(pieces: Sequence[bytes], *, short: bool) -> list[bytes]:
    """What is answered to them, and to others who come later and say nearly the same."""
    async with served(short=short) as host:
        return [await answers(host, said) for said in (pieces, [STRANGER], [GET, OTHER, POST])]


def pieces_on_both_ways(pieces: Sequence[bytes]) -> None:
    with freeze_time("2026-03-01 12:00", real_asyncio=True):
        short, long = (asyncio.run(conversation(pieces, short=way)) for way in (True, False))
    assert short == long


@pytest.mark.usefixtures("parser")
def test_what_is_answered_does_not_depend_on_the_way(tell: Tell) -> None:
    campaign(tell, pieces_on_both_ways, examples(150, 20_000), pieces=PIECES)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("name", HIDDEN)
def test_what_follows_half_a_head_belongs_to_it(name: str) -> None:
    pieces_on_both_ways(HIDDEN[name])
