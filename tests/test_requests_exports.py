"""Requests written out: JSON lines that can be read, and curl commands that can be run."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.asking import Ask, basic
from tests.conftest import ask_in_process, opened_door
from tests.real_parts import require
from twilio_mock import TwilioMock
from twilio_mock.state.exchanges import Exchange

TOKEN = "0fedcba9876543210fedcba987654321"


@pytest.fixture
def origin() -> Iterator[Ask]:
    """A running mock whose account is asked over its socket."""
    with TwilioMock(auth_token=TOKEN, seed="exports") as mock, ExitStack() as stack:
        yield Ask(opened_door(mock, stack), mock, mock.account)


def run(command: str, url: str, ask: Ask) -> str:
    """Run a line in a shell with the credentials of an account."""
    environment = {
        "PATH": os.environ["PATH"],
        "NO_PROXY": "*",
        "TWILIO_MOCK_URL": url,
        "TWILIO_ACCOUNT_SID": ask.account.sid,
        "TWILIO_AUTH_TOKEN": ask.account.auth_token,
    }
    done = subprocess.run(
        ["sh", "-ec", command], env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(exchange: Exchange) -> tuple[object, ...]:
    """What a request asked, and how it was answered."""
    return (
        *(exchange.method, exchange.path, exchange.query, exchange.parameters),
        *(exchange.status, exchange.error_code, exchange.operation, exchange.caller),
    )


AWKWARD = [
    "Phone Me",
    'it\'s $HOME `pwd` "quoted" \\ back',
    "@/etc/hostname",
    "a=b&c=d+e%20f",
    "line\nbreak\ttab",
    "Grüße, 世界 \U0001f600",
    "",
]


def test_curl_commands_ask_the_same_again(origin: Ask) -> None:
    require("curl")
    for name in AWKWARD:
        origin("POST", "Applications.json", [("FriendlyName", name), ("Odd @=&Name", "x")])
    sid = origin.account.applications.create(friendly_name="kept").sid
    origin("POST", "Applications.json", [("", "no name"), ("FriendlyName", "x")])
    origin("POST", f"Applications/{sid}.json", {"VoiceUrl": "https://me.example/?a=[1]&b={c}"})
    origin("GET", "Applications.json", query="FriendlyName=a%20b&PageSize=%31")
    origin("GET", f"/2010-04-01/Accounts/{origin.account.sid}/../Applications[1-3].json")
    origin("GET", f"Applications/{sid}.xml")
    origin("HEAD", "Applications.json")
    origin("PUT", "Applications.json")
    origin("DELETE", f"Applications/{sid}.json")
    origin("DELETE", f"Applications/{sid}.json")
    before = list(origin.account.requests)
    commands = origin.account.requests.to_curl()
    origin.account.requests.clear()

    origin.account.applications.create(sid=sid, friendly_name="kept")
    run(commands, origin.mock.url, origin)

    again = list(origin.account.requests)
    assert [asked(each) for each in again] == [asked(each) for each in before]


def test_a_curl_command_shows_its_answer_and_takes_another_url(origin: Ask) -> None:
    require("curl")
    origin.create(FriendlyName="Phone Me")
    command = origin.account.requests.to_curl(url=origin.mock.url + "/")
    assert command.startswith(f"curl -sS -g --path-as-is -X POST {origin.mock.url}/2010-04-01/")
    assert json.loads(run(command, "unused", origin))["friendly_name"] == "Phone Me"


def test_a_command_carries_variables_instead_of_credentials(origin: Ask) -> None:
    origin.create()
    line = origin.account.requests.to_curl()
    assert '-u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"' in line
    assert '"$TWILIO_MOCK_URL"/2010-04-01/' in line
    assert TOKEN not in line


def test_each_request_is_one_line_of_json() -> None:
    ask = ask_in_process()
    created = ask.create(FriendlyName="line\nbreak", Colour="red")
    ask("GET", "Queues.json")
    first, second = ask.account.requests.to_json_lines().splitlines()
    read = json.loads(first)
    assert json.loads(read.pop("response_body")) == created
    duration, started = read.pop("duration"), read.pop("started")
    assert (0 <= duration < 5, started > 1e9) == (True, True)
    assert read == {
        "number": 1,
        "account_sid": ask.account.sid,
        "caller": "auth_token",
        "operation": "CreateApplication",
        "method": "POST",
        "path": f"{ask.root}/Applications.json",
        "query": "",
        "parameters": [["FriendlyName", "line\nbreak"], ["Colour", "red"]],
        "status": 201,
        "error_code": None,
        "faults": [],
        "findings": [
            {
                "rule": "unknown_parameter",
                "parameter": "Colour",
                "message": "'Colour' is no parameter of CreateApplication",
            }
        ],
        "created": [created["sid"]],
        "updated": [],
        "deleted": [],
        "request_id": ask.account.requests[0].request_id,
        "webhooks": [],
    }
    assert json.loads(second)["number"] == 2


def test_nothing_asked_is_nothing_written() -> None:
    ask = ask_in_process()
    assert (ask.account.requests.to_json_lines(), ask.account.requests.to_curl()) == ("", "")


def test_requests_without_an_account_are_written_too() -> None:
    ask = ask_in_process()
    ask("POST", "Applications.json", {"FriendlyName": "x"}, credentials=basic("me", "secret word"))
    unknown = ask.mock.unknown_requests
    assert json.loads(unknown.to_json_lines())["account_sid"] is None
    assert "--data-urlencode FriendlyName=x" in unknown.to_curl()
