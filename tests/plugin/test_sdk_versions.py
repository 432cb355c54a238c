"""Redirection with twilio-python 7, 8 and 9, in a process of its own for each version.

`TWILIO_MOCK_TESTS_SDKS` names a folder with one folder for each version, made by
`pip install --no-deps --target FOLDER/7.17.0 twilio==7.17.0 pytz`, and so on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inner_pytest import without_coverage
from tests.real_parts import ROOT, clean_environment

VERSIONS = ["7.7.1", "7.17.0", "8.13.0"]  # 7.7.1 is Debian's; 9 has all the other tests
FOLDER = "TWILIO_MOCK_TESTS_SDKS"

PROGRAM = """
import asyncio, sys, warnings
import twilio
from twilio.rest import Client
from twilio_mock import EscapedRequest, TwilioMock

assert twilio.__version__ == sys.argv[1], twilio.__version__

def provision(mock, **options):
    client = Client(mock.sid, mock.auth_token, **options)
    for number in range(3):
        sid = client.applications.create(friendly_name=str(number)).sid
    assert sid in mock.applications
    found = [each.friendly_name for each in client.applications.list(page_size=1)]
    assert sorted(found)[:3] == ["0", "1", "2"], found
    assert client.applications(sid).delete() is True
    try:
        client.lookups.v1.phone_numbers("+1").fetch()
    except EscapedRequest:
        pass
    else:
        raise AssertionError("it escaped")

for transport in ("socket", "in_process"):
    with TwilioMock(transport=transport) as mock:
        provision(mock)
        mock.reset()
        provision(mock, edge="sydney", region="au1")
        mock.reset()
        assert mock.client().applications.list() == []

async def in_the_loops_own_thread():
    async with TwilioMock() as mock:
        provision(mock)

async def awaited():
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    for transport in ("socket", "in_process"):
        async with TwilioMock(transport=transport) as mock:
            async with AsyncTwilioHttpClient() as http_client:
                client = Client(mock.sid, mock.auth_token, http_client=http_client)
                # What this version sends for what was not given is another matter.
                assert await client.applications.list_async(friendly_name="none") == []

warnings.simplefilter("ignore", DeprecationWarning)
asyncio.run(in_the_loops_own_thread())
if not sys.argv[1].startswith("7"):
    asyncio.run(awaited())
assert not hasattr(Client.get_hostname, "__wrapped__")
"""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"], ids=["direct", "proxy"])
def test_every_version_of_the_sdk_is_redirected(version: str, proxy: str) -> None:
    folder = Path(os.environ.get(FOLDER, "nowhere")) / version
    if not folder.is_dir():
        pytest.skip(f"twilio-python {version} is missing: {FOLDER} names no folder that has it")
    path = os.pathsep.join([str(folder), str(ROOT)])
    added = {"HTTP_PROXY": proxy, "http_proxy": proxy} if proxy else {}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, version],
        env=without_coverage(clean_environment(PYTHONPATH=path, **added)),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stderr
