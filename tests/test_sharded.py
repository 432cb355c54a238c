"""The sharded example: Debian's nginx spreads accounts over three servers, as its README says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import md5
from pathlib import Path

import pytest
from multidict import CIMultiDict
from twilio.rest import Client

from tests.asking import Answer, SocketDoor, basic
from tests.real_parts import ROOT, require
from twilio_mock import Settings, TwilioMock, lose_response
from twilio_mock.wire import Request

EXAMPLE = ROOT / "examples" / "sharded" / "nginx.conf"
FRONT, BEHIND = "127.0.0.1:8010", ["127.0.0.1:8011", "127.0.0.1:8012", "127.0.0.1:8013"]
TOKEN = "0" * 32


@contextmanager
def nginx(folder: Path, servers: list[TwilioMock]) -> Iterator[SocketDoor]:
    """A connection to nginx, which has the example's configuration, in front of these servers."""
    text = EXAMPLE.read_text()
    for line, server in zip(BEHIND, servers, strict=True):
        assert line in text
        text = text.replace(line, server.url.removeprefix("http://"))
    # It inherits a socket that listens already, as when it upgrades itself: so the port is free,
    # and a first request waits until nginx is ready.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = "{}:{}".format(*listening.getsockname())
        assert FRONT in text
        (folder / "nginx.conf").write_text(text.replace(FRONT, address))
        process = subprocess.Popen(
            ["nginx", "-p", folder, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"],
            env=os.environ | {"NGINX": f"{listening.fileno()};"},
            pass_fds=[listening.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
    door = SocketDoor(f"http://{address}")
    try:
        yield door
    finally:
        door.close()
        process.send_signal(signal.SIGQUIT)
        errors = process.communicate(timeout=20)[1]
    assert process.returncode == 0, errors


@pytest.fixture(scope="module")
def servers() -> Iterator[list[TwilioMock]]:
    """Three servers, each with accounts on demand."""
    require("nginx")
    settings = Settings(accounts_on_demand=True)
    with ExitStack() as stack:
        mocks = [TwilioMock(settings=settings, redirect=False) for _ in BEHIND]
        yield [stack.enter_context(mock) for mock in mocks]


@pytest.fixture(scope="module")
def front(
    servers: list[TwilioMock], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SocketDoor]:
    with nginx(tmp_path_factory.mktemp("nginx"), servers) as door:
        yield door


def new_sid(text: object) -> str:
    """An AccountSid, the same in every run."""
    return f"AC{md5(str(text).encode()).hexdigest()}"


def applications(door: SocketDoor, sid: str, method: str = "GET", token: str = TOKEN) -> Answer:
    """What is answered to an account that asks for its Applications."""
    headers = CIMultiDict(Authorization=basic(sid, token))
    return door(Request(method, f"/2010-04-01/Accounts/{sid}/Applications.json", "", headers, b""))


def control(door: SocketDoor, method: str, path: str, body: bytes = b"") -> Answer:
    return door(Request(method, f"/_twilio_mock{path}", "", CIMultiDict(), body))


def homes(servers: list[TwilioMock], sid: str) -> list[int]:
    """Which of the servers have an account."""
    return [place for place, server in enumerate(servers) if sid in server.accounts]


def test_an_account_always_meets_its_own_server(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    for number in range(20):
        sid = new_sid(f"always {number}")
        for _ in range(3):
            assert applications(front, sid, "POST").status == 201
        assert len(applications(front, sid).json["applications"]) == 3
        assert len(homes(servers, sid)) == 1


def test_accounts_spread_evenly(servers: list[TwilioMock], front: SocketDoor) -> None:
    sids = [new_sid(f"evenly {number}") for number in range(300)]
    for sid in sids:
        assert applications(front, sid).status == 200
    shares = Counter(place for sid in sids for place in homes(servers, sid))
    # 160 points a server on the ring, and 300 accounts: some 12 accounts of standard deviation.
    assert shares.total() == 300
    assert all(40 < shares[place] < 160 for place in range(3)), shares


def test_an_account_is_opened_looked_at_and_freed_over_the_control_api(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    for number in range(6):
        sid = new_sid(f"opened {number}")
        body = f'{{"auth_token": "{TOKEN}"}}'.encode()
        assert control(front, "PUT", f"/accounts/{sid}", body).status == 201
        assert applications(front, sid, "POST").status == 201
        assert len(control(front, "GET", f"/accounts/{sid}").json["applications"]) == 1
        assert len(homes(servers, sid)) == 1
        assert control(front, "DELETE", f"/accounts/{sid}").status == 204
        assert homes(servers, sid) == []


def test_a_call_that_is_about_all_accounts_is_refused_and_not_done_by_a_third(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    sid = new_sid("kept")
    applications(front, sid, "POST")
    for method, path in [("POST", "/reset"), ("GET", "/state"), ("GET", "/accounts"), ("GET", "/")]:
        answer = control(front, method, path)
        assert answer.status == 421
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["detail"].startswith(
            "nginx before twilio-mock: this call names no account"
        )
    assert len(applications(front, sid).json["applications"]) == 1


def test_a_parent_opens_a_subaccount_and_works_in_it(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    for number in range(6):
        parent = new_sid(f"parent {number}")
        client = Client(parent, TOKEN)
        client.api.base_url = front.url
        child = client.api.accounts.create(friendly_name="Customer 7")
        assert child.sid
        client.api.accounts(child.sid).applications.create(friendly_name="theirs")
        assert {each.sid for each in client.api.accounts.list()} == {parent, child.sid}
        assert homes(servers, child.sid) == homes(servers, parent)


def test_a_subaccount_that_calls_itself_is_led_by_its_own_sid(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    parent = Client(new_sid("leading"), TOKEN)
    parent.api.base_url = front.url
    [home] = homes(servers, str(parent.api.accounts.create().owner_account_sid))
    led = set()
    for _ in range(12):
        child = servers[home].accounts[parent.api.accounts.create().sid or ""]
        applications(front, child.sid, token=child.auth_token)
        led.update(homes(servers, child.sid))
    assert led > {home}


def test_the_key_of_an_account_works_on_paths_that_name_the_account(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    for number in range(6):
        sid = new_sid(f"keyed {number}")
        client = Client(sid, TOKEN)
        client.api.base_url = front.url
        key = client.new_keys.create()
        keyed = Client(key.sid, key.secret, sid)
        keyed.api.base_url = front.url
        keyed.applications.create(friendly_name="by key")
        assert len(client.applications.list()) == 1


def test_a_broken_connection_becomes_a_502_with_words(
    servers: list[TwilioMock], front: SocketDoor
) -> None:
    sid = new_sid("broken")
    assert applications(front, sid).status == 200
    [home] = homes(servers, sid)
    with servers[home].accounts[sid].fault("ListApplication", lose_response()):
        answer = applications(front, sid)
    assert answer.status == 502
    assert answer.json["message"].endswith("the server of this account gave no answer")


def test_the_end_of_a_server_loses_only_its_own_accounts(tmp_path: Path) -> None:
    require("nginx")
    settings = Settings(accounts_on_demand=True)
    with ExitStack() as stack:
        doomed = ExitStack()
        mocks = [TwilioMock(settings=settings, redirect=False) for _ in BEHIND]
        servers = [
            (doomed if place == 1 else stack).enter_context(mock)
            for place, mock in enumerate(mocks)
        ]
        with doomed:
            door = stack.enter_context(nginx(tmp_path, servers))
            sids = [new_sid(f"lost {number}") for number in range(60)]
            for sid in sids:
                assert applications(door, sid, "POST").status == 201
            lost = {sid for sid in sids if homes(servers, sid) == [1]}
        assert 0 < len(lost) < len(sids)
        for sid in sids:
            answer = applications(door, sid)
            assert answer.status == (502 if sid in lost else 200)
            if sid not in lost:
                assert len(answer.json["applications"]) == 1
    # Nobody else has opened a lost account on the quiet.
    assert not any(sid in server.accounts for sid in lost for server in (servers[0], servers[2]))
