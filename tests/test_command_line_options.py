"""The server's options: flags, environment variables, and what they change."""

from __future__ import annotations

import http.client
import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.asking import FORM, basic
from tests.test_command_line import asked, ended, running
from twilio_mock.__main__ import main
from twilio_mock.command_line.readers import host_name
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

SID = "AC" + "1" * 32
SEED = {"accounts": [{"sid": SID, "auth_token": "1" * 32, "applications": [{}]}]}


def control(
    url: str, path: str, token: str | None = None, host: str | None = None
) -> tuple[int, object]:
    """Status and value of a call of the control API."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Host": host} if host else {}
    try:
        connection.request("GET", f"/_twilio_mock{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def created(url: str, **parameters: str) -> tuple[int, dict[str, Any]]:
    """Status and value of a CreateApplication in the account that a server has by itself."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {
        "Authorization": basic(DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN),
        "Content-Type": FORM,
    }
    path = f"/2010-04-01/Accounts/{DEFAULT_ACCOUNT_SID}/Applications.json"
    try:
        connection.request("POST", path, urlencode(parameters), headers)
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


BROKEN = "this is no JSON: Expecting value: line 1 column 1 (char 0)"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no", BROKEN),
        ('{"accont": []}', "the document.accont: is not known; did you mean accounts? known are: "),
        ('{"applications": 3}', "account.applications: an array is expected, not a number"),
    ],
)
def test_what_is_wrong_with_a_seed_file_is_said_once_and_in_json_s_words(
    content: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "seed.json"
    file.write_text(content)
    assert main(["validate", str(file)]) == 2
    assert capsys.readouterr().err.startswith(f"twilio-mock: {file}: {told}")


def test_a_seed_file_may_begin_with_a_mark_and_be_a_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "seed.json"
    file.write_text('{"$schema": "x", "applications": [{}]}', encoding="utf-8-sig")
    assert main(["validate", str(file)]) == 0
    assert capsys.readouterr().err == ""


def test_the_accounts_of_seed_files_are_named_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    sids = [f"AC{number:032}" for number in range(1, 6)]
    file.write_text(json.dumps({"accounts": [{"sid": sid} for sid in sids]}))
    with running("--port", "0", "--seed-file", str(file)) as (process, _):
        _, _, told, _ = ended(process, signal.SIGTERM)
    named = ", ".join([DEFAULT_ACCOUNT_SID, *sids[:3]])
    assert told.splitlines()[0].endswith(f": accounts {named} and 2 more")


def test_the_line_that_init_prints_can_be_pasted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "my file.json")]) == 0
    assert f"--seed-file '{tmp_path}/my file.json'" in capsys.readouterr().out


@pytest.mark.parametrize("flag", ["--allow-host", "--allow"])
@pytest.mark.parametrize("name", ["http://x", "bad host", "a.example:80", "a..b"])
def test_a_host_that_is_none_is_refused(
    flag: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["proxy", flag, name]) == 2
    told = f"twilio-mock: {flag}: {name!r} is no host name: no URL and no port, as in mock.example"
    assert capsys.readouterr().err == f"{told} (twilio-mock proxy --help)\n"


@pytest.mark.parametrize(("given", "read"), [("Mock.Test", "mock.test"), ("::1", "::1")])
def test_a_host_is_read_as_requests_name_it(given: str, read: str) -> None:
    assert host_name(given) == read


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


def test_what_strictness_refuses_says_why() -> None:
    with running("--port=0", "--strict=error", "--let-pass=public_url_host") as (_, url):
        assert created(url, VoiceUrl="http://localhost/")[0] == 201
        status, refused = created(url, VoiceURL="http://localhost/")
        assert (status, refused["code"]) == (400, 400)
        assert refused["message"] == (
            "twilio_mock: 'VoiceURL' is no parameter of CreateApplication: did you mean "
            "'VoiceUrl'? (unknown_parameter is refused here; Twilio lets it pass)"
        )
        assert created(url, VoiceFallbackUrl="http://localhost/")[1]["code"] == 21405
        _, coverage = control(url, "/coverage")
    assert isinstance(coverage, dict)
    rules = coverage["suspected_rules"]
    accepted = {name for name, rule in rules.items() if not rule["is_enforced"]}
    assert accepted == {"public_url_host"}


def test_a_server_that_strangers_can_reach_says_so_and_closes_its_control_api() -> None:
    flags = ["--host", "0.0.0.0", "--port", "0"]
    with running(*flags, "--allow-host", "mock.test") as (process, url):
        assert control(url, "/state")[0] == 401
        # Another name is refused before the token is looked at, those that are allowed are not.
        assert control(url, "/health", host="mock.test")[0] == 200
        assert control(url, "/health", host="evil.test")[0] == 403
        assert asked(url, DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN) == 200
        _, _, told, _ = ended(process, signal.SIGTERM)
    warning = "twilio-mock: warning: other machines can reach 0.0.0.0; its control API is closed"
    assert f"{warning} without a token (--control-token)\n" in told


def test_a_token_opens_the_control_api_to_those_who_have_it() -> None:
    with running("--host=0.0.0.0", "--port=0", TWILIO_MOCK_CONTROL_TOKEN="s3cret") as (
        process,
        url,
    ):
        assert control(url, "/state")[0] == 401
        assert control(url, "/state", "wrong")[0] == 401
        assert control(url, "/state", "s3cret")[0] == 200
        assert control(url, "/health") == (200, {"status": "ok"})
        _, _, told, _ = ended(process, signal.SIGTERM)
    assert "its control API asks for its token" in told
    assert "s3cret" not in told


def test_the_ready_file_holds_the_url_while_it_listens(tmp_path: Path) -> None:
    file = tmp_path / "ready"
    file.write_text("of an earlier server, which was killed")
    with running("--port", "0", "--ready-file", str(file)) as (process, url):
        assert file.read_text() == f"{url}\n"
        assert [each.name for each in tmp_path.iterdir()] == ["ready"]
        assert ended(process, signal.SIGTERM)[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_a_ready_file_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "x" * 254  # the name is possible, but not that of the part beside it
    assert main(["--port=0", "--ready-file", str(tmp_path / long)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.endswith("File name too long\n")
    assert list(tmp_path.iterdir()) == []


def test_healthcheck_tells_whether_a_server_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # which it does not ask
    with running("--port", "0", "--host", "0.0.0.0") as (_, url):
        assert main(["healthcheck", "--url", url]) == 0
        assert capsys.readouterr().out == f"twilio-mock: {url} is well\n"
        port = str(urlsplit(url).port)
        monkeypatch.setenv("TWILIO_MOCK_HOST", "0.0.0.0")  # as the server has it in a container
        assert main(["healthcheck", "--port", port]) == 0
        monkeypatch.setenv("TWILIO_MOCK_URL", url)
        assert main(["healthcheck"]) == 0
    assert main(["healthcheck", "--url", url]) == 1
    assert "does not answer" in capsys.readouterr().out


def test_healthcheck_knows_a_server_that_is_none_of_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as pool:
        port = other.getsockname()[1]
        checked = pool.submit(main, ["healthcheck", "--port", str(port)])
        connection, _ = other.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            assert checked.result(10) == 1
    assert capsys.readouterr().out == f"twilio-mock: http://127.0.0.1:{port} is no twilio-mock\n"


def test_the_same_random_seed_gives_the_same_sids() -> None:
    sids = []
    for _ in range(2):
        with running("--port", "0", "--random-seed", "x") as (_, url):
            sids.append(created(url)[1]["sid"])
    assert sids[0] == sids[1]
