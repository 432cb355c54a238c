"""The Singer tap `tap-twilio` reads accounts, applications, numbers and keys out of the mock.

It runs as a process of its own, out of a virtual environment of its own.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.real_parts import clean_environment, require
from twilio_mock import AccountHandle, TwilioMock

RUNNER = Path(__file__).with_name("tap_runner.py")
STREAMS = ["accounts", "applications", "incoming_phone_numbers", "keys"]


@pytest.fixture(scope="module")
def mock() -> Iterator[TwilioMock]:
    require("tap")
    with TwilioMock() as mock:
        yield mock


def tap(mock: TwilioMock, account: AccountHandle, folder: Path, *options: str) -> str:
    """What the tap prints, asked with the credentials of an account."""
    config = folder / "config.json"
    config.write_text(
        json.dumps(
            {
                "account_sid": account.sid,
                "auth_token": account.auth_token,
                "start_date": "2010-01-01T00:00:00Z",
                "user_agent": "tests",
            }
        )
    )
    script = which("tap-twilio")
    assert script is not None
    python = Path(script).resolve().with_name("python")
    ended = subprocess.run(
        [python, "-P", "-W", "ignore", RUNNER, "--config", config, *options],
        env=clean_environment(TWILIO_MOCK_URL=mock.url),
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def catalog(mock: TwilioMock, folder: Path) -> Path:
    """The tap's own catalog, with our streams selected."""
    found = json.loads(tap(mock, mock.account, folder, "--discover"))
    for stream in found["streams"]:
        for entry in stream["metadata"]:
            if entry["breadcrumb"] == []:
                entry["metadata"]["selected"] = stream["stream"] in STREAMS
    path = folder / "catalog.json"
    path.write_text(json.dumps(found))
    return path


@pytest.fixture(scope="module")
def read(
    mock: TwilioMock, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, Any]]]:
    """All records that the tap reads from a parent with two subaccounts, by stream."""
    parent = mock.account
    children = [parent.subaccounts.create(friendly_name=name) for name in ("one", "two")]
    for each in [parent, *children]:
        application = each.applications.create(
            friendly_name=f"of {each.sid}", voice_url="https://a.example/voice"
        )
        each.incoming_phone_numbers.create(
            phone_number="+14155550101", voice_application_sid=application.sid
        )
        each.keys.create(friendly_name="deploy")
    for number in range(120):  # the tap follows three pages
        children[0].applications.create(friendly_name=f"n{number}")
    folder = tmp_path_factory.mktemp("tap")
    records = defaultdict(list)
    for line in tap(mock, parent, folder, "--catalog", str(catalog(mock, folder))).splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            records[message["stream"]].append(message["record"])
    return records


def test_it_reads_the_account_and_its_subaccounts(
    mock: TwilioMock, read: dict[str, list[dict[str, Any]]]
) -> None:
    family = [mock.account.sid, *mock.account.subaccounts.sids()[-2:]]
    assert [each["sid"] for each in read["accounts"]] == family
    assert [each["owner_account_sid"] for each in read["accounts"]] == [mock.account.sid] * 3
    assert {each["status"] for each in read["accounts"]} == {"active"}


def test_it_finds_the_applications_of_each_account_by_its_subresource_uris(
    mock: TwilioMock, read: dict[str, list[dict[str, Any]]]
) -> None:
    stored = {
        application.sid
        for account in (mock.account, *mock.account.subaccounts)
        for application in account.applications
    }
    found = [each["sid"] for each in read["applications"]]
    assert (len(found), set(found)) == (123, stored)


def test_it_reads_each_number_with_the_application_that_it_carries(
    read: dict[str, list[dict[str, Any]]],
) -> None:
    applications = {each["sid"]: each["account_sid"] for each in read["applications"]}
    assert len(read["incoming_phone_numbers"]) == 3
    for number in read["incoming_phone_numbers"]:
        assert applications[number["voice_application_sid"]] == number["account_sid"]


def test_it_reads_the_keys_and_no_secret(read: dict[str, list[dict[str, Any]]]) -> None:
    assert [each["friendly_name"] for each in read["keys"]] == ["deploy"] * 3
    assert not any("secret" in each for each in read["keys"])
