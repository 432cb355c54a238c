"""`--tls-cert` and `--tls-key`: the server speaks HTTPS, and bad files are one clear line."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.real_parts import clean_environment
from twilio_mock import TwilioMock
from twilio_mock.__main__ import main


class Files:
    """A certificate and its key, together and each alone, and what may go wrong with them."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        own, other = authority.issue_cert("localhost"), authority.issue_cert("localhost")
        key = load_pem_private_key(own.private_key_pem.bytes(), None)
        locked = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        )
        chain = own.cert_chain_pems[0].bytes()
        self.ca = self.write(folder / "ca.pem", authority.cert_pem.bytes())
        self.both = self.write(folder / "both.pem", own.private_key_pem.bytes() + chain)
        self.cert = self.write(folder / "cert.pem", chain)
        self.key = self.write(folder / "key.pem", own.private_key_pem.bytes())
        self.other = self.write(folder / "other.pem", other.private_key_pem.bytes())
        self.locked = self.write(folder / "locked.pem", locked)
        self.garbled = self.write(folder / "garbled.pem", chain[:100] + chain[110:])
        self.empty = self.write(folder / "empty.pem", b"")

    def write(self, path: Path, content: bytes) -> str:
        path.write_bytes(content)
        return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


def trusting(files: Files) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=files.ca)


def test_a_server_with_a_certificate_speaks_https(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_mock", "--port=0", f"--tls-cert={files.both}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("TWILIO_MOCK_URL=")
        assert url.startswith("https://127.0.0.1:")
        port = urlsplit(url).port
        client = http.client.HTTPSConnection("localhost", port, context=trusting(files), timeout=5)
        client.request("GET", "/_twilio_mock/health")
        assert client.getresponse().read() == b'{\n "status": "ok"\n}\n'
        checked = ["healthcheck", "--port", str(port), "--tls-cert"]
        assert [main([*checked, each]) for each in (files.both, files.ca)] == [0, 0]
        assert main(["healthcheck", "--url", url]) == 1
        assert "CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().out
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        client.close()


def context_of(files: Files) -> ssl.SSLContext:
    """What a server needs."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.cert, files.key)
    return context


def connected(mock: TwilioMock) -> socket.socket:
    place = urlsplit(mock.url)
    return socket.create_connection((place.hostname, place.port or 0), timeout=5)


def test_who_does_not_speak_tls_is_told_nothing_and_the_log_tells_why(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    with TwilioMock(tls=context_of(files)) as mock, connected(mock) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)
        assert plain.recv(1000) == b""
    assert "TLS with a client failed: HTTP_REQUEST" in caplog.text


def test_it_ends_at_once_while_clients_have_not_finished_with_tls(files: Files) -> None:
    with socket.socket() as silent, socket.socket() as half:
        with TwilioMock(tls=context_of(files)) as mock:
            for each in (silent, half):
                each.settimeout(5)
                each.connect(("127.0.0.1", urlsplit(mock.url).port))
            half.sendall(b"\x16\x03\x01")
            with connected(mock) as whole:
                trusting(files).wrap_socket(whole, server_hostname="localhost").close()
            began = time.perf_counter()
        assert time.perf_counter() - began < 5  # and not the time-outs of these clients
        assert silent.recv(1) == b""


def test_a_proxy_speaks_http_with_its_clients() -> None:
    with pytest.raises(ValueError, match="leave out tls"):
        TwilioMock(proxy=True, tls=ssl.create_default_context())


@pytest.mark.parametrize(
    ("cert", "key", "told"),
    [
        (None, "key", "--tls-key is the key of a certificate: name that with --tls-cert"),
        ("missing", None, "missing: No such file or directory"),
        ("cert", "missing", "missing: No such file or directory"),
        ("folder", None, "folder: Is a directory"),
        ("empty", None, "empty.pem: holds no certificate in PEM"),
        ("key", None, "key.pem: holds no certificate in PEM"),
        ("cert", None, "cert.pem: holds no private key in PEM; name the file that does with"),
        ("cert", "empty", "empty.pem: holds no private key in PEM"),
        ("cert", "other", "other.pem: the private key is not that of "),
        ("cert", "locked", "locked.pem: the private key is encrypted"),
        ("garbled", "key", "garbled.pem: cannot be read ("),
    ],
)
def test_a_file_that_is_no_good_is_one_clear_line(
    files: Files,
    tmp_path: Path,
    cert: str | None,
    key: str | None,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    flags = ["--port=0"]
    for flag, name in (("--tls-cert", cert), ("--tls-key", key)):
        if name is not None:
            flags += [flag, getattr(files, name, str(tmp_path / name))]
    assert main(flags) == 2
    output = capsys.readouterr()
    assert output.out == ""
    [line] = output.err.splitlines()
    assert line.startswith("twilio-mock: ")
    assert told in line


def test_a_file_that_may_not_be_read_is_one_clear_line(
    files: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(path: Path) -> bytes:  # root may read everything: so it is pretended
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert main(["--port=0", "--tls-cert", files.both]) == 2
    assert capsys.readouterr().err == f"twilio-mock: --tls-cert {files.both}: Permission denied\n"
