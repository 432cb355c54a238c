"""`twilio-mock proxy` and `twilio-mock run`, as processes."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.asking import basic
from tests.real_parts import clean_environment
from twilio_mock.__main__ import main
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

MOCK = [sys.executable, "-m", "twilio_mock"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MOCK, "run", *words],
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_exit_status_of_the_command_is_kept() -> None:
    assert run("--", "sh", "-c", "exit 7").returncode == 7
    assert run("sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM


def test_the_command_finds_its_account_and_what_leads_to_the_mock() -> None:
    ended = run("--", "sh", "-c", "echo $TWILIO_ACCOUNT_SID $TWILIO_MOCK_URL $HTTPS_PROXY; env")
    first, _, variables = ended.stdout.partition("\n")
    sid, url, proxy = first.split()
    assert (sid, url) == (DEFAULT_ACCOUNT_SID, proxy)
    for name in ("HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        assert f"{name}=" in variables
    assert ended.stderr == "twilio-mock: the command asked nothing\n"


def test_an_account_of_the_environment_is_used() -> None:
    sid = "AC" + "5" * 32
    ended = run("--", "sh", "-c", "echo $TWILIO_ACCOUNT_SID", TWILIO_ACCOUNT_SID=sid)
    assert ended.stdout == f"{sid}\n"


@pytest.mark.parametrize(
    ("program", "status", "why"),
    [
        ("no-such-program", 127, "No such file or directory"),
        ("./nowhere/program", 127, "No such file or directory"),
        (str(Path(__file__)), 126, "Permission denied"),
        (str(Path(__file__).parent), 126, "Permission denied"),
    ],
)
def test_a_command_that_cannot_be_run_is_one_line_and_a_shell_s_status(
    program: str, status: int, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--", program]) == status
    assert capfd.readouterr() == ("", f"twilio-mock: cannot run {program}: {why}\n")


@pytest.mark.parametrize(
    ("number", "name"),
    [(signal.SIGTERM, "TERM"), (signal.SIGINT, "INT"), (signal.SIGHUP, "HUP")],
)
def test_signals_reach_the_command(number: signal.Signals, name: str) -> None:
    script = f"trap 'echo ended; exit 3' {name}; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen(
        [*MOCK, "run", "--", "sh", "-c", script],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "ended\n"
        assert process.wait(timeout=10) == 3


WHO = "from twilio_mock.command_line.proxying import is_in_the_foreground as it; print(it())"


@pytest.mark.parametrize(("leads", "expected"), [(True, "True\n"), (False, "False\n")])
def test_ctrl_c_in_a_terminal_is_not_passed_on_to_a_command_that_got_it(
    leads: bool, expected: str
) -> None:
    leader, follower = pty.openpty()

    def take_the_terminal() -> None:
        if leads:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    ended = subprocess.run(
        [sys.executable, "-c", WHO],
        env=clean_environment(),
        stdin=follower,
        capture_output=True,
        text=True,
        start_new_session=True,
        preexec_fn=take_the_terminal,
        check=True,
    )
    os.close(follower)
    os.close(leader)
    assert ended.stdout == expected


def test_what_the_environment_says_of_other_proxies_does_not_count() -> None:
    names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"]
    other = dict.fromkeys(names, "http://127.0.0.1:9")
    ended = run("--", "env", **other, NO_PROXY="*", no_proxy=".twilio.com")
    values = dict(line.split("=", 1) for line in ended.stdout.splitlines() if "=" in line)
    assert {values[name] for name in names} == {values["TWILIO_MOCK_URL"]}
    assert values["NO_PROXY"] == values["no_proxy"] == "127.0.0.1,localhost,::1"


@pytest.mark.parametrize(
    "other",
    [
        {"https_proxy": "http://127.0.0.1:9"},
        {"no_proxy": ".twilio.com"},
        {"NO_PROXY": "api.twilio.com"},
        {"all_proxy": "socks5://127.0.0.1:9", "no_proxy": "*"},
    ],
)
def test_a_program_that_heeds_small_letters_does_not_get_out(other: dict[str, str]) -> None:
    program = "import requests, sys; sys.exit(requests.get('https://api.twilio.com/').status_code)"
    assert run("--", sys.executable, "-c", program, **other).returncode == 401 % 256


REFUSED = """
import http.client, os
for host in ("other.example", "other.example", "third.example"):
    client = http.client.HTTPConnection(os.environ["TWILIO_MOCK_URL"][7:])
    client.request("GET", f"http://user:s3cret@{host}/")
    assert client.getresponse().status == 403
"""


def test_hosts_that_were_refused_are_told_at_once_and_in_the_summary() -> None:
    told = run("--", sys.executable, "-c", REFUSED).stderr
    assert told.count("warning: twilio_mock: the proxy refused other.example; to allow it: ") == 2
    assert told.splitlines()[-3:] == [
        "twilio-mock: the command asked nothing",
        "twilio-mock: the proxy refused other.example (2 times); "
        "to allow it: --allow other.example",
        "twilio-mock: the proxy refused third.example; to allow it: --allow third.example",
    ]
    assert "s3cret" not in told


ASK = """
import http.client, os, sys
client = http.client.HTTPConnection(os.environ["TWILIO_MOCK_URL"][7:])
for authorization in sys.argv[1:]:
    path = f"/2010-04-01/Accounts/{os.environ['TWILIO_ACCOUNT_SID']}/Applications.json"
    client.request("GET", path, headers={"Authorization": authorization})
    client.getresponse().read()
"""


def test_the_summary_counts_what_was_asked_and_by_whom() -> None:
    right, wrong = basic(DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN), basic(DEFAULT_ACCOUNT_SID, "x")
    ended = run("--", sys.executable, "-c", ASK, right, right, wrong)
    assert ended.stderr.splitlines() == [
        "twilio-mock: the command asked 3 times:",
        "twilio-mock:   ListApplication 200 (2 times)",
        "twilio-mock:   1 request with credentials that this mock does not know",
    ]


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "twilio_mock.serving.certificates", None)
    assert main(["run", "--", "true"]) == 2
    told = "twilio-mock: the proxy needs an extra: pip install 'twilio-mock[proxy]'\n"
    assert capsys.readouterr().err == told


def test_another_sitecustomize_is_run_as_well(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.SEEN = 5\n")
    ended = run("--", sys.executable, "-c", "print(SEEN)", PYTHONPATH=str(tmp_path))
    assert ended.stdout == "5\n"


def test_proxy_prints_what_to_set_a_line_each(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*MOCK, "proxy", "--port", "0", "--ca-folder", str(tmp_path)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(13)]
        process.terminate()
        assert process.wait(timeout=10) == 0
    values = dict(line.split("=", 1) for line in lines)
    url = values.pop("TWILIO_MOCK_URL")
    assert list(values) == [
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "CURL_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
        "https_proxy",
        "http_proxy",
        "no_proxy",
        "ALL_PROXY",
        "all_proxy",
    ]
    assert values["HTTPS_PROXY"] == url
    assert Path(values["SSL_CERT_FILE"]).is_file()
