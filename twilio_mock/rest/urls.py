"""Which URLs Twilio takes."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

# (Those that are seldom needed are not compiled before that.)
LABEL = r"[\w-]+"
BRACKETED = r"(^|@)\[[0-9a-fA-F:.]+\](:[0-9]*)?$"
# Surely a valid URL at a host that is not doubtful: at a public name in lower case, without
# credentials. Nearly all that are ever sent are. No part has to be tried in two ways.
ORDINARY = re.compile(
    r"https?://(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)++[a-z]++"
    r"(?::[1-9][0-9]{0,3}+)?+(?:[/?#][!-~]*+)?+",
    re.ASCII,
)
NOT_IN_A_URL = r"[\x00-\x20\x7f]"


def is_valid_url(text: str) -> bool:
    """Whether this is an absolute http or https URL with a host that could exist.

    A label that ends in a hyphen was refused in 2018 (recorded). A fragment is fine: it carries
    Twilio's connection overrides.
    """
    if re.search(NOT_IN_A_URL, text):
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or port == 0:
        return False
    if "[" in parts.netloc:
        return re.search(BRACKETED, parts.netloc) is not None
    labels = host.removesuffix(".").split(".")
    return all(re.fullmatch(LABEL, label) and not label.endswith("-") for label in labels)


def doubtful_host(url: str) -> bool:
    """Whether Twilio refuses, or may refuse, the host of a valid URL: it is not a public name.

    No dot: recorded as refused; an underscore: documented for StatusCallback.
    """
    host = urlsplit(url).hostname or ""
    if "." not in host or "_" in host:
        return True
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
