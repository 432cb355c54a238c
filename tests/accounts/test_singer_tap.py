"""The Singer tap `tap-twilio`, unmodified, reads through the proxy what an account holds.

It runs as a process of its own, out of a virtual environment of its own. Its base URL stands in its
code, and no option changes it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.real_parts import clean_environment, require
from twilio_mock import TwilioMock

STREAMS = ["accounts", "applications", "incoming_phone_numbers", "keys"]


@pytest.fixture(scope="module")
def mock() -> Iterator[TwilioMock]:
    require("tap")
    with TwilioMock(proxy=True, redirect=False) as mock:
        yield mock


def configured(mock: TwilioMock, folder: Path) -> Path:
    """The tap's configuration, with the credentials of the mock's account."""
    config = {
        "account_sid": mock.sid,
        "auth_token": mock.auth_token,
        "start_date": "2010-01-01T00:00:00Z",
        "user_agent": "tests",
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    return path


def run(*words: str | Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A program that has ended well."""
    wanted = clean_environment(**environment, PYTHONWARNINGS="ignore")
    ended = subprocess.run(words, env=wanted, capture_output=True, text=True, timeout=50)
    assert ended.returncode == 0, ended.stderr
    return ended


def tap(mock: TwilioMock, folder: Path, *options: str | Path) -> str:
    """What the tap prints behind the proxy."""
    config = configured(mock, folder)
    ended = run("tap-twilio", "--config", config, *options, environment=mock.proxy_environment)
    return ended.stdout


def catalog(mock: TwilioMock, folder: Path) -> Path:
    """The tap's own catalog, with our streams selected."""
    found = json.loads(tap(mock, folder, "--discover"))
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
    for line in tap(mock, folder, "--catalog", catalog(mock, folder)).splitlines():
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


def test_it_is_run_behind_a_proxy_of_its_own_by_one_command(
    mock: TwilioMock, tmp_path: Path
) -> None:
    config, wanted = configured(mock, tmp_path), catalog(mock, tmp_path)
    credentials = {"TWILIO_ACCOUNT_SID": mock.sid, "TWILIO_AUTH_TOKEN": mock.auth_token}
    words = ("tap-twilio", "--config", config, "--catalog", wanted)
    program = (sys.executable, "-m", "twilio_mock", "run", "--")
    ended = run(*program, *words, environment=credentials)
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    records = [each["stream"] for each in found if each["type"] == "RECORD"]
    assert records == ["accounts"]  # that of the proxy, which has nothing else
    assert "ListApplication 200" in ended.stderr
