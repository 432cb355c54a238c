"""With `--twilio-mock-url` all workers, and several test runs, share one running server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.plugin.conftest import Run
from tests.plugin.test_complaints import SWALLOWED
from tests.plugin.test_diagnosis import BREAKS_THE_MOCK, FAILS, STORY, UNREAD, normal
from tests.plugin.test_fixtures import GIVES_CREDENTIALS, ISOLATED, LIMITED, TWO_FACES
from tests.plugin.test_runners import ANYIO, AUTO, MANY, SDKS_OWN, alone
from tests.plugin.test_strictness import MISTAKEN, SUSPECT
from tests.real_parts import clean_environment
from twilio_mock import Settings, TwilioMock
from twilio_mock.control.http import about
from twilio_mock.remote.backend import TIME_TO_LIVE
from twilio_mock.remote.shared_mock import SharedMock
from twilio_mock.state.leases import Leases

__all__ = ["alone"]

ENDS = """
def test_it(twilio_mock, twilio_mock_server):
    print("SID", twilio_mock.sid)
    assert twilio_mock.url == twilio_mock_server.url
    assert list(twilio_mock_server.accounts) == [twilio_mock]
"""
OTHERS = """
import pytest

def test_it(twilio_mock_server):
    with pytest.raises(AttributeError, match="section 'One server for many'"):
        twilio_mock_server.reset()
    other = twilio_mock_server.accounts.create(friendly_name="other")
    assert other in list(twilio_mock_server.accounts)
    twilio_mock_server.accounts.free(other)
"""
FAULTY = """
import pytest
from provision import provision
from twilio.base.exceptions import TwilioRestException
from twilio_mock import error

@pytest.mark.twilio_mock(faults={"CreateApplication": error(20503)})
class TestFaulty:
    def test_it_fails(self, twilio_mock):
        with pytest.raises(TwilioRestException):
            provision("Phone Me")

    def test_it_never_fires(self, twilio_mock): ...

def test_a_predicate_cannot_be_sent(twilio_mock):
    with pytest.raises(ValueError, match="when= is a function, which cannot be sent"):
        twilio_mock.fault("CreateApplication", error(20503), when=lambda asked: True)

def test_in_process_cannot_be(twilio_mock):
    with pytest.raises(RuntimeError, match="leave that out"):
        twilio_mock.client(in_process=True)
"""
WEBHOOKS = """
from urllib.parse import parse_qs

def site(environ, start_response):
    size = int(environ["CONTENT_LENGTH"] or 0)
    asked.append(parse_qs(environ["wsgi.input"].read(size).decode())["CallSid"])
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<Response><Say>Hello</Say></Response>"]

asked = []

def test_it(twilio_mock):
    twilio_mock.webhooks.configure(deliver_to=site)
    application = twilio_mock.applications.create(voice_url="https://me.example/voice")
    call = application.incoming_call()
    assert call.twiml.find("Say").text == "Hello"
    assert asked == [[call.sid]]
    with twilio_mock.webhooks.hold("voice_url"):
        held = application.incoming_call()
    assert held.held
    assert held.release().error_code is None
    assert len(twilio_mock.webhooks) == 2
"""
STRANGER = """
from twilio.rest import Client

def test_it(twilio_mock):
    try:
        Client("AC" + "9" * 32, "secret-token").applications.create()
    except Exception:
        pass
    assert len(twilio_mock.applications) == 1
"""
NOTHING = "def test_it(twilio_mock): ...\n"


@pytest.fixture
def server() -> Iterator[TwilioMock]:
    with TwilioMock(redirect=False) as mock:
        yield mock


@pytest.fixture
def share(run: Run, server: TwilioMock) -> Run:
    """Run a test module against the shared server, which is empty again afterwards."""

    def run_shared(text: str, *flags: str, **options: str) -> pytest.RunResult:
        result = run(text, *flags, f"--twilio-mock-url={server.url}", **options)
        assert server.accounts.sids() == [server.sid]
        return result

    return run_shared


@pytest.fixture
def served() -> Iterator[str]:
    """The URL of a server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_mock", "serve", "--port=0", "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
    )
    with process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        process.terminate()


@pytest.mark.timeout(240)  # seconds; six processes
def test_four_workers_share_one_server_without_a_collision(
    run: Run, served: str, alone: tuple[str, ...]
) -> None:
    flags = ["-p", "xdist", "-n", "4", f"--twilio-mock-url={served}"]
    run(MANY.replace("400", "60"), *alone, *flags, apart=True).assert_outcomes(passed=60)


