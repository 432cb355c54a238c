"""Bring the Applications of an account in line with what is wanted, as often as you like.

python provision.py "Phone Me" https://me.example/voice
"""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

T = TypeVar("T")
ATTEMPTS = 4
WORTH_ANOTHER_TRY = {429, 500, 502, 503, 504}


def provision(name: str, voice_url: str) -> str:
    """Make the Application with this FriendlyName, or bring it up to date; gives its SID."""
    client = Client()

    # The search belongs to what is tried again: the answer to a create may be lost, and then
    # the Application is there.
    def create_or_update() -> str:
        found = client.applications.list(friendly_name=name, limit=2)
        if len(found) > 1:
            raise LookupError(f"there are several Applications named {name!r}")
        if not found:
            made = client.applications.create(friendly_name=name, voice_url=voice_url)
            return str(made.sid)
        if found[0].voice_url != voice_url:
            found[0].update(voice_url=voice_url)
        return str(found[0].sid)

    return with_retries(create_or_update)


def with_retries(call: Callable[[], T]) -> T:
    """Call again when Twilio is busy or the connection breaks, after 1, 2 and 4 seconds."""
    for attempt in range(ATTEMPTS):
        try:
            return call()
        except requests.ConnectionError:
            if attempt == ATTEMPTS - 1:
                raise
        except TwilioRestException as refused:
            if refused.status not in WORTH_ANOTHER_TRY or attempt == ATTEMPTS - 1:
                raise
        time.sleep(2**attempt)
    raise AssertionError("never reached")


if __name__ == "__main__":
    print(provision(*sys.argv[1:]))
