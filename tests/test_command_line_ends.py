"""How a server process begins and ends: soon, whatever is under way, and with nothing left."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.asking import basic
from tests.real_parts import clean_environment
from tests.test_command_line import HALF_BODY, HALF_HEAD, ended, half_request, running
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

CONTROL = f"/_twilio_mock/accounts/{DEFAULT_ACCOUNT_SID}"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def import_of_aiohttp() -> float:
    """Seconds that it takes here and now to start a Python and to import a web server."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import aiohttp.web"], check=True)
    return time.perf_counter() - began


def call(path: str, body: object = None, method: str = "POST") -> bytes:
    """A request of the control API."""
    text = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(text)}\r\n\r\n"
    return head.encode() + text


@contextmanager
def answered(url: str, request: bytes) -> Iterator[bytes]:
    """The first piece of an answer, on a connection that stays open."""
    with half_request(url, request) as connection:
        yield connection.recv(65536)


LIST = (
    f"GET /2010-04-01/Accounts/{DEFAULT_ACCOUNT_SID}/Applications.json HTTP/1.1\r\nHost: x\r\n"
    f"Authorization: {basic(DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN)}\r\n\r\n"
).encode()


def open_all(url: str, stack: ExitStack) -> None:
    """Everything that may be under way in a server, in each of its stages."""

    def ask(path: str, body: object) -> bytes:
        return stack.enter_context(answered(url, call(path, body)))

    silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/voice"
    number = {"phone_number": "+15005550006", "voice_url": endpoint}
    assert b" 204 " in ask(f"{CONTROL}/seed", {"incoming_phone_numbers": [number]})
    hang = {"on": "ListApplication", "effects": [{"effect": "hang"}]}
    assert b" 201 " in ask(f"{CONTROL}/faults", hang)
    port = urlsplit(endpoint).port
    for text in (
        HALF_HEAD,
        HALF_BODY,
        LIST,  # held by the fault
        call(f"{CONTROL}/requests/wait", {"operation": "CreateApplication", "timeout": 600}),
        call("/_twilio_mock/events", method="GET"),
        b"CONNECT api.twil",
        b"",
    ):
        stack.enter_context(half_request(url, text))
    tunnels = [b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n"] * 2
    tunnels.append(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
    for tunnel in tunnels:
        assert stack.enter_context(answered(url, tunnel)) == ESTABLISHED
    silent.accept()[0].close()
    call_ = call(f"{CONTROL}/incoming_call", {"to": "+15005550006"})
    stack.enter_context(half_request(url, call_))
    silent.settimeout(10)
    asked, _ = silent.accept()  # the webhook, which will not be answered
    stack.enter_context(asked)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_ends_soon_and_well_whatever_is_under_way(number: signal.Signals) -> None:
    """In less time than it takes to import a web server: promised is a fifth of a second."""
    seconds, measure = [], []
    for _ in range(3):
        with ExitStack() as stack:
            flags = ("proxy", "--port=0", "--allow=127.0.0.1", "--verbose")
            process, url = stack.enter_context(running(*flags))
            open_all(url, stack)
            status, _, errors, took = ended(process, number)
        assert status == 0
        assert "Traceback" not in errors
        assert "never retrieved" not in errors
        seconds.append(took)
        measure.append(import_of_aiohttp())
        if min(seconds) < min(measure):
            return
    pytest.fail(f"it took {seconds} to end, and {measure} to import aiohttp.web")


def test_under_nohup_it_outlives_its_terminal() -> None:
    program = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    program += "from twilio_mock.__main__ import main; sys.exit(main(['--port', '0']))"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        process.send_signal(signal.SIGHUP)
        with answered(url, call("/_twilio_mock/health", method="GET")) as answer:
            assert b" 200 " in answer
        process.terminate()
        assert process.wait(10) == 0


def test_it_is_ready_soon() -> None:
    """Hardly later than the web server in it is imported: promised is a third of a second."""
    ready, measure = [], []
    for _ in range(5):
        began = time.perf_counter()
        with running("--port", "0"):
            ready.append(time.perf_counter() - began)
        measure.append(import_of_aiohttp())
        if min(ready) < 2 * min(measure):
            return
    pytest.fail(f"it took {ready} to listen, and {measure} to import aiohttp.web")


def test_a_start_imports_nothing_that_can_wait() -> None:
    """What each start pays for; the control API, faults and webhooks are for later."""
    program = (
        "import sys\n"
        "before = set(sys.modules)  # coverage, if it measures, has imported much\n"
        "from twilio_mock.command_line import making, serve\n"
        "from twilio_mock.__main__ import main\n"
        "async def begin(made, *_):\n"
        "    async with making.running(made): pass\n"
        "    return 0\n"
        "serve.until_stopped = begin\n"
        "assert main(['--port', '0']) == 0\n"
        "print(*sys.modules.keys() - before)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment(),
    )
    loaded = set(ended.stdout.split())
    late = {
        *("difflib", "http.server", "requests", "trustme", "twilio", "xml.dom"),
        *("twilio_mock.mock", "twilio_mock.account_handles", "twilio_mock.webhooks"),
        *("twilio_mock.control.faults", "twilio_mock.control.http.table"),
        *("twilio_mock.serving.deliver", "twilio_mock.state.deliveries"),
    }
    assert "twilio_mock.serving.server" in loaded
    assert loaded & late == set()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux has /proc")
def test_it_takes_little_memory_while_nobody_asks() -> None:
    """Against what the web server in it takes alone: promised are 45 MiB."""

    def resident(process: int) -> int:
        """KiB that a process takes."""
        text = Path(f"/proc/{process}/status").read_text()
        [line] = [line for line in text.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1])

    program = "import aiohttp.web, sys; print(flush=True); sys.stdin.read()"
    with (
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as bare,
        running("--port", "0") as (process, _),
    ):
        assert bare.stdout is not None
        bare.stdout.readline()
        assert resident(process.pid) < 1.4 * resident(bare.pid)


def test_what_is_printed_is_told_at_once_also_into_a_pipe_that_is_closed_then() -> None:
    """As `twilio-mock | head -n 1` does: the server goes on without a reader."""
    with running("--port", "0") as (process, url):
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()
        with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
            health = call("/_twilio_mock/health", method="GET")
            for _ in range(3):
                answers = pool.map(lambda _: stack.enter_context(answered(url, health)), range(4))
                assert all(b" 200 " in answer for answer in answers)
            assert b" 401 " in stack.enter_context(
                answered(url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            )
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
