"""The control API over HTTP: the same words as in Python, for every other language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.control.caller import Control
from twilio_mock import Settings, TwilioMock
from twilio_mock.control.http.table import OPERATIONS
from twilio_mock.state import Account

APP = "AP" + "1" * 32


def test_it_says_that_it_is_well_and_which_version_it_is(control: Control) -> None:
    assert control("GET", "/health").value == {"status": "ok"}
    assert control("GET", "/version").value["version"]


def test_an_account_is_opened_listed_exported_and_freed(control: Control) -> None:
    opened = control("POST", "/accounts", {"friendly_name": "mine"})
    assert opened.status == 201
    sid = opened.value["sid"]
    assert control.mock.accounts[sid].auth_token == opened.value["auth_token"]
    listed = {each["sid"]: each for each in control("GET", "/accounts").value["accounts"]}
    assert listed[sid]["friendly_name"] == "mine"
    assert listed[sid]["records"] == {"applications": 0, "incoming_phone_numbers": 0, "keys": 0}
    assert control("GET", f"/accounts/{sid}").value["auth_token"] == opened.value["auth_token"]
    freed = control("DELETE", f"/accounts/{sid}")
    assert (freed.status, freed.value) == (204, None)
    assert control("GET", f"/accounts/{sid}").status == 404


def test_a_subaccount_is_opened_below_its_parent(control: Control) -> None:
    opened = control("POST", "/accounts", {"parent": control.mock.sid})
    assert [each.sid for each in control.mock.subaccounts] == [opened.value["sid"]]
    assert control("POST", "/accounts", {"parent": "AC" + "f" * 32}).status == 404


def test_an_account_that_is_there_is_a_conflict(control: Control) -> None:
    assert control("POST", "/accounts", {"sid": control.mock.sid}).status == 409


def test_seeding_is_all_or_nothing_and_names_the_path(control: Control) -> None:
    refused = control("POST", "/seed", {"accounts": [{"applications": [{}, {"sms_url": "x"}]}]})
    assert refused.status == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.value == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "twilio_mock: accounts[0].applications[1].sms_url: "
        "SmsUrl is not a valid URL: x (21402)",
        "where": "accounts[0].applications[1].sms_url",
    }
    assert len(control.mock.accounts) == 1
    seeded = control("POST", "/seed", {"accounts": [{"applications": [{"sid": APP}]}]})
    assert seeded.status == 201
    assert APP in control.mock.accounts[seeded.value["accounts"][0]].applications
    state = control("GET", "/state").value
    assert [len(each["applications"]) for each in state["accounts"]] == [0, 1]


def test_an_account_is_seeded_and_reset(control: Control) -> None:
    assert control("POST", f"{control.account}/seed", {"applications": [{}]}).status == 204
    assert len(control.mock.applications) == 1
    assert control("POST", f"{control.account}/reset").status == 204
    assert len(control.mock.applications) == 0


def test_reset_empties_all_accounts(control: Control) -> None:
    other = control.mock.accounts.create()
    other.applications.create()
    control.mock.applications.create()
    assert control("POST", "/reset").status == 204
    assert (len(other.applications), len(control.mock.applications)) == (0, 0)


def test_the_clock_is_set_advanced_and_let_go(control: Control) -> None:
    clock = f"{control.account}/clock"
    assert not control("GET", clock).value["stopped"]
    stopped = {"now": "2017-06-23T10:33:39+00:00", "stopped": True}
    assert control("PUT", clock, {"now": "Fri, 23 Jun 2017 10:33:39 +0000"}).value == stopped
    advanced = control("POST", f"{clock}/advance", {"seconds": 21}).value
    assert advanced["now"] == "2017-06-23T10:34:00+00:00"
    assert not control("DELETE", clock).value["stopped"]
    assert control("PUT", clock, {"now": "soon"}).status == 400


def test_a_snapshot_is_taken_compared_restored_and_forgotten(control: Control) -> None:
    place = f"{control.account}/snapshots"
    assert control("POST", place, {"name": "before"}).value == {"name": "before"}
    assert control("POST", place, {"name": "before"}).status == 409
    assert control("POST", place).value == {"name": "1"}
    control.mock.applications.create(sid=APP, friendly_name="x")
    diff = control("GET", f"{place}/before/diff").value
    assert diff["text"] == f"created 1\n  created Application {APP} 'x'"
    assert [change["sid"] for change in diff["created"]] == [APP]
    assert control("POST", f"{place}/before/restore").status == 204
    assert APP not in control.mock.applications
    assert control("DELETE", f"{place}/before").status == 204
    assert control("POST", f"{place}/before/restore").status == 404
    assert control("GET", place).value == {"snapshots": [{"name": "1"}]}


def test_coverage_lists_the_operations_and_the_suspected_rules(control: Control) -> None:
    coverage = control("GET", "/coverage").value
    assert "CreateApplication" in coverage["operations"]
    assert "CreateNewKey" in coverage["operations"]
    assert "DeleteAccount" not in coverage["operations"]
    assert coverage["suspected_rules"]["public_url_host"]["is_enforced"] is False


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/nowhere", None, 404, "the control API has no /nowhere"),
        ("PATCH", "/accounts", None, 405, "PATCH means nothing here"),
        ("POST", "/accounts", {"tll": 5}, 400, "the body.tll: is not known; did you mean ttl? "),
        ("GET", f"/accounts/{'AC' + 'f' * 32}/clock", None, 404, "there is no account ACff"),
        ("POST", "/accounts", b"{", 400, "the body is no JSON"),
        ("POST", "/accounts", b"\xff", 400, "the body is no JSON"),
        ("POST", "/accounts", b"[" * 100_000, 400, "the body is no JSON"),
        ("POST", "/accounts", [], 400, "the body: object is expected"),
        ("POST", "/accounts", {"friendly": "x"}, 400, "the body.friendly: is not known"),
        ("POST", "/accounts", {"sid": 5}, 400, "the body.sid: 5 is no text"),
        ("POST", "/reset", {"x": 1}, 400, "reset takes no body"),
        ("GET", "/health?x=1", None, 400, "query parameter 'x' is not known"),
        ("GET", "/health?%ff", None, 400, "the query cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_problem_document(
    control: Control, method: str, path: str, body: Any, status: int, told: str
) -> None:
    answer = control(method, path, body)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.value["detail"].startswith(f"twilio_mock: {told}")
    assert len(control.mock.accounts) == 1


def test_what_an_account_can_be_opened_with_is_told(control: Control) -> None:
    told = control("POST", "/accounts", {"x": 5}).value["detail"]
    known = told.partition("known are: ")[2].split(", ")
    assert {"sid", "auth_token", "ttl", "parent", "applications", "subaccounts"} <= set(known)


def test_a_name_that_is_none_is_told_what_it_may_be_of(control: Control) -> None:
    answer = control("POST", f"{control.account}/snapshots", {"name": "a b"})
    expected = "the body.name: 'a b' is not as expected: letters, digits and . _ -"
    assert (answer.status, answer.value["detail"]) == (400, f"twilio_mock: {expected}")


def test_a_clock_that_is_to_go_back_is_set(control: Control) -> None:
    answer = control("POST", f"{control.account}/clock/advance", {"seconds": -5})
    assert answer.status == 400
    assert answer.value["detail"].endswith("only put forward; to go back, set it")


def test_the_clock_takes_numbers_only(control: Control) -> None:
    path = f"{control.account}/clock/advance"
    for body in (
        {},
        {"seconds": "1"},
        {"seconds": True},
        {"seconds": 1e300},
        {"seconds": 1, "x": 2},
    ):
        assert control("POST", path, body).status == 400
    assert not control.mock.clock.stopped


def test_control_traffic_is_not_journalled(control: Control) -> None:
    known, unknown = (
        control.mock.state.accounts[control.mock.sid].journal,
        control.mock.state.journal,
    )
    before = len(known.entries), len(unknown.entries)
    control("GET", "/state")
    assert (len(known.entries), len(unknown.entries)) == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Host": "mock.test"}, 200),
        ({"Host": "["}, 400),
    ],
)
def test_foreign_pages_and_hosts_are_refused(headers: dict[str, str], status: int) -> None:
    settings = Settings(control_hosts=frozenset({"mock.test"}))
    with TwilioMock(settings=settings) as mock:
        control = Control(mock)
        assert control("GET", "/health", headers=headers).status == status
        control.connection.close()


def test_its_own_page_may_use_it(control: Control) -> None:
    assert control("GET", "/health", headers={"Origin": control.mock.url}).status == 200


def test_a_token_is_asked_for_where_one_is_set() -> None:
    with TwilioMock(settings=Settings(control_token="s3cret-é")) as mock:
        control = Control(mock)
        refused = control("GET", "/state")
        assert refused.status == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        for wrong in ("Bearer wrong", "Bearer \xff", ""):
            assert control("GET", "/state", headers={"Authorization": wrong}).status == 401
        token = {"Authorization": "Bearer s3cret-é".encode().decode("latin-1")}
        assert control("GET", "/state", headers=token).status == 200
        control.connection.close()


def test_every_operation_has_a_name_and_a_place_of_its_own() -> None:
    assert len({each.name for each in OPERATIONS}) == len(OPERATIONS)
    assert len({(each.method, each.path) for each in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_says_how_python_says_it(running: TwilioMock) -> None:
    for operation in OPERATIONS:
        place, _, words = operation.python.partition(".")
        found: Any = {"mock": running, "account": running.account}.get(place)
        for word in words.split(".") if found is not None else []:
            found = getattr(found, word)


def test_an_unexpected_error_is_logged_without_secrets(
    control: Control, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(account: Account) -> None:
        raise ZeroDivisionError(f"the token is {account.record['auth_token']}")

    monkeypatch.setattr("twilio_mock.control.http.accounts.reset", fail)
    assert control("POST", f"{control.account}/reset").status == 500
    assert "ZeroDivisionError: the token is ***" in caplog.text
    assert control.mock.auth_token not in caplog.text
