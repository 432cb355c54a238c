"""A throw-away certificate authority, which lives as long as the proxy that uses it."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


class Authority:
    """Issues certificates for the hosts that the proxy plays; its key is never written down."""

    def __init__(self) -> None:
        self._authority = trustme.CA(organization_name="twilio_mock, for tests only")
        self._contexts: dict[str, ssl.SSLContext] = {}

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be `host` for those who trust this authority."""
        context = self._contexts.get(host)
        if context is None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.set_alpn_protocols(["http/1.1"])
            self._authority.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return context

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the authority's certificate: alone, and after those that the system trusts.

        The second is for variables that replace the system's store instead of adding to it.
        """
        alone, joined = folder / "twilio-mock-ca.pem", folder / "twilio-mock-ca-bundle.pem"
        own = self._authority.cert_pem.bytes()
        alone.write_bytes(own)
        joined.write_bytes(system_bundle() + own)
        return alone, joined


def system_bundle() -> bytes:
    """The certificates that this system trusts, empty where none are to be found."""
    found = ssl.get_default_verify_paths().cafile
    if found is None or not Path(found).exists():
        return b""
    return Path(found).read_bytes().rstrip(b"\n") + b"\n"
