"""One record over the control API, what is stored of an account, and crashes inside the mock."""

from __future__ import annotations

import pytest

from tests.asking import basic
from tests.control.caller import Control
from twilio_mock import dispatch


def test_a_record_is_stored_and_its_sid_told(control: Control) -> None:
    fields = {"friendly_name": "Phone Me", "date_created": 86400, "sid": "AP" + "1" * 32}
    answer = control("POST", f"{control.account}/records/applications", fields)
    assert (answer.status, answer.value) == (201, {"sid": "AP" + "1" * 32})
    [application] = control.mock.applications
    assert (application.friendly_name, application.date_created) == ("Phone Me", 86400)


@pytest.mark.parametrize(
    ("path", "fields", "status", "where", "python"),
    [
        ("applications", {"voice_method": "PUT"}, 400, "voice_method", None),
        ("applications", {"colour": "red"}, 400, None, "TypeError"),
        ("applications", {"voice_url": ["a"]}, 400, "the body.voice_url", None),
        ("queues", {}, 404, None, None),
    ],
)
def test_what_is_no_record_is_refused(
    control: Control,
    path: str,
    fields: dict[str, object],
    status: int,
    where: str | None,
    python: str | None,
) -> None:
    answer = control("POST", f"{control.account}/records/{path}", fields)
    problem = answer.value
    assert (answer.status, problem.get("where"), problem.get("python")) == (status, where, python)
    assert len(control.mock.applications) == 0


def test_what_is_stored_of_an_account_can_be_changed(control: Control) -> None:
    account = control.mock.accounts.create()
    answer = control("PATCH", f"/accounts/{account.sid}", {"status": "suspended"})
    assert (answer.status, account.status) == (204, "suspended")
    refused = control("PATCH", f"/accounts/{account.sid}", {"sid": "AC" + "1" * 32})
    assert (refused.status, refused.value["python"]) == (400, "TypeError")


def test_a_crash_inside_the_mock_is_told(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug of the mock's")

    assert control("GET", f"{control.account}/crashes").value == {"crashes": []}
    monkeypatch.setattr(dispatch, "perform", broken)
    path = f"/2010-04-01/Accounts/{control.mock.sid}/Applications.json"
    credentials = basic(control.mock.sid, control.mock.auth_token)
    control.connection.request("GET", path, headers={"Authorization": credentials})
    assert control.connection.getresponse().read()
    [crash] = control("GET", f"{control.account}/crashes").value["crashes"]
    assert crash["request"] == f"GET {path}"
    assert "ZeroDivisionError: a bug of the mock's" in crash["traceback"]
