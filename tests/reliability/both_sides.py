"""Each limit of the mock met from both sides: what is allowed works, one more gets an answer."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.asking import Answer, Ask, SocketDoor, basic
from tests.webhooks.endpoints import XML, serving
from tests.webhooks.endpoints import Answer as Twiml
from twilio_mock import Settings, TwilioMock

# Seconds after which a test calls it a hang.
PATIENCE = 10.0


class World:
    """Opens what a limit is tried with, and closes it again."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def ask(self, **limits: Any) -> Ask:
        """Ask a running mock with these settings."""
        mock = self.enter(TwilioMock(settings=Settings(**limits), redirect=False))
        return Ask(self.door(mock), mock, mock.account)

    def door(self, mock: TwilioMock) -> SocketDoor:
        """One more connection."""
        door = SocketDoor(mock.url)
        self.stack.callback(door.close)
        return door

    def enter(self, context: AbstractContextManager[Any]) -> Any:
        return self.stack.enter_context(context)

    def wire(self, ask: Ask, buffer: int = 0) -> socket.socket:
        """A bare connection to the mock, with a buffer for what was not read yet."""
        address = urlsplit(ask.mock.url)
        wire: socket.socket = self.enter(socket.socket())
        if buffer:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        wire.settimeout(PATIENCE)
        wire.connect((address.hostname, address.port))
        return wire


def refused(answer: Answer) -> tuple[int, int]:
    """Status and code of a refusal in Twilio's envelope."""
    return answer.refusal[:2]


def all_of(wire: socket.socket) -> bytes:
    """What comes until the other side closes."""
    received = b""
    while part := wire.recv(65536):
        received += part
    return received


def envelope(raw: bytes) -> tuple[int, int]:
    """Status and code of the last answer among these bytes, which is in Twilio's envelope."""
    body = json.loads(raw[raw.rindex(b"\r\n\r\n") :])
    assert list(body) == ["code", "message", "more_info", "status"]
    return body["status"], body["code"]


def head(ask: Ask, *lines: str) -> bytes:
    """A request for the list, with further header lines."""
    start = [f"GET {ask.root}/Applications.json HTTP/1.1", "Host: mock", "Connection: close"]
    return "\r\n".join([*start, f"Authorization: {ask.credentials}", *lines, "", ""]).encode()


def asked_raw(world: World, ask: Ask, sent: bytes) -> bytes:
    """What the mock answers to bytes."""
    wire = world.wire(ask)
    wire.sendall(sent)
    return all_of(wire)


def application_limit(world: World) -> None:
    ask = world.ask(application_limit=2)
    kept = [ask.create()["sid"], ask.create()["sid"]]
    assert refused(ask("POST", "Applications.json")) == (400, 21301)
    assert ask.sids() == kept[::-1]


def subaccount_limit(world: World) -> None:
    ask = world.ask(subaccount_limit=2)
    assert [ask("POST", "/2010-04-01/Accounts.json").status for _ in range(2)] == [201, 201]
    assert refused(ask("POST", "/2010-04-01/Accounts.json"))[1] == 21480
    assert len(ask.mock.accounts) == 3


def account_limit(world: World) -> None:
    ask = world.ask(account_limit=3, accounts_on_demand=True)
    assert ask("POST", "/2010-04-01/Accounts.json").status == 201
    stranger = replace(ask, account=ask.mock.accounts.create())
    opened = ask.mock.accounts.sids()
    assert refused(ask("POST", "/2010-04-01/Accounts.json")) == (503, 503)
    newcomer = basic("AC" + "9" * 32, "a token of its own")
    assert refused(ask("GET", "Applications.json", credentials=newcomer)) == (503, 503)
    told = ask("POST", "/_twilio_mock/accounts", credentials=None)
    assert (told.status, "3 accounts already" in told.text) == (400, True)
    with pytest.raises(ValueError, match="twilio_mock: Account: there are 3 accounts already"):
        ask.mock.accounts.create()
    assert ask.mock.accounts.sids() == opened
    assert stranger("GET", "Applications.json").status == 200


def body_limit(world: World) -> None:
    ask = world.ask(body_limit=100)
    form = "FriendlyName=" + "x" * 40 + "&Note="
    kept = ask("POST", "Applications.json", headers=FORM, body=form.ljust(100, "y").encode())
    assert kept.status == 201
    more = ask("POST", "Applications.json", headers=FORM, body=form.ljust(101, "y").encode())
    assert refused(more) == (413, 20413)
    ask.door = world.door(ask.mock)
    assert len(ask.page()["applications"]) == 1


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def header_limit(world: World) -> None:
    ask = world.ask(header_limit=1000)
    # Versions of aiohttp differ in whether the name of a header counts too.
    name, value = "X-Long", "y" * (1000 - len("X-Long"))
    assert b" 200 OK" in asked_raw(world, ask, head(ask, f"{name}: {value}"))
    longer = "y" * 1001
    assert envelope(asked_raw(world, ask, head(ask, f"{name}: {longer}"))) == (400, 400)


def header_count(world: World) -> None:
    ask = world.ask(header_count=20)
    lines = [f"X-{number}: y" for number in range(17)]
    assert b" 200 OK" in asked_raw(world, ask, head(ask, *lines))
    assert envelope(asked_raw(world, ask, head(ask, *lines, "X-21: y"))) == (400, 400)


def parameter_limit(world: World) -> None:
    ask = world.ask(parameter_limit=3)
    three = [("FriendlyName", "x"), ("A", "1"), ("B", "2")]
    assert ask("POST", "Applications.json", three).status == 201
    assert refused(ask("POST", "Applications.json", [*three, ("C", "3")])) == (400, 400)
    assert len(ask.sids()) == 1


