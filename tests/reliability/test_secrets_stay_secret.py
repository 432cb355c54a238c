"""Secrets that are planted everywhere, and looked for in everything that the mock puts out."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import pytest

import twilio_mock.dispatch
from tests.asking import Ask, SocketDoor, basic
from tests.real_parts import clean_environment
from tests.reliability.both_sides import all_of
from tests.webhooks.endpoints import XML, Answer, serving
from twilio_mock import Settings, TwilioMock, error
from twilio_mock.control.http.table import OPERATIONS

CANARIES = {
    name: f"{name.replace(' ', '')}Canary/{number:05d}+=&é"
    for number, name in enumerate(
        ["token", "second", "sub token", "control", "stranger", "bearer", "url password", "demand"],
        90001,
    )
}
STRANGER = "AC" + "7" * 32


def spellings(secret: str) -> set[str]:
    """A secret in each of the ways in which it could stand somewhere."""
    found = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
    found |= {json.dumps(secret)[1:-1], json.dumps(json.dumps(secret)[1:-1])[1:-1]}
    # In base64, whatever stands before it: the middle of it at each of three offsets.
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + secret.encode()).decode()
        found.add(text[4 : len(text) - 4])
    return found


def assert_nowhere(outputs: dict[str, str], secrets: dict[str, str]) -> None:
    """None of the outputs tells one of the secrets."""
    told = [
        f"{name} in {place}: ...{text[max(0, text.index(each) - 80) :][:200]}..."
        for name, secret in secrets.items()
        for each in spellings(secret)
        for place, text in outputs.items()
        if each in text
    ]
    assert not told, "\n".join(told)


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What all loggers of the process say, down to DEBUG, with tracebacks."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)r"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def planted() -> Iterator[Ask]:
    """A running mock whose accounts have the canaries for their secrets."""
    settings = Settings(control_token=CANARIES["control"], accounts_on_demand=False)
    mock = TwilioMock(auth_token=CANARIES["token"], settings=settings, redirect=False)
    with mock:
        mock.account.update(secondary_auth_token=CANARIES["second"])
        mock.subaccounts.create(auth_token=CANARIES["sub token"])
        door = SocketDoor(mock.url)
        try:
            yield Ask(door, mock, mock.account)
        finally:
            door.close()


def ask_in_all_ways(ask: Ask) -> dict[str, str]:
    """Requests that carry secrets where they belong and where they do not; the answers."""
    token, stranger = CANARIES["token"], CANARIES["stranger"]
    key = ask("POST", "Keys.json", {"FriendlyName": "x"}).json
    CANARIES["key secret"] = key["secret"]
    told: dict[str, str] = {}
    for credentials in (
        *(ask.credentials, basic(ask.account.sid, CANARIES["second"])),
        *(basic(key["sid"], key["secret"]), basic(ask.account.sid, stranger)),
        *(basic(STRANGER, stranger), basic(key["sid"], stranger), basic(stranger, STRANGER)),
        *(f"Bearer {quote(CANARIES['bearer'])}", f"Basic {quote(stranger)}"),
    ):
        for method, path, form in (
            ("GET", "Applications.json", None),
            ("POST", "Applications.json", {"FriendlyName": "x", "AuthToken": stranger}),
            ("POST", "Applications.json", {"VoiceMethod": "PUT"}),
            ("GET", f"Applications/{quote(token, safe='')}.json", None),
            ("DELETE", "Applications/AP" + "0" * 32 + ".xml", None),
            ("GET", "Messages.json", None),
            ("PATCH", "Applications.json", {"AuthToken": token}),
        ):
            answer = ask(method, path, form, credentials=credentials)
            if "Applications/" not in path:  # a 404 quotes the path that was asked
                told[f"answer to {method} {path} {len(told)}"] = answer.text + str(answer.headers)
    return told


def ask_in_broken_ways(ask: Ask) -> dict[str, str]:
    """Requests that are none, with credentials in them."""
    told: dict[str, str] = {}
    address = urlsplit(ask.mock.url)
    good = f"Authorization: {ask.credentials}\r\n"
    for number, sent in enumerate(
        (
            f"GET / HTTP/1.1\r\nHost: x\r\n{good}Broken {CANARIES['token']}\r\n\r\n",
            f"GET /{'x' * 9000} HTTP/1.1\r\nHost: x\r\n{good}\r\n",
            f"GE{CANARIES['token']}T / HTTP/1.1\r\nHost: x\r\n{good}\r\n",
            f"POST / HTTP/1.1\r\nHost: x\r\n{good}Content-Length: x{CANARIES['token']}\r\n\r\n",
            f"POST / HTTP/1.1\r\nHost: x\r\n{good}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            f"GET / HTTP/9.9\r\nHost: {CANARIES['token']}\r\n{good}\r\n",
            f"GET / HTTP/1.1\r\nHost: x\r\n{good}",
        )
    ):
        with socket.create_connection((address.hostname or "", address.port or 0), 10) as wire:
            wire.sendall(sent.encode())
            wire.shutdown(socket.SHUT_WR)
            told[f"refusal {number}"] = all_of(wire).decode(errors="replace")
    return told


# What is there to tell secrets.
EXPORTS = {"export", "fetch_account"}


def control_in_all_ways(ask: Ask) -> dict[str, str]:
    """All that the control API shows, but for exports, and its page."""
    told = {}
    token = f"Bearer {CANARIES['control']}"
    readable = {each.name: each.path for each in OPERATIONS if each.method == "GET"}
    for operation, path in {**readable, "page": "", "page/": "/", "nothing": "/x"}.items():
        if operation in EXPORTS:
            continue
        path = path.replace("{AccountSid}", ask.account.sid)
        for name, headers in (
            ("with", {"Authorization": token, "Host": "localhost"}),
            ("without", {"Host": "localhost"}),
        ):
            answer = ask("GET", f"/_twilio_mock{path}", headers=headers, credentials=None)
            told[f"{operation} {name} token"] = answer.text + str(answer.headers)
    assert '"requests"' in told["list_requests with token"]
    return told | {"stream": events_of(ask)}


def events_of(ask: Ask) -> str:
    """The beginning of the stream of events."""
    address = urlsplit(ask.mock.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as wire:
        head = "GET /_twilio_mock/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream"
        wire.sendall(f"{head}\r\nAuthorization: Bearer {CANARIES['control']}\r\n\r\n".encode())
        heard = b""
        while heard.count(b"data:") < 20:
            part = wire.recv(65536)
            assert part, heard
            heard += part
    return heard.decode()


def call_with_passwords(ask: Ask) -> dict[str, str]:
    """Calls to URLs with a password, well and badly, and what is told of them."""
    password = quote(CANARIES["url password"], safe="")
    told = {}
    with serving() as endpoint:
        endpoint.at("/voice", Answer(b"<Response/>", headers={**XML, "Set-Cookie": "a=b"}))
        endpoint.at("/to", Answer(b"", 302, {"Location": endpoint.url + "/voice"}))
        for path in ("/voice", "/to", "/missing"):
            url = (endpoint.url + path).replace("http://", f"http://user:{password}@")
            application = ask.account.applications.create(voice_url=url)
            delivery = application.incoming_call()
            attempt = delivery.attempts[0]
            shown = [delivery, attempt, *attempt.hops, delivery.events, *ask.account.webhooks]
            told[f"call to {path}"] = "\n".join(map(repr, shown))
        application.incoming_call()  # to what is missing, and nobody looks at what came of it
    told["loose ends"] = complaint_of(ask)
    return told


def complaint_of(ask: Ask) -> str:
    """What a test is told that leaves all this behind."""
    with pytest.raises(AssertionError) as failure:
        ask.account.assert_no_loose_ends()
    return str(failure.value)


def shown_by_python(ask: Ask) -> dict[str, str]:
    """The repr and the text of what a test holds, the journal and its exports."""
    mock, account = ask.mock, ask.account
    shown: list[Any] = [mock, account, mock.accounts, mock.state.settings, mock.webhooks.settings]
    shown += [account.applications, *account.applications, account.keys, *account.keys]
    shown += [account.requests, *account.requests, *mock.unknown_requests, account.faults]
    shown += [account.clock, account.subaccounts, *account.subaccounts, account.webhooks]
    before = account.snapshot()
    account.update(auth_token="another-token-of-it")
    shown += [account.diff(before), str(account.diff(before)), before]
    account.restore(before)
    places = [account.requests, mock.unknown_requests, *(each.requests for each in mock.accounts)]
    told = {f"export {number}": p.to_json_lines() + p.to_curl() for number, p in enumerate(places)}
    told["repr"] = "\n".join(f"{each!r} {each}" for each in shown)
    with suppress(AssertionError):
        account.requests.assert_one("FetchKey", FriendlyName="y")
    with pytest.raises(AssertionError) as failure:
        account.requests.assert_one("CreateApplication", FriendlyName="never")
    told["failed assertion"] = str(failure.value)
    return told


def test_no_output_of_a_running_mock_tells_a_secret() -> None:
    with everything_logged() as heard, planted() as ask:
        outputs = ask_in_all_ways(ask)
        with ask.account.fault("ListApplication", error(20503)):
            outputs["fault"] = ask("GET", "Applications.json").text
        outputs |= ask_in_broken_ways(ask)
        outputs |= control_in_all_ways(ask)
        outputs |= shown_by_python(ask)
        # Passwords of URLs are shown where a stored URL is: in answers and in the journal.
        everything = {**CANARIES, "url password": "no such secret at all"}
        outputs["log"] = heard.getvalue()
        assert outputs["log"].count("twilio_mock") > 50
        assert_nowhere(outputs, everything)
        calls = call_with_passwords(ask)
        calls |= control_in_all_ways(ask)
        calls["log"] = heard.getvalue()
        assert_nowhere(calls, CANARIES)


def test_a_report_of_a_crash_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(task: Any) -> Any:
        raise RuntimeError(f"boom {task.caller.record.values} {task.pairs} {task.path}")

    def broken_early(state: Any, authorization: Any, account: Any) -> Any:
        raise RuntimeError(f"boom {authorization}")

    with everything_logged() as heard, planted() as ask:
        form = {"FriendlyName": f"my {CANARIES['token']}"}
        outputs = {}
        monkeypatch.setattr(twilio_mock.dispatch, "perform", broken)
        outputs["first"] = ask("POST", "Applications.json", form).text
        ask("GET", "Applications.json", query={"FriendlyName": CANARIES["token"]})
        monkeypatch.setattr(twilio_mock.dispatch, "authenticate", broken_early)
        outputs["second"] = ask("POST", "Applications.json", form).text
        crashes = [*ask.state.accounts[ask.account.sid].crashes, *ask.state.crashes]
        outputs["crashes"] = "\n".join(f"{each.request}\n{each.traceback}" for each in crashes)
        outputs["log"] = heard.getvalue()
        outputs["loose ends"] = complaint_of(ask)
    assert len(crashes) == 3
    assert "boom" in outputs["log"]
    assert "dispatch.py" in outputs["log"]
    assert_nowhere(outputs, CANARIES)


def test_a_program_that_tells_all_tells_no_secret() -> None:
    token, control = "programCanary-77001-token", "programCanary-77002-control"
    words = ["--port", "0", "--verbose", "--auth-token", token, "--control-token", control]
    for log_format in ("text", "json"):
        process = subprocess.Popen(
            [sys.executable, "-m", "twilio_mock", *words, "--log-format", log_format],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(PYTHONPATH=os.getcwd(), PYTHONASYNCIODEBUG="1"),
        )
        assert process.stdout is not None
        lines = [""]
        while not (found := re.match("TWILIO_MOCK_URL=http://(.*):(.*)", lines[-1])):
            lines.append(process.stdout.readline())
        with socket.create_connection((found[1], int(found[2])), 10) as wire:
            wire.sendall(requests_with(token, control))
            wire.shutdown(socket.SHUT_WR)
            all_of(wire)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        output = "".join(lines) + rest
        assert output.count("***") >= 3
        assert_nowhere({log_format: output}, {"token": token, "control": control})


def requests_with(token: str, control: str) -> bytes:
    """Requests with credentials, good and bad, and with the token where it does not belong."""
    sid = "AC0123456789abcdef0123456789abcdef"
    return "".join(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {credentials}\r\n\r\n"
        for credentials in (basic(sid, token), basic(sid, token + "x"), f"Bearer {control}")
        for path in (f"/2010-04-01/Accounts/{sid}.json?T={token}", "/_twilio_mock/accounts")
    ).encode()
