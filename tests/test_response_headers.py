"""The headers of every answer, against the sets recorded in 2025 and 2026."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.asking import Answer, Ask, basic
from twilio_mock import __version__
from twilio_mock.dispatch import finish, handle
from twilio_mock.wire import Request

# As recorded with a 201 of 2026; names and values are Twilio's, but for our own mark.
FIXED = {
    "X-Home-Region": "us1",
    "X-API-Domain": "api.twilio.com",
    "X-Powered-By": "AT-5000",
    "X-Shenanigans": "none",
    "Strict-Transport-Security": "max-age=31536000",
    "Vary": "Origin",
    "X-Twilio-Mock": __version__,
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
        "If-Unmodified-Since, Idempotency-Key"
    ),
    "Access-Control-Expose-Headers": "ETag",
}
NEVER_SEEN = ("ETag", "Last-Modified", "Cache-Control", "Retry-After", "Set-Cookie")
UNKNOWN = "Applications/AP" + "0" * 32 + ".json"

# Answers of every sort: name, method, path, what else is sent, the status.
ANSWERS = [
    ("created", "POST", "Applications.json", {}, 201),
    ("listed", "GET", "Applications.json", {}, 200),
    ("listed as XML", "GET", "Applications", {}, 200),
    ("listed as CSV", "GET", "Applications.csv", {}, 200),
    ("refused", "POST", "Applications.json", {"form": {"VoiceMethod": "PUT"}}, 400),
    ("nobody", "GET", "Applications.json", {"credentials": None}, 401),
    ("unknown", "GET", UNKNOWN, {}, 404),
    ("no such method", "PUT", "Applications.json", {}, 405),
    ("not modelled", "GET", "Queues.json", {}, 501),
    ("options", "OPTIONS", "Applications.json", {"credentials": None}, 200),
]
every_sort = pytest.mark.parametrize(
    ("method", "path", "extra", "status"),
    [row[1:] for row in ANSWERS],
    ids=[row[0] for row in ANSWERS],
)
Extra = dict[str, object]


def asked(ask: Ask, method: str, path: str, extra: Extra, status: int) -> Answer:
    answer = ask(method, path, **extra)  # type: ignore[arg-type]  # rows of ANSWERS
    assert answer.status == status
    return answer


@every_sort
def test_every_answer_carries_the_recorded_headers(
    ask: Ask, method: str, path: str, extra: Extra, status: int
) -> None:
    answer = asked(ask, method, path, extra, status)
    assert FIXED.items() <= dict(answer.headers).items()
    assert re.fullmatch("RQ[0-9a-f]{32}", answer.headers["Twilio-Request-Id"])
    assert re.fullmatch(r"\d+\.\d{3}", answer.headers["Twilio-Request-Duration"])
    assert not [name for name in NEVER_SEEN if name in answer.headers]


@every_sort
def test_no_header_is_sent_twice(
    ask: Ask, method: str, path: str, extra: Extra, status: int
) -> None:
    answer = asked(ask, method, path, extra, status)
    names = [name.lower() for name in answer.headers]
    assert sorted(names) == sorted(set(names))


@every_sort
def test_the_date_is_the_time_of_the_answer_in_gmt(
    ask: Ask, method: str, path: str, extra: Extra, status: int
) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    date = asked(ask, method, path, extra, status).headers["Date"]
    assert date.endswith(" GMT")
    assert before <= parsedate_to_datetime(date) <= before + timedelta(seconds=5)


@every_sort
def test_cors_headers_come_with_an_origin_and_to_options_only(
    ask: Ask, method: str, path: str, extra: Extra, status: int
) -> None:
    plain = asked(ask, method, path, extra, status)
    assert (set(CORS) & set(plain.headers)) == (set(CORS) if method == "OPTIONS" else set())
    with_origin = asked(
        ask, method, path, {**extra, "headers": {"Origin": "https://a.example"}}, status
    )
    assert CORS.items() <= dict(with_origin.headers).items()


@every_sort
def test_every_refusal_and_nothing_else_carries_its_code_in_a_header(
    ask: Ask, method: str, path: str, extra: Extra, status: int
) -> None:
    answer = asked(ask, method, path, extra, status)
    if status < 400:
        assert "X-Twilio-Error-Code" not in answer.headers
        assert "WWW-Authenticate" not in answer.headers
    else:
        assert answer.headers["X-Twilio-Error-Code"] == str(answer.json["code"])
        assert answer.headers["Content-Type"] == "application/json"


def test_each_answer_has_a_request_id_of_its_own(ask: Ask) -> None:
    ids = [ask("GET", "Applications.json").headers["Twilio-Request-Id"] for _ in range(20)]
    assert len(set(ids)) == 20


def test_the_journal_has_the_request_id_that_the_client_was_given(ask: Ask) -> None:
    answer = ask("GET", "Applications.json")
    assert ask.last_exchange.request_id == answer.headers["Twilio-Request-Id"]


def test_successes_alone_say_how_many_requests_are_under_way(ask: Ask) -> None:
    for _ in range(3):
        assert ask("GET", "Applications.json").headers["Twilio-Concurrent-Requests"] == "1"
    refusals = [
        ask("GET", UNKNOWN),
        ask("GET", "Applications.json", credentials=None),
        ask("GET", "Applications.json", credentials=basic(ask.account.sid, "wrong")),
        ask("OPTIONS", "Applications.json"),
    ]
    assert not [each for each in refusals if "Twilio-Concurrent-Requests" in each.headers]
    assert ask("GET", "Applications.json").headers["Twilio-Concurrent-Requests"] == "1"


def test_the_concurrent_requests_are_counted_until_their_answers_are_sent(ask: Ask) -> None:
    headers = {"Authorization": ask.credentials}
    unsent = [
        handle(ask.state, Request("GET", f"{ask.root}/{path}", headers=headers))
        for path in ("Applications.json", UNKNOWN, "Queues.json")
    ]
    assert ask("GET", "Applications.json").headers["Twilio-Concurrent-Requests"] == "4"
    for response in unsent:
        finish(ask.state, response)
    assert ask("GET", "Applications.json").headers["Twilio-Concurrent-Requests"] == "1"


def test_a_body_s_length_is_told_and_an_empty_one_has_no_type(ask: Ask) -> None:
    answer = ask("GET", "Applications.json")
    assert answer.headers.get("Content-Length", str(len(answer.body))) == str(len(answer.body))
    sid = ask.create()["sid"]
    for empty in (ask("OPTIONS", "/"), ask("DELETE", f"Applications/{sid}.json")):
        assert empty.body == b""
        assert "Content-Type" not in empty.headers


def test_the_server_names_neither_its_library_nor_its_python(ask: Ask) -> None:
    server = ask("GET", "Applications.json").headers.get("Server", "")
    assert not re.search(r"aiohttp|python|\d", server, re.IGNORECASE)