def test_two_runs_at_once_do_not_meet(
    run: Run, served: str, alone: tuple[str, ...], pytester: pytest.Pytester
) -> None:
    run(MANY.replace("400", "15"), "--collect-only")  # writes the files
    command = [sys.executable, "-m", "pytest", *alone, f"--twilio-mock-url={served}"]
    runs = [
        subprocess.Popen(command, cwd=pytester.path, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [each.communicate()[0] for each in runs]
    assert ["15 passed" in each for each in ends] == [True, True], ends
    assert len(SharedMock(served)._ask("GET", "/accounts")["accounts"]) == 1


@pytest.mark.parametrize(
    ("text", "passed"),
    [(ISOLATED, 4), (TWO_FACES, 1), (AUTO, 1), (ANYIO, 2), (OTHERS, 1), (WEBHOOKS, 1)],
    ids=["isolated", "two faces", "asyncio", "anyio", "others", "webhooks"],
)
def test_the_fixtures_are_what_they_are_without_it(share: Run, text: str, passed: int) -> None:
    share(text, *SDKS_OWN, ini="asyncio_mode = auto").assert_outcomes(passed=passed)


def test_the_ini_file_can_say_it(run: Run, server: TwilioMock) -> None:
    run(ENDS, ini=f"twilio_mock_url = {server.url}/").assert_outcomes(passed=1)


def test_an_account_has_a_time_to_live_in_case_the_run_is_killed(
    run: Run, server: TwilioMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[str, float]] = []
    monkeypatch.setattr(Leases, "begin", lambda _, *lease: begun.append(lease))
    result = run(ENDS, "-rP", f"--twilio-mock-url={server.url}")
    [sid] = [line.split()[1] for line in result.outlines if line.startswith("SID")]
    assert begun == [(sid, TIME_TO_LIVE)]


def test_a_failing_test_shows_the_same_story(share: Run) -> None:
    assert STORY in normal(share(FAILS).stdout.str())
    stranger = share(STRANGER)
    stranger.stdout.fnmatch_lines(["Refused for their credentials; this test has AC*:"])
    assert "secret-token" not in stranger.stdout.str().partition("No request came")[2]


@pytest.mark.parametrize(
    ("text", "passed", "errors"),
    [(UNREAD, 3, 1), (SWALLOWED, 7, 3), (FAULTY, 4, 1)],
    ids=["unread failure", "swallowed escape", "idle fault"],
)
def test_the_same_loose_ends_fail_a_test(share: Run, text: str, passed: int, errors: int) -> None:
    result = share(text, ini="asyncio_mode = auto")
    result.assert_outcomes(passed=passed, errors=errors)


def test_a_crash_of_the_server_fails_the_test(share: Run) -> None:
    # The server of this test is in this process: what breaks it here breaks it there.
    result = share(BREAKS_THE_MOCK)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: a bug of the mock's"])


def test_strictness_is_the_same(share: Run) -> None:
    warn = ["-W", "default::twilio_mock.TwilioMockWarning"]
    share(MISTAKEN, *warn).assert_outcomes(passed=1, warnings=1)
    share(SUSPECT, "--twilio-mock-strict=error").assert_outcomes(passed=1, errors=1)
    allow = "--twilio-mock-allow=public_url_host"
    share(SUSPECT, "--twilio-mock-strict=error", allow).assert_outcomes(passed=1)


def test_fixed_credentials_are_a_usage_error(share: Run) -> None:
    result = share(NOTHING, conftest=GIVES_CREDENTIALS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "twilio_mock: usage error: twilio_mock_settings gives fixed credentials, and the "
            "server at http://*is shared*section 'One server for many')"
        ]
    )


def test_settings_are_the_servers_own(share: Run) -> None:
    result = share(LIMITED)
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["twilio_mock: usage error: twilio_mock_settings asks for*"])


@pytest.mark.parametrize(
    ("flags", "text", "message"),
    [
        (["--twilio-mock-transport=in_process"], NOTHING, "leave in_process out"),
        (["--twilio-mock-seed=x"], NOTHING, "twilio_mock_seed would give tests of several workers"),
        (
            [],
            f"import pytest\n@pytest.mark.twilio_mock(seed='x')\n{NOTHING}",
            "the marker twilio_mock: seed would give tests of several workers the same AccountSid",
        ),
        (
            [],
            f"import pytest\n@pytest.mark.twilio_mock(accounts={{'AC1': 'x'}})\n{NOTHING}",
            "the marker twilio_mock: accounts would give tests of several workers",
        ),
    ],
    ids=["in process", "seed", "seed of the marker", "accounts of the marker"],
)
def test_what_does_not_go_together_is_a_usage_error(
    share: Run, flags: list[str], text: str, message: str
) -> None:
    result = share(text, *flags)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str() + result.stdout.str()


