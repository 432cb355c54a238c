"""The certificate of a server that speaks HTTPS: read, and refused in one line."""

from __future__ import annotations

import ssl
from pathlib import Path

from twilio_mock.command_line.failures import CannotRun, reason


def tls_of(cert: str | None, key: str | None) -> ssl.SSLContext | None:
    """What a server needs to be whom the certificate names; `None` without one.

    Raises `CannotRun`, which says what is wrong with which file.
    """
    if cert is None:
        if key is not None:
            raise CannotRun("--tls-key is the key of a certificate: name that with --tls-cert")
        return None
    if b"-----BEGIN CERTIFICATE-----" not in content("--tls-cert", cert):
        raise CannotRun(f"--tls-cert {cert}: holds no certificate in PEM")
    place = f"--tls-cert {cert}" if key is None else f"--tls-key {key}"
    if b"PRIVATE KEY-----" not in content("--tls-key" if key else "--tls-cert", key or cert):
        more = "" if key else "; name the file that does with --tls-key"
        raise CannotRun(f"{place}: holds no private key in PEM{more}")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])

    def refuse_password() -> str:
        raise CannotRun(f"{place}: the private key is encrypted; a key for tests needs no password")

    try:
        context.load_cert_chain(cert, key, refuse_password)
    except ssl.SSLError as problem:
        if "MISMATCH" in (problem.reason or ""):
            raise CannotRun(f"{place}: the private key is not that of {cert}") from problem
        raise CannotRun(f"--tls-cert {cert}: cannot be read ({problem.reason})") from problem
    return context


def content(flag: str, file: str) -> bytes:
    """What a file holds; raises `CannotRun`."""
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        raise CannotRun(f"{flag} {file}: {reason(problem)}") from problem
