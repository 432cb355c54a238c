"""The journal: what was asked and answered, and what the mock remarked on, as plain values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import Ask, basic
from tests.conftest import AskWith, ask_in_process
from twilio_mock import Settings, error, gateway_page, hang_up, lose_response, respond
from twilio_mock.control.faults.encounter import Effect
from twilio_mock.rules import MISTAKES, RULES, Finding

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
NO_SUCH = "AP" + "0" * 32


def test_a_request_leaves_one_line_with_all_that_was_said(ask: Ask) -> None:
    answer = ask("POST", "Applications.json", {"FriendlyName": "a b", "VoiceMethod": "GET"})
    [line] = ask.journal
    assert line.account_sid == ask.account.sid
    assert line.operation == "CreateApplication"
    assert (line.method, line.path, line.query) == ("POST", f"{ask.root}/Applications.json", "")
    assert line.parameters == (("FriendlyName", "a b"), ("VoiceMethod", "GET"))
    assert (line.status, line.error_code, line.findings) == (201, None, ())
    assert line.request_id == answer.headers["Twilio-Request-Id"]
    assert 0 <= line.duration < 5


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "Applications.json", "ListApplication"),
        ("HEAD", "Applications.xml", "ListApplication"),
        ("GET", "Applications.csv", "ListApplication"),
        ("POST", "Applications", "CreateApplication"),
        ("GET", f"Applications/{NO_SUCH}.json", "FetchApplication"),
        ("POST", f"Applications/{NO_SUCH}.json", "UpdateApplication"),
        ("DELETE", f"Applications/{NO_SUCH}.xml", "DeleteApplication"),
        ("PUT", "Applications.json", None),
        ("GET", "Nonsense.json", None),
        ("GET", "Queues.json", None),
    ],
)
def test_an_operation_has_twilio_s_own_name(
    ask: Ask, method: str, path: str, operation: str | None
) -> None:
    ask(method, path)
    assert (ask.last_exchange.method, ask.last_exchange.operation) == (method, operation)


@pytest.mark.parametrize(
    ("method", "path", "form", "status", "code"),
    [
        ("POST", "Applications.json", {"VoiceMethod": "PUT"}, 400, 21403),
        ("GET", f"Applications/{NO_SUCH}.json", None, 404, 20404),
        ("GET", "Nonsense.json", None, 404, 20404),
        ("PUT", "Applications.json", None, 405, 20004),
        ("GET", "Queues.json", None, 501, 501),
    ],
)
def test_a_refused_request_leaves_its_line_too(
    ask: Ask, method: str, path: str, form: dict[str, str] | None, status: int, code: int
) -> None:
    ask(method, path, form)
    [line] = ask.journal
    assert (line.status, line.error_code) == (status, code)
    assert line.parameters == tuple((form or {}).items())


@pytest.mark.parametrize(
    ("sent", "parameters"),
    [
        ({"form": {"FriendlyName": "x"}}, (("FriendlyName", "x"),)),
        ({"query": "FriendlyName=x"}, ()),
        ({"body": b"FriendlyName=%FF", "headers": FORM_TYPE}, ()),
        ({"body": b"{}", "headers": {"Content-Type": "application/json"}}, ()),
    ],
)
def test_what_was_sent_is_noted_also_where_nobody_was_to_read_it(
    sent: dict[str, Any], parameters: tuple[tuple[str, str], ...]
) -> None:
    ask = ask_in_process()
    for path in ("Nonsense.json", "Queues.json"):
        ask("POST", path, **sent)
        assert ask.last_exchange.parameters == parameters
    ask("POST", "Applications.json", credentials=None, **sent)
    assert ask.state.journal.entries[-1].parameters == parameters
    assert ask.state.journal.entries[-1].findings == ()


def test_of_a_body_above_the_limit_nothing_is_noted() -> None:
    ask = ask_in_process(Settings(body_limit=10))
    ask("POST", "Applications.json", {"FriendlyName": "x"})
    [line] = ask.state.journal.entries
    assert (line.status, line.parameters) == (413, ())


@pytest.mark.parametrize("credentials", ["Basic =", "Basic a", "Basic", "", "Basic YTpi\xff"])
def test_credentials_that_make_no_sense_are_noted_as_nobody_s(credentials: str) -> None:
    ask = ask_in_process()
    ask("GET", "Applications.json", credentials=credentials)
    [line] = ask.state.journal.entries
    assert (line.caller, line.status) == (None, 401)


@pytest.mark.parametrize(
    ("effect", "status", "code", "body"),
    [
        (error(20500), 500, 20500, b'{"code"'),
        (respond(418, "short and stout"), 418, None, b"short"),
        (gateway_page(), 502, None, b"<html"),
        (hang_up(), 0, None, b""),
    ],
)
def test_a_fault_is_noted_with_what_it_made_of_the_answer(
    effect: Effect, status: int, code: int | None, body: bytes
) -> None:
    ask = ask_in_process()
    with ask.account.fault("CreateApplication", effect, name="storm"):
        ask("POST", "Applications.json", {"FriendlyName": "x"})
    [line] = ask.journal
    assert (line.status, line.error_code, line.faults) == (status, code, ("storm",))
    assert line.response_body.startswith(body)
    assert (line.operation, line.created) == ("CreateApplication", ())
    assert line.parameters == (("FriendlyName", "x"),)
    assert ask.account.requests.assert_one(fault="sto*") == line


def test_an_answer_that_was_lost_is_noted_with_what_was_done() -> None:
    ask = ask_in_process()
    with ask.account.fault("CreateApplication", lose_response(), name="lost"):
        ask("POST", "Applications.json")
    [line] = ask.journal
    [application] = ask.account.applications
    assert (line.faults, line.created) == (("lost",), (application.sid,))


def test_lines_stand_in_the_order_of_the_requests(ask: Ask) -> None:
    for number in range(3):
        ask.create(FriendlyName=str(number))
    assert [line.parameters[0][1] for line in ask.journal] == ["0", "1", "2"]


@pytest.mark.parametrize("credentials", ["none", "wrong", "nobody"])
def test_what_reaches_no_account_is_in_the_mock_s_own_journal(ask: Ask, credentials: str) -> None:
    sent = {"wrong": basic(ask.account.sid, "wrong"), "nobody": basic("somebody", "x")}
    answer = ask("POST", "Applications.json", {"A": "b"}, credentials=sent.get(credentials))
    line = ask.state.journal.entries[-1]
    assert line.request_id == answer.headers["Twilio-Request-Id"]
    assert (line.account_sid, line.operation) == (None, None)
    assert (line.status, line.error_code) == (401, 20003)
    assert ask.journal == []


def test_each_account_has_a_journal_of_its_own(ask: Ask) -> None:
    other = ask.neighbour()
    other.create()
    assert ask.journal == []
    assert [line.account_sid for line in other.journal] == [other.account.sid]


def test_the_last_lines_are_kept_and_the_dropped_ones_counted(ask_with: AskWith) -> None:
    ask = ask_with(Settings(journal_limit=2))
    for number in range(5):
        ask.create(FriendlyName=str(number))
    assert [line.parameters[0][1] for line in ask.journal] == ["3", "4"]
    assert ask.state.accounts[ask.account.sid].journal.dropped == 3


def test_seeding_leaves_no_line() -> None:
    ask = ask_in_process()
    ask.account.applications.create(friendly_name="x")
    assert ask.journal == []


def test_findings_stand_with_their_request_in_the_order_of_what_was_sent(ask: Ask) -> None:
    ask.create(Colour="red", VoiceUrl="http://localhost/", SmsUrl="")
    ask.create()
    assert ask.journal[0].findings == (
        Finding("unknown_parameter", "Colour", "'Colour' is no parameter of CreateApplication"),
        Finding(
            "public_url_host",
            "VoiceUrl",
            "Twilio may refuse this with 21402: VoiceUrl is not a valid URL: http://localhost/",
        ),
        Finding(
            "primary_url_keeps_value",
            "SmsUrl",
            "Twilio may keep the old value when SmsUrl is sent empty",
        ),
    )
    assert ask.journal[1].findings == ()


def test_a_refused_request_keeps_the_findings_made_on_the_way(ask: Ask) -> None:
    ask("POST", "Applications.json", {"Colour": "red", "VoiceMethod": "PUT"})
    assert [finding.rule for finding in ask.findings] == ["unknown_parameter"]


def test_a_thousand_unknown_parameters_are_a_thousand_short_findings(ask: Ask) -> None:
    form = {f"{number}" + "x" * 500: "" for number in range(1000)}
    assert ask("POST", "Applications.json", form).status == 201
    findings = ask.findings
    assert len(findings) <= 1000
    assert all(len(finding.message) < 200 for finding in findings)


def test_every_kind_of_finding_is_explained() -> None:
    assert not set(RULES) & set(MISTAKES)
    for rule in RULES.values():
        assert all((rule.question, rule.default, rule.enforced, rule.source))
    assert all(MISTAKES.values())
