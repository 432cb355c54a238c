"""Runs the Singer tap against a mock: its base URL stands in its code, and no option changes it."""

import os
from typing import Any

from tap_twilio import client, main, streams  # type: ignore[import-not-found]  # not in our venv

THEIRS, OURS = "https://api.twilio.com", os.environ["TWILIO_MOCK_URL"]


def point(endpoints: dict[str, Any]) -> None:
    """Put our URL where theirs stands, also in the streams below a stream."""
    for endpoint in endpoints.values():
        if endpoint.get("api_url") == THEIRS:
            endpoint["api_url"] = OURS
        point(endpoint.get("children", {}))


client.API_URL = OURS
point(streams.STREAMS)
main()
