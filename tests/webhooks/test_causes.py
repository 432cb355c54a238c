"""What an API request caused: the journal and the log of deliveries point to each other."""

from __future__ import annotations

import json

from tests.webhooks.endpoints import Endpoint, say
from twilio_mock import TwilioMock, respond


def test_a_request_shows_the_call_that_it_caused(endpoint: Endpoint) -> None:
    with TwilioMock() as mock:
        app = mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
        with mock.fault("POST Calls.json", respond(201, {"sid": "CA1"})):
            mock.client().calls.create(
                to="+15005550006", from_="+15005550001", application_sid=app.sid
            )
        asked = mock.requests.assert_one(path="Calls.json")
        call = mock.outgoing_call(app, to="+15005550006", cause=asked)
        other = mock.outgoing_call(app, to="+15005550006")
        [caused] = mock.requests.webhooks_of(asked)
        assert (caused.sid, caused.cause) == (call.sid, asked.request_id)
        assert other.sid != call.sid
        [line] = [json.loads(each) for each in mock.requests.to_json_lines().splitlines()]
        assert line["webhooks"] == [
            {
                "kind": "outgoing_call",
                "sid": call.sid,
                "status": caused.status,
                "error_codes": [None],
            }
        ]


def test_a_request_that_caused_nothing_says_so() -> None:
    mock = TwilioMock()
    mock.client().applications.create()
    assert mock.requests.webhooks_of(mock.requests[0]) == []
    assert json.loads(mock.requests.to_json_lines())["webhooks"] == []
    assert mock.unknown_requests.to_json_lines() == ""
