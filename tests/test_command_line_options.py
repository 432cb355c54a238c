"""The server's options: flags, environment variables, and what they change."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.asking import basic
from tests.real_parts import clean_environment
from tests.test_command_line import asked, running
from twilio_mock.__main__ import main

SID = "AC" + "1" * 32
SEED = {"accounts": [{"sid": SID, "auth_token": "1" * 32, "applications": [{}]}]}


def control(url: str, path: str, token: str | None = None) -> tuple[int, object]:
    """Status and value of a call of the control API."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        connection.request("GET", f"/_twilio_mock{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_seed_files_are_stored_before_it_listens(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))
    with running("--port", "0", "--seed-file", str(file)) as (_, url):
        assert asked(url, SID, "1" * 32) == 200


def test_a_broken_seed_file_is_one_line_with_the_path_to_the_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "seed.json"
    file.write_text('{"accounts": [{"applications": [{"voice_method": "PUT"}]}]}')
    for command in (["--seed-file", str(file)], ["validate", str(file)]):
        assert main(command) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert line.startswith(f"twilio-mock: {file}: accounts[0].applications[0].voice_method: ")


def test_a_starter_seed_file_is_written_once_and_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "seed.json")
    assert main(["init", file]) == 0
    assert main(["validate", file]) == 0
    assert capsys.readouterr().out.endswith(f"{file} is well: 1 account\n")
    assert main(["init", file]) == 2
    assert "left as it is" in capsys.readouterr().err
    assert main(["init", str(tmp_path / "no" / "seed.json")]) == 2


def test_accounts_are_opened_on_demand() -> None:
    with running("--port", "0", "--accounts-on-demand") as (_, url):
        assert asked(url, SID, "first") == 200
        assert asked(url, SID, "first") == 200
        assert asked(url, SID, "second") == 401
        assert asked(url, "AC1", "first") == 401


def test_without_it_an_unknown_account_stays_unknown() -> None:
    with running("--port", "0") as (_, url):
        assert asked(url, SID, "first") == 401


def test_each_option_has_a_variable_and_the_flag_wins() -> None:
    with running("--port", "0", TWILIO_MOCK_PORT="1", TWILIO_MOCK_ACCOUNTS_ON_DEMAND="1") as (
        _,
        url,
    ):
        assert asked(url, SID, "token") == 200


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("TWILIO_MOCK_PORT", "x", "TWILIO_MOCK_PORT: 'x' is no port"),
        ("TWILIO_MOCK_QUIET", "perhaps", "TWILIO_MOCK_QUIET: 'perhaps' is neither 1 nor 0"),
        ("TWILIO_MOCK_ENFORCE", "page_size_range, x", "no suspected rule is named 'x'"),
    ],
)
def test_a_bad_variable_is_named(
    variable: str,
    value: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert main([]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line


def test_rules_are_enforced() -> None:
    flags = ["--port", "0", "--enforce", "page_size_range", "--enforce", "boolean_value"]
    with running(*flags, TWILIO_MOCK_ENFORCE="public_url_host") as (_, url):
        _, coverage = control(url, "/coverage")
    assert isinstance(coverage, dict)
    rules = coverage["suspected_rules"]
    enforced = {name for name, rule in rules.items() if rule["is_enforced"]}
    assert enforced == {"page_size_range", "boolean_value"}


def test_the_control_token_is_asked_for_but_not_for_health() -> None:
    with running("--port", "0", TWILIO_MOCK_CONTROL_TOKEN="s3cret") as (_, url):
        assert control(url, "/state")[0] == 401
        assert control(url, "/state", "s3cret")[0] == 200
        assert control(url, "/health") == (200, {"status": "ok"})


def test_a_server_that_strangers_can_reach_says_so_and_closes_its_control_api() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_mock", "--host", "0.0.0.0", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        assert control(url, "/state")[0] == 401
        process.terminate()
        _, told = process.communicate(timeout=10)
    assert "warning: other machines can reach 0.0.0.0" in told


def test_the_ready_file_holds_the_url_while_it_listens(tmp_path: Path) -> None:
    file = tmp_path / "ready"
    with running("--port", "0", "--ready-file", str(file)) as (_, url):
        assert file.read_text() == f"{url}\n"
    assert [each.name for each in tmp_path.iterdir()] == ["ready"]


def test_healthcheck_tells_whether_a_server_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with running("--port", "0", TWILIO_MOCK_CONTROL_TOKEN="x") as (_, url):
        assert main(["healthcheck", "--url", url]) == 0
        assert capsys.readouterr().out == f"{url} is well\n"
    assert main(["healthcheck", "--url", url]) == 1
    assert "does not answer" in capsys.readouterr().out


def test_healthcheck_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with running("--port", "0") as (_, url):
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert main(["healthcheck", "--url", url]) == 0


def test_the_same_random_seed_gives_the_same_sids() -> None:
    sids = []
    for _ in range(2):
        with running("--port", "0", "--random-seed", "x", "--account-sid", SID) as (_, url):
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
            token = "fedcba9876543210fedcba9876543210"
            headers = {"Authorization": basic(SID, token)}
            path = f"/2010-04-01/Accounts/{SID}/Applications.json"
            connection.request("POST", path, b"", headers)
            sids.append(json.loads(connection.getresponse().read())["sid"])
            connection.close()
    assert sids[0] == sids[1]
