"""Active, suspended, closed: who changes a status, and what an account may do in each."""

from __future__ import annotations

import pytest

from tests.accounts.families import Family, family_of, with_key
from tests.conftest import AskWith
from twilio_mock import Settings

FORBIDDEN = (403, 20403, "403 Forbidden")
UNKNOWN = (401, 20003, "Authenticate")
INACTIVE = ["suspended", "closed"]
INVALID_STATUS = (400, 21475, "Unable to update Status, invalid Status.")
PARENT_SUSPENDED = (
    400,
    21476,
    "Unable to update Status for subaccount, parent account is suspended.",
)
OF_A_PARENT = (400, 21477, "Unable to update Status for parent accounts")
BY_TWILIO = (
    400,
    21478,
    "Unable to update Status for subaccount, subaccount has been suspended by Twilio",
)
CLOSED = (400, 21479, "Unable to update Status for subaccount, subaccount has been closed.")


def test_a_parent_suspends_its_subaccount_and_takes_it_back(family: Family) -> None:
    for status in ("suspended", "active", "suspended", "suspended", "active"):
        answer = family.set_status(status)
        assert (answer.status, answer.json["status"]) == (200, status)
        assert family.shown() == status


@pytest.mark.parametrize("word", ["", "Active", "ACTIVE", "active ", "deleted", "0", "null"])
def test_a_status_that_does_not_exist_is_refused(family: Family, word: str) -> None:
    assert family.set_status(word).refusal == INVALID_STATUS
    assert family.shown() == "active"


@pytest.mark.parametrize("status", ["active", "suspended", "closed"])
def test_the_status_of_a_parent_stays(family: Family, status: str) -> None:
    parent = family.parent
    for credentials in (parent.credentials, with_key(parent, main=True)):
        form = {"Status": status, "FriendlyName": "renamed"}
        answer = parent("POST", f"{parent.root}.json", form, credentials=credentials)
        assert answer.refusal == OF_A_PARENT
    assert parent.account.status == "active"
    assert parent("GET", f"{parent.root}.json").json["friendly_name"] != "renamed"


@pytest.mark.parametrize("status", ["active", "suspended", "closed"])
def test_a_subaccount_does_not_change_its_own_status(family: Family, status: str) -> None:
    child = family.child
    for credentials in (child.credentials, with_key(child, main=True)):
        answer = child("POST", f"{child.root}.json", {"Status": status}, credentials=credentials)
        assert answer.refusal == UNKNOWN
    assert family.shown() == "active"


@pytest.mark.parametrize("status", ["active", "suspended", "closed"])
def test_a_closed_subaccount_stays_closed(family: Family, status: str) -> None:
    assert family.set_status("closed").json["status"] == "closed"
    assert family.set_status(status).refusal == CLOSED
    assert family.shown() == "closed"


@pytest.mark.parametrize("status", ["active", "closed"])
def test_what_twilio_has_suspended_stays_suspended(family: Family, status: str) -> None:
    family.child.account.update(status="suspended", suspended_by_twilio=True)
    assert family.set_status(status).refusal == BY_TWILIO
    assert family.shown() == "suspended"


@pytest.mark.parametrize("of_the_parent", INACTIVE)
@pytest.mark.parametrize("of_the_child", ["active", *INACTIVE])
@pytest.mark.parametrize("wanted", ["active", "suspended", "closed"])
def test_a_suspended_parent_changes_no_status(
    family: Family, of_the_parent: str, of_the_child: str, wanted: str
) -> None:
    family.child.account.update(status=of_the_child)
    family.parent.account.update(status=of_the_parent)
    assert family.set_status(wanted).refusal == PARENT_SUSPENDED
    assert family.shown() == of_the_child


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("status", INACTIVE)
def test_an_inactive_parent_does_nothing_else_to_its_subaccount(
    ask_with: AskWith, status: str, enforced: bool
) -> None:
    rules = frozenset({"inactive_account_is_unknown"} if enforced else ())
    family = family_of(ask_with(Settings(enforce=rules)))
    sid = family.child.create()["sid"]
    family.parent.account.update(status=status)
    expected = UNKNOWN if enforced else FORBIDDEN
    root = f"{family.child.root}.json"
    assert family.as_parent("GET", root).refusal == expected
    assert family.as_parent("POST", root, {"FriendlyName": "x"}).refusal == expected
    assert family.as_parent("GET", "Applications.json").refusal == expected
    assert family.as_parent("DELETE", f"Applications/{sid}.json").refusal == expected
    assert family.child.sids() == [sid]


@pytest.mark.parametrize("status", INACTIVE)
def test_an_inactive_parent_opens_no_subaccount(family: Family, status: str) -> None:
    family.parent.account.update(status=status)
    assert family.parent("POST", "/2010-04-01/Accounts.json").refusal == FORBIDDEN
    assert len(family.parent.account.subaccounts) == 2