def no_mock(run: Callable[[str], pytest.RunResult], url: str) -> str:
    """What is said, once, of a URL where no mock can be used; no test runs."""
    result = run(url)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = [line for line in result.errlines + result.outlines if "twilio_mock: " in line]
    assert len(said) == 1
    assert said[0].endswith("section 'One server for many')")
    # A site that is no mock may have a traceback of its own to print.
    assert "in check_server" not in result.stderr.str() + result.stdout.str()
    return said[0]


def test_a_url_where_no_mock_can_be_used_is_one_clear_usage_error(
    run: Run, server: TwilioMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.plugin.local_site import local_site

    def said_of(url: str) -> str:
        return no_mock(lambda url: run(NOTHING, f"--twilio-mock-url={url}"), url)

    assert "no mock can be reached at http://127.0.0.1:9 (ConnectionRefused" in said_of(
        "http://127.0.0.1:9"
    )
    with local_site() as site:
        assert f"what answers at {site.url} is no twilio_mock" in said_of(site.url)
    # (Imported by name: an inner run of pytest forgets what was imported while it ran.)
    monkeypatch.setattr(about, "__version__", "0.0.1")
    assert f"the server at {server.url} is twilio_mock 0.0.1, and this is" in said_of(server.url)


def test_a_url_that_is_none_is_a_usage_error(run: Run) -> None:
    result = run(NOTHING, "--twilio-mock-url=localhost:8010")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    message = "twilio_mock_url is a URL such as http://127.0.0.1:8010, not 'localhost:8010'"
    assert message in result.stderr.str()


@pytest.mark.parametrize("how", ["flag", "ini", "variable"])
def test_the_token_is_given_and_never_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    token = "a-token-of-the-control-api"
    flags = {"flag": [f"--twilio-mock-control-token={token}"]}.get(how, [])
    ini = {"ini": f"twilio_mock_control_token = {token}"}.get(how, "")
    if how == "variable":
        monkeypatch.setenv("TWILIO_MOCK_CONTROL_TOKEN", token)
    with TwilioMock(settings=Settings(control_token=token), redirect=False) as server:
        url = f"--twilio-mock-url={server.url}"
        run(ISOLATED, url, *flags, ini=ini).assert_outcomes(passed=4)
        loud = [url, *flags, "--showlocals", "-vv", "--full-trace", "-rA"]
        text = "def test_it(twilio_mock):\n    twilio_mock.applications.one(sid='AP')\n"
        failed = run(text, *loud, ini=ini)
        failed.assert_outcomes(failed=1)
        assert token not in failed.stdout.str() + failed.stderr.str()


def test_where_sockets_are_disabled_no_token_is_shown_either(run: Run) -> None:
    with TwilioMock(settings=Settings(control_token="right-token"), redirect=False) as server:
        flags = [f"--twilio-mock-url={server.url}", "--twilio-mock-control-token=right-token"]
        result = run(NOTHING, *flags, "--disable-socket", "--showlocals", "--full-trace")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no mock can be reached at *A test tried to*"])
    assert "right-token" not in result.stdout.str() + result.stderr.str()


def test_a_proxy_in_the_environment_is_passed_by(
    share: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    share(ISOLATED).assert_outcomes(passed=4)


@pytest.mark.parametrize("token", ["", "wrong-token"])
def test_without_the_right_token_it_is_a_usage_error(run: Run, token: str) -> None:
    with TwilioMock(settings=Settings(control_token="right-token"), redirect=False) as server:
        flags = [f"--twilio-mock-control-token={token}"] if token else []
        said = no_mock(lambda url: run(NOTHING, *flags, f"--twilio-mock-url={url}"), server.url)
    assert "the control API needs its token" in said
    assert "wrong-token" not in said


def test_a_server_that_dies_is_told_by_its_tests(run: Run) -> None:
    mock = TwilioMock(redirect=False)
    text = f"import gc\nfrom twilio_mock import TwilioMock\n{NOTHING}".replace(
        "...",
        "\n    [server] = [e for e in gc.get_objects() if isinstance(e, TwilioMock)"
        " and e.running and e.url == twilio_mock.url]\n    server.__exit__(None, None, None)",
    )
    with mock:
        result = run(
            text, f"--twilio-mock-url={mock.url}", "--twilio-mock-control-token=secret-tok"
        )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*Unreachable: twilio_mock: no mock can be reached at http://*"])
    assert "secret-tok" not in result.stdout.str()