def remembered_deletions(world: World) -> None:
    ask = world.ask(remembered_deletions=2)
    for _ in range(6):
        ask.create()
    page = ask.page("PageSize=1")
    first, second, third = ask.sids()[:3]
    for sid in (first, second):
        ask("DELETE", f"Applications/{sid}.json")
    assert [each["sid"] for each in ask.follow(page["next_page_uri"])["applications"]] == [third]
    ask("DELETE", f"Applications/{third}.json")
    path, _, query = page["next_page_uri"].partition("?")
    assert refused(ask("GET", path, query=query)) == (400, 21481)


def journal_limit(world: World) -> None:
    ask = world.ask(journal_limit=3)
    for number in range(3):
        ask.create(FriendlyName=str(number))
    assert [each.parameter("FriendlyName") for each in ask.journal] == ["0", "1", "2"]
    ask.create(FriendlyName="3")
    assert [each.parameter("FriendlyName") for each in ask.journal] == ["1", "2", "3"]
    assert len(ask.sids()) == 4


def journal_bytes(world: World) -> None:
    measured = world.ask()
    measured.fetch(measured.create()["sid"])
    size = measured.state.accounts[measured.account.sid].journal.lines[1][2]
    ask = world.ask(journal_bytes=2 * size)
    sid = ask.account.applications.create().sid
    journal = ask.state.accounts[ask.account.sid].journal
    for _ in range(2):
        ask.fetch(sid)
    assert (len(journal.lines), journal.bytes, journal.dropped) == (2, 2 * size, 0)
    ask.fetch(sid)
    assert (len(journal.lines), journal.bytes, journal.dropped) == (2, 2 * size, 1)


def header_timeout(world: World) -> None:
    ask = world.ask(header_timeout=0.5)
    assert b" 200 OK" in asked_raw(world, ask, head(ask))
    assert envelope(asked_raw(world, ask, head(ask)[:-1])) == (408, 408)


def body_timeout(world: World) -> None:
    ask = world.ask(body_timeout=0.5)
    start = f"POST {ask.root}/Applications.json HTTP/1.1\r\nHost: mock\r\nContent-Length: 2\r\n"
    start += f"Authorization: {ask.credentials}\r\nConnection: close\r\n\r\n"
    assert b" 201 Created" in asked_raw(world, ask, start.encode() + b"a=")
    assert envelope(asked_raw(world, ask, start.encode() + b"a")) == (408, 408)
    assert len(ask.sids()) == 1


def answer_timeout(world: World) -> None:
    ask = world.ask(answer_timeout=1)
    url = "http://a.example/" + "x" * 4000
    for number in range(900):
        name = str(number)
        ask.account.applications.create(friendly_name=name, sms_url=url, voice_url=url)
    whole = asked_raw(world, ask, long_list(ask))
    assert json.loads(whole.partition(b"\r\n\r\n")[2])["applications"][0]["friendly_name"] == "899"
    careless = world.wire(ask, buffer=4096)
    told = world.enter(warning("cut a client that does not read its answer"))
    careless.sendall(long_list(ask))
    assert told.wait(PATIENCE)
    assert len(all_of(careless)) < len(whole)
    assert ask("GET", "Applications.json").status == 200


def long_list(ask: Ask) -> bytes:
    """A request whose answer does not fit into the buffers of the operating system."""
    return head(ask).replace(b"Applications.json", b"Applications.json?PageSize=1000")


@contextmanager
def warning(text: str) -> Iterator[threading.Event]:
    """Something that is set when the mock warns of this."""
    told = threading.Event()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if text in record.getMessage():
                told.set()

    logger, listener = logging.getLogger("twilio_mock"), Listener()
    logger.addHandler(listener)
    try:
        yield told
    finally:
        logger.removeHandler(listener)


def connection_limit(world: World) -> None:
    ask = world.ask(connection_limit=2)
    other = replace(ask, door=world.door(ask.mock))
    assert [each("GET", "Applications.json").status for each in (ask, other)] == [200, 200]
    assert envelope(asked_raw(world, ask, head(ask))) == (503, 503)
    assert [each("GET", "Applications.json").status for each in (ask, other)] == [200, 200]
    third = world.door(ask.mock)
    answer = replace(ask, door=third)("GET", "Applications.json")
    assert refused(answer) == (503, 503)
    other("GET", "Applications.json", headers={"Connection": "close"})
    third.close()
    assert replace(ask, door=third)("GET", "Applications.json").status == 200


def webhook_limit(world: World) -> None:
    ask = world.ask(webhook_limit=1)
    endpoint = world.enter(serving())
    application = ask.account.applications.create(
        voice_url=endpoint.at("/voice", Twiml(headers=dict(XML)))
    )
    with ask.account.webhooks.hold():
        held = application.incoming_call()
    surplus = application.incoming_call()
    assert surplus.attempts[0].error_code == 20429
    assert "webhook_limit" in surplus.attempts[0].reason
    assert held.release().error_code is None
    assert application.incoming_call().error_code is None
    assert len(ask.account.webhooks) == 3
    assert len(endpoint.asked) == 2


Side = Callable[[World], None]
BOTH_SIDES: dict[str, Side] = {
    each.__name__: each
    for each in (
        *(application_limit, subaccount_limit, account_limit),
        *(body_limit, header_limit, header_count, parameter_limit),
        *(remembered_deletions, journal_limit, journal_bytes),
        *(header_timeout, body_timeout, answer_timeout),
        *(connection_limit, webhook_limit),
    )
}
