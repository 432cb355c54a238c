"""Programs that are not changed at all reach the mock through its proxy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_parts import NODE_PROJECT, TWILIO_CLI, clean_environment, require
from twilio_mock import TwilioMock

SYNC = """
from twilio.rest import Client
print(Client().applications.create(friendly_name="Phone Me").sid)
"""
# The SDK uses what aiohttp 3.14 calls deprecated: hence -W ignore below.
ASYNC = """
import asyncio
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

async def main():
    async with AsyncTwilioHttpClient() as transport:
        client = Client(http_client=transport)
        print((await client.applications.create_async(friendly_name="Phone Me")).sid)

asyncio.run(main())
"""
NODE = """
const client = require("twilio")();
client.applications.create({ friendlyName: "Phone Me" }).then((created) => {
  console.log(new URL(client.httpClient.lastRequest.url).hostname);
  console.log(created.sid);
});
"""
CURL = """
curl -sS --fail -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" -d "FriendlyName=Phone Me" \
  "https://api.twilio.com/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Applications.json"
"""


@pytest.fixture(scope="module")
def running() -> Iterator[TwilioMock]:
    with TwilioMock(proxy=True, redirect=False) as mock:
        yield mock


@pytest.fixture
def mock(running: TwilioMock) -> TwilioMock:
    running.reset()
    return running


def run(mock: TwilioMock, *words: str, **more: str) -> str:
    """What a program prints that is run with the proxy's environment."""
    environment = clean_environment(
        **mock.proxy_environment,
        TWILIO_ACCOUNT_SID=mock.sid,
        TWILIO_AUTH_TOKEN=mock.auth_token,
        **more,
    )
    ended = subprocess.run(
        words, env=environment, cwd=NODE_PROJECT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_twilio_python_needs_nothing_but_the_environment(mock: TwilioMock) -> None:
    sid = run(mock, sys.executable, "-c", SYNC).strip()
    assert mock.applications[sid].friendly_name == "Phone Me"


def test_edges_and_regions_are_played_too(mock: TwilioMock) -> None:
    for more in ({"TWILIO_REGION": "au1"}, {"TWILIO_REGION": "au1", "TWILIO_EDGE": "sydney"}):
        run(mock, sys.executable, "-c", SYNC, **more)
    assert len(mock.applications) == 2


def test_the_async_client_needs_the_shim_of_run(mock: TwilioMock) -> None:
    words = ["run", "--account-sid", mock.sid, "--", sys.executable, "-W", "ignore", "-c", ASYNC]
    ended = subprocess.run(
        [sys.executable, "-m", "twilio_mock", *words],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("AP")
    assert "CreateApplication 201" in ended.stderr


def test_twilio_node_needs_nothing_but_the_environment(mock: TwilioMock) -> None:
    require("node")
    lines = run(mock, "node", "-e", NODE).split()
    assert lines == ["api.twilio.com", mock.applications.one().sid]


def test_edges_and_regions_of_twilio_node_are_played_too(mock: TwilioMock) -> None:
    require("node")
    lines = run(mock, "node", "-e", NODE, TWILIO_REGION="au1", TWILIO_EDGE="sydney").split()
    assert lines == ["api.sydney.au1.twilio.com", mock.applications.one().sid]


def test_curl_needs_nothing_but_the_environment(mock: TwilioMock) -> None:
    require("curl")
    assert '"friendly_name": "Phone Me"' in run(mock, "sh", "-c", CURL)
    assert len(mock.applications) == 1


def test_twilio_cli_creates_lists_and_removes(mock: TwilioMock, tmp_path: Path) -> None:
    require("twilio-cli")

    def cli(*words: str) -> str:
        return run(mock, "node", str(TWILIO_CLI), *words, HOME=str(tmp_path), NODE_NO_WARNINGS="1")

    created = cli("api:core:applications:create", "--friendly-name", "Phone Me", "-o", "json")
    [sid] = [app.sid for app in mock.applications]
    assert sid in created
    assert sid in cli("api:core:applications:list", "--friendly-name", "Phone Me")
    cli("api:core:applications:remove", "--sid", sid)
    assert len(mock.applications) == 0
