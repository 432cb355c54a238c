"""The proxy itself: which hosts it plays, what it refuses, and how it ends."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.asking import basic
from twilio_mock import TwilioMock
from twilio_mock.serving.proxy import Proxy

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(scope="module")
def mock() -> Iterator[TwilioMock]:
    with TwilioMock(proxy=True, redirect=False, allow=["127.0.0.1"]) as running:
        yield running


@contextmanager
def connected(mock: TwilioMock) -> Iterator[socket.socket]:
    """A connection to the proxy."""
    place = urlsplit(mock.url)
    with socket.create_connection((place.hostname, place.port or 0), timeout=5) as connection:
        yield connection


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def asked(mock: TwilioMock, request: bytes) -> tuple[int, str]:
    """Status and message of an answer that ends the connection."""
    with connected(mock) as connection:
        connection.sendall(request)
        head, _, body = all_of(connection).partition(b"\r\n\r\n")
    message: str = json.loads(body)["message"]
    return int(head.split()[1]), message


def tunnel(mock: TwilioMock, connection: socket.socket, host: str) -> ssl.SSLSocket:
    """A TLS connection to a host that the proxy plays."""
    connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
    context = ssl.create_default_context(cafile=mock.proxy_environment["NODE_EXTRA_CA_CERTS"])
    return context.wrap_socket(connection, server_hostname=host)


def list_request(mock: TwilioMock, host: str, target: str = "") -> bytes:
    path = f"{target}/2010-04-01/Accounts/{mock.sid}/Applications.json"
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    return f"{head}Authorization: {basic(mock.sid, mock.auth_token)}\r\n\r\n".encode()


@pytest.mark.parametrize(
    "host", ["api.twilio.com", "api.au1.twilio.com", "api.sydney.au1.twilio.com", "API.twilio.com"]
)
def test_a_host_of_the_api_is_played_behind_tls_of_its_name(mock: TwilioMock, host: str) -> None:
    with connected(mock) as connection, tunnel(mock, connection, host) as secured:
        secured.sendall(list_request(mock, host))
        assert all_of(secured).startswith(b"HTTP/1.1 200 OK\r\n")


def test_the_request_may_come_with_the_end_of_the_handshake(mock: TwilioMock) -> None:
    for _ in range(20):
        with connected(mock) as connection, tunnel(mock, connection, "api.twilio.com") as secured:
            secured.sendall(list_request(mock, "api.twilio.com"))
            assert b"200 OK" in all_of(secured)


@pytest.mark.parametrize(
    "host", ["example.com", "lookups.twilio.com", "apixtwilio.com", "a.b.c.d.twilio.com"]
)
def test_every_other_host_is_refused_in_words(mock: TwilioMock, host: str) -> None:
    status, message = asked(mock, f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
    assert status == 403
    assert f"is no open proxy; allow {host}" in message
    status, message = asked(mock, f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert status == 403


@pytest.mark.parametrize(
    "request_",
    [
        b"CONNECT api.twilio.com HTTP/1.1\r\n\r\n",
        b"CONNECT :443 HTTP/1.1\r\n\r\n",
        b"CONNECT api.twilio.com:x HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:65536 HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:99999999999999999999 HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1:x/ HTTP/1.1\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\n\r\n",
        b"GET http://a\x1b[2J/ HTTP/1.1\r\n\r\n",
        b"CONNECT user:s3cret@other.example:443 HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"a" * 20_000,
    ],
)
def test_what_is_no_request_is_refused(
    mock: TwilioMock, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert asked(mock, request_)[0] == 400
    assert caplog.text == ""


def test_hosts_that_are_refused_are_counted_but_not_without_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("twilio_mock.serving.proxy.COUNTED_AT_MOST", 2)
    proxy = Proxy(Nobody(), ())
    for host in ("a.example", "b.example", "c.example", "a.example"):
        proxy.note_refused(host)
    assert proxy.refused == {"a.example": 2, "b.example": 1}
    assert caplog.messages[2] == (
        "twilio_mock: the proxy refused c.example; to allow it: --allow c.example"
    )


class Nobody:
    """An authority that nobody asks."""

    def context(self, host: str) -> ssl.SSLContext:
        raise NotImplementedError


def test_a_request_without_tls_is_answered_for_the_hosts_it_plays(mock: TwilioMock) -> None:
    with connected(mock) as connection:
        connection.sendall(list_request(mock, "api.twilio.com", "http://api.twilio.com"))
        assert all_of(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_the_same_port_is_the_base_url_and_the_control_api(mock: TwilioMock) -> None:
    for target in ("", mock.url):
        with connected(mock) as connection:
            connection.sendall(list_request(mock, "127.0.0.1", target))
            assert all_of(connection).startswith(b"HTTP/1.1 200 OK\r\n")
    client = http.client.HTTPConnection(urlsplit(mock.url).netloc, timeout=5)
    client.request("GET", "/_twilio_mock/health")
    assert client.getresponse().status == 200
    client.close()


def test_a_host_that_is_allowed_is_passed_on_as_it_is(mock: TwilioMock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with connected(mock) as connection:
            connection.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
            far, _ = other.accept()
            with far:
                assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
                connection.sendall(b"ping")
                assert far.recv(4) == b"ping"
                far.sendall(b"pong" * 100_000)
                far.shutdown(socket.SHUT_WR)
                assert len(all_of(connection)) == 400_000


def test_a_request_without_tls_to_an_allowed_host_is_passed_on(mock: TwilioMock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, connected(mock) as connection:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        head = f"POST http://me:pass@{place}/a/b?c=d HTTP/1.1\r\nHost: {place}\r\nContent-Length: 4"
        hops = (
            "Proxy-Authorization: Basic x\r\nProxy-Connection: keep-alive\r\nConnection: keep-alive"
        )
        connection.sendall(f"{head}\r\n{hops}\r\n\r\nbo".encode())
        far, _ = other.accept()
        with far:
            far.settimeout(5)
            connection.sendall(b"dy")
            came = b""
            while not came.endswith(b"body"):
                came += far.recv(65536)
            start = f"POST /a/b?c=d HTTP/1.1\r\nHost: {place}\r\nContent-Length: 4\r\n"
            assert came == f"{start}Connection: close\r\n\r\nbody".encode()
            far.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        assert all_of(connection) == b"HTTP/1.1 204 No Content\r\n\r\n"


def test_a_request_without_tls_for_the_root_of_an_allowed_host(mock: TwilioMock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, connected(mock) as connection:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        connection.sendall(f"GET http://{place} HTTP/1.1\r\n\r\n".encode())
        far, _ = other.accept()
        with far:
            assert far.recv(65536) == b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"


def test_an_allowed_host_that_cannot_be_reached_is_a_502(mock: TwilioMock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    status, message = asked(mock, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
    assert status == 502
    assert "cannot be reached" in message


def test_a_client_that_does_not_trust_the_ca_is_told_so_in_the_log(
    mock: TwilioMock, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(mock) as connection:
        connection.sendall(b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n")
        assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context(cadata=None).wrap_socket(
                connection, server_hostname="api.twilio.com"
            )
    deadline = time.monotonic() + 5
    while "has to trust the CA file" not in caplog.text and time.monotonic() < deadline:
        with connected(mock) as connection:  # one more turn of the proxy's loop
            connection.sendall(b"x\r\n\r\n")
            all_of(connection)
    assert "refused the certificate of api.twilio.com" in caplog.text


def test_the_ca_is_written_alone_and_after_the_systems_own(tmp_path: Path) -> None:
    with TwilioMock(proxy=True, ca_folder=tmp_path, redirect=False) as mock:
        variables = mock.proxy_environment
        alone = Path(variables["NODE_EXTRA_CA_CERTS"]).read_bytes()
        assert Path(variables["SSL_CERT_FILE"]).read_bytes().endswith(alone)
        assert variables["HTTPS_PROXY"] == variables["HTTP_PROXY"] == mock.url
        assert b"PRIVATE" not in alone
        assert alone.count(b"BEGIN CERTIFICATE") == 1
        trusted = ssl.create_default_context(cafile=variables["SSL_CERT_FILE"]).get_ca_certs()
        of_system = ssl.create_default_context().get_ca_certs()
        # A bundle may name one twice, and a system may keep its own in a folder besides.
        assert len({str(each) for each in trusted} - {str(each) for each in of_system}) == 1
        assert (len(trusted) > 1) is (ssl.get_default_verify_paths().cafile is not None)
    assert len(list(tmp_path.iterdir())) == 2


def test_without_a_folder_nothing_is_left() -> None:
    with TwilioMock(proxy=True, redirect=False) as mock:
        folder = Path(mock.proxy_environment["SSL_CERT_FILE"]).parent
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(RuntimeError, match=r"TwilioMock\(proxy=True\)"):
        _ = mock.proxy_environment


def test_a_taken_port_leaves_nothing_either(mock: TwilioMock) -> None:
    taken = TwilioMock(proxy=True, port=urlsplit(mock.url).port or 0)
    with pytest.raises(OSError, match="cannot listen"):
        taken.__enter__()
    assert not taken.running


async def test_it_runs_in_the_running_loop_too() -> None:
    async with TwilioMock(proxy=True, redirect=False) as mock:
        assert mock.proxy_environment["HTTPS_PROXY"] == mock.url


def test_it_ends_at_once_with_connections_in_every_state() -> None:
    mock = TwilioMock(proxy=True, redirect=False)
    with socket.socket() as half, socket.socket() as waiting, socket.socket() as idle:
        with mock:
            place = urlsplit(mock.url)
            for connection in (half, waiting, idle):
                connection.settimeout(5)
                connection.connect((place.hostname, place.port))
            half.sendall(b"CONNECT api.twil")
            waiting.sendall(b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n")
            assert waiting.recv(len(ESTABLISHED)) == ESTABLISHED
            secured = tunnel(mock, idle, "api.twilio.com")
            began = time.perf_counter()
        assert time.perf_counter() - began < 5  # and not the time-outs of these connections
        secured.close()
