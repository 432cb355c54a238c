"""The environment variables that lead a program of any language through the proxy."""

from __future__ import annotations

from pathlib import Path

SHIM = Path(__file__).parent / "shim"


def proxy_environment(url: str, alone: Path, joined: Path) -> dict[str, str]:
    """What to set; `alone` is the CA file, `joined` the same after the system's own.

    twilio-node reads HTTP_PROXY and NODE_EXTRA_CA_CERTS, which adds to its store; the others read
    HTTPS_PROXY and a variable that replaces their store. Most heed the same in small letters
    first, and curl reads no HTTP_PROXY: https://curl.se/docs/manpage.html#ENVIRONMENT. So what
    the environment says of another proxy is overridden in both spellings.
    """
    proxies = {
        "HTTPS_PROXY": url,
        "HTTP_PROXY": url,
        "NO_PROXY": "127.0.0.1,localhost,::1",
    }
    return {
        **proxies,
        "REQUESTS_CA_BUNDLE": str(joined),
        "SSL_CERT_FILE": str(joined),
        "CURL_CA_BUNDLE": str(joined),
        "NODE_EXTRA_CA_CERTS": str(alone),
        **{name.lower(): value for name, value in proxies.items()},
        "ALL_PROXY": url,
        "all_proxy": url,
    }