@pytest.mark.parametrize("status", INACTIVE)
def test_a_subaccount_is_as_inactive_as_its_parent(family: Family, status: str) -> None:
    family.parent.account.update(status=status)
    assert family.child("GET", "Applications.json").refusal == FORBIDDEN
    family.parent.account.update(status="active")
    assert family.child("GET", "Applications.json").status == 200


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("status", INACTIVE)
@pytest.mark.parametrize("credentials", ["token", "secondary", "main key", "standard key"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "Applications.json"),
        ("POST", "Applications.json"),
        ("GET", "IncomingPhoneNumbers.json"),
        ("GET", "{root}.json"),
        ("POST", "{root}.json"),
        ("GET", "/2010-04-01/Accounts.json"),
        ("POST", "/2010-04-01/Accounts.json"),
    ],
)
def test_an_inactive_account_s_own_credentials_are_refused(
    ask_with: AskWith, enforced: bool, status: str, credentials: str, method: str, path: str
) -> None:
    rules = frozenset({"inactive_account_is_unknown"} if enforced else ())
    child = family_of(ask_with(Settings(enforce=rules))).child
    sent = child.credentials
    if credentials == "secondary":
        child.account.update(secondary_auth_token="second")
    elif credentials != "token":
        sent = with_key(child, main=credentials == "main key")
    child.account.update(status=status)
    answer = child(method, path.format(root=child.root), credentials=sent)
    closed_to_the_key = credentials == "standard key" and "Accounts" in path.format(root=child.root)
    assert answer.refusal == (UNKNOWN if enforced or closed_to_the_key else FORBIDDEN)
    assert child.sids() == []


@pytest.mark.parametrize("status", INACTIVE)
def test_the_parent_still_reads_what_an_inactive_subaccount_has(
    family: Family, status: str
) -> None:
    application = family.child.create()
    number = family.child.account.incoming_phone_numbers.create(phone_number="+14155550101")
    family.set_status(status)
    one = f"Applications/{application['sid']}.json"
    assert family.as_parent("GET", one).json == application
    assert family.as_parent("GET", "Applications.json").json["applications"] == [application]
    assert family.as_parent("GET", f"IncomingPhoneNumbers/{number.sid}.json").status == 200
    assert family.as_parent("GET", "Keys.json").status == 200
    assert family.as_parent("GET", f"{family.child.root}.json").json["status"] == status


@pytest.mark.parametrize("status", INACTIVE)
def test_the_parent_writes_nothing_into_an_inactive_subaccount(family: Family, status: str) -> None:
    application = family.child.create()
    family.set_status(status)
    one = f"Applications/{application['sid']}.json"
    for method, path in [
        ("POST", "Applications.json"),
        ("POST", one),
        ("DELETE", one),
        ("POST", "Keys.json"),
        ("POST", "IncomingPhoneNumbers.json"),
    ]:
        assert family.as_parent(method, path, {"FriendlyName": "x"}).refusal == FORBIDDEN
    assert family.as_parent("GET", one).json == application
    assert len(family.child.account.keys) == 0


def test_the_parent_may_rename_a_closed_subaccount(family: Family) -> None:
    family.set_status("closed")
    form = {"FriendlyName": "gone"}
    answer = family.as_parent("POST", f"{family.child.root}.json", form)
    assert (answer.json["friendly_name"], answer.json["status"]) == ("gone", "closed")


def test_an_inactive_subaccount_does_not_touch_its_family(family: Family) -> None:
    family.set_status("closed")
    for each in (family.parent, family.sibling):
        assert each("POST", "Applications.json").status == 201


def test_a_subaccount_that_was_taken_back_has_all_that_it_had(family: Family) -> None:
    application = family.child.create(FriendlyName="kept")
    family.set_status("suspended")
    family.set_status("active")
    assert family.child.fetch(application["sid"]) == application


@pytest.mark.parametrize("status", INACTIVE)
def test_a_wrong_token_is_told_nothing_of_the_status(family: Family, status: str) -> None:
    family.set_status(status)
    wrong = family.child.credentials[:-8] + "AAAAAAAA"
    answer = family.child("GET", "Applications.json", credentials=wrong)
    assert answer.refusal[:2] == (401, 20003)


def test_a_closed_account_is_freed_on_request(family: Family) -> None:
    parent, child = family.parent.account, family.child.account
    key = child.keys.create()
    family.child.create()
    family.set_status("closed")
    state = family.parent.state
    parent.subaccounts.free(child)
    assert child.sid not in state.accounts
    assert key.sid not in state.opened_by
    assert [each.sid for each in parent.subaccounts] == [family.sibling.account.sid]
    with pytest.raises(LookupError, match=f"account {child.sid} was freed"):
        _ = child.auth_token
    answer = family.sibling("GET", f"/2010-04-01/Accounts/{child.sid}/Applications.json")
    assert answer.refusal == UNKNOWN
