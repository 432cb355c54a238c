"""X-Twilio-Signature: what proves to an endpoint that Twilio is asking.

https://www.twilio.com/docs/usage/security#validating-requests, and the validators of the SDKs.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256


def signature(auth_token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """The signature of a request to `url` (without its fragment) with this form.

    The parameters of a GET are part of its URL. A name sent more than once counts with each of
    its different values, sorted.
    """
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    # HMAC-SHA1 is Twilio's choice, and what every validator expects.
    digest = hmac.new(auth_token.encode(), signed.encode(), "sha1").digest()
    return base64.b64encode(digest).decode()


def body_digest(body: bytes) -> str:
    """The value of `bodySHA256`, which the URL carries when the body is no form."""
    return sha256(body).hexdigest()
