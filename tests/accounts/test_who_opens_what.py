"""Whose credentials open which account: tokens, secondary tokens, main and standard keys."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from tests.accounts.families import ACCOUNTS, Family, with_key
from tests.asking import Ask, basic
from tests.conftest import AskWith

WRONG = (401, 20003, "Authenticate")
NO_USER = (401, 20003, "Authentication Error - invalid username")
COLLECTIONS = ["Applications.json", "IncomingPhoneNumbers.json", "Keys.json", "Calls.json"]


def credentials_of(ask: Ask, kind: str) -> str:
    """What the account can identify itself with."""
    if kind == "token":
        return ask.credentials
    if kind == "secondary token":
        ask.account.update(secondary_auth_token="s" * 32)
        return basic(ask.account.sid, "s" * 32)
    return with_key(ask, main=kind == "main key")


KINDS = ["token", "secondary token", "main key", "standard key"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_credentials_opens_its_own_account(family: Family, kind: str) -> None:
    for each in (family.parent, family.child):
        credentials = credentials_of(each, kind)
        assert each("POST", "Applications.json", credentials=credentials).status == 201
        assert len(each.sids()) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_parent_s_tokens_reach_its_subaccounts_and_its_keys_do_not(
    family: Family, kind: str, path: str
) -> None:
    credentials = credentials_of(family.parent, kind)
    answer = family.child("GET", path, credentials=credentials)
    if kind.endswith("key"):
        assert answer.refusal == WRONG
    else:
        assert answer.status == (501 if path == "Calls.json" else 200)


@pytest.mark.parametrize("kind", KINDS)
def test_a_parent_s_keys_do_not_reach_a_subaccount_s_record(family: Family, kind: str) -> None:
    credentials = credentials_of(family.parent, kind)
    answer = family.child("GET", f"{family.child.root}.json", credentials=credentials)
    assert answer.status == (401 if kind.endswith("key") else 200)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", [*COLLECTIONS, "{root}.json"])
def test_a_subaccount_reaches_neither_parent_nor_sibling_nor_stranger(
    family: Family, kind: str, path: str
) -> None:
    credentials = credentials_of(family.child, kind)
    for other in (family.parent, family.sibling, family.parent.neighbour()):
        for method in ("GET", "POST"):
            answer = other(method, path.format(root=other.root), credentials=credentials)
            assert answer.refusal == WRONG
        assert other.sids() == []


def test_what_a_parent_makes_in_a_subaccount_belongs_to_the_subaccount(family: Family) -> None:
    made = family.as_parent("POST", "Applications.json", {"FriendlyName": "x"}).json
    assert made["account_sid"] == family.child.account.sid
    assert made["uri"] == f"{family.child.root}/Applications/{made['sid']}.json"
    assert family.child.fetch(made["sid"]) == made
    assert family.parent.sids() == []


def test_a_sid_of_another_account_is_unknown_here(family: Family) -> None:
    theirs = family.child.create()["sid"]
    key = family.child.account.keys.create().sid
    for asked in (family.parent, family.sibling):
        for method in ("GET", "POST", "DELETE"):
            assert asked(method, f"Applications/{theirs}.json").refusal[:2] == (404, 20404)
            assert asked(method, f"Keys/{key}.json").refusal[:2] == (404, 20404)
    assert family.child.sids() == [theirs]


@pytest.mark.parametrize(
    "path", ["Keys.json", "Keys/{key}.json", "{root}.json", f"{ACCOUNTS}.json"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_standard_key_gets_401_on_accounts_and_keys(ask: Ask, path: str, method: str) -> None:
    key = ask.account.keys.create()
    named = path.format(root=ask.root, key=key.sid)
    credentials = basic(key.sid, str(key.secret))
    assert ask(method, named, credentials=credentials).refusal == WRONG
    assert ask("DELETE", f"Keys/{key.sid}.json", credentials=credentials).refusal == WRONG
    assert len(ask.account.keys) == 1
    assert len(ask.account.subaccounts) == 0


def test_a_main_key_reaches_accounts_and_keys_too(ask: Ask) -> None:
    credentials = with_key(ask, main=True)
    assert ask("GET", f"{ACCOUNTS}.json", credentials=credentials).status == 200
    assert ask("POST", f"{ACCOUNTS}.json", credentials=credentials).status == 201
    assert ask("GET", f"{ask.root}.json", credentials=credentials).status == 200
    made = ask("POST", "Keys.json", credentials=credentials)
    assert made.status == 201
    path = f"Keys/{made.json['sid']}.json"
    assert ask("DELETE", path, credentials=credentials).status == 204


@pytest.mark.parametrize("kind", ["main key", "standard key"])
@pytest.mark.parametrize("path", ["Applications", "IncomingPhoneNumbers"])
def test_a_key_does_everything_else(ask: Ask, kind: str, path: str) -> None:
    credentials = credentials_of(ask, kind)
    form = {"PhoneNumber": "+14155550101"} if path != "Applications" else {}
    made = ask("POST", f"{path}.json", form, credentials=credentials)
    assert made.status == 201
    one = f"{path}/{made.json['sid']}.json"
    assert ask("POST", one, {"FriendlyName": "x"}, credentials=credentials).status == 200
    assert ask("GET", one, credentials=credentials).json["friendly_name"] == "x"
    assert ask("DELETE", one, credentials=credentials).status == 204


def test_a_deleted_key_opens_nothing_any_more(ask: Ask) -> None:
    made = ask("POST", "Keys.json").json
    credentials = basic(made["sid"], made["secret"])
    assert ask("GET", "Applications.json", credentials=credentials).status == 200
    assert ask("DELETE", f"Keys/{made['sid']}.json").status == 204
    assert ask("GET", "Applications.json", credentials=credentials).refusal == NO_USER


@pytest.mark.parametrize("secret", ["", "wrong", "{secret} ", " {secret}", "{SECRET}", "{token}"])
def test_a_key_with_a_wrong_secret_opens_nothing(ask: Ask, secret: str) -> None:
    key = ask.account.keys.create(secret="abc" * 11)
    sent = secret.format(secret="abc" * 11, SECRET="ABC" * 11, token=ask.account.auth_token)
    assert ask("GET", "Applications.json", credentials=basic(key.sid, sent)).refusal == WRONG


def test_the_account_s_sid_with_a_key_s_secret_opens_nothing(ask: Ask) -> None:
    key = ask.account.keys.create()
    credentials = basic(ask.account.sid, str(key.secret))
    assert ask("GET", "Applications.json", credentials=credentials).refusal == WRONG


def test_two_tokens_open_an_account_until_one_is_promoted(ask_with: AskWith) -> None:
    ask = ask_with()
    old, new = ask.account.auth_token, "n" * 32
    ask.account.update(secondary_auth_token=new)
    for token in (old, new):
        sent = basic(ask.account.sid, token)
        assert ask("GET", "Applications.json", credentials=sent).status == 200
    ask.account.update(auth_token=new, secondary_auth_token=None)
    assert ask("GET", "Applications.json", credentials=basic(ask.account.sid, new)).status == 200
    assert ask("GET", "Applications.json", credentials=basic(ask.account.sid, old)).refusal == WRONG


@pytest.mark.parametrize("token", ["", "None"])
def test_an_account_without_a_secondary_token_is_not_opened_by_an_empty_one(
    ask: Ask, token: str
) -> None:
    credentials = basic(ask.account.sid, token)
    assert ask("GET", "Applications.json", credentials=credentials).refusal == WRONG


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r\n", "\u00a0"])
@pytest.mark.parametrize("place", ["before the user", "after the user", "before", "after"])
def test_stray_blanks_are_never_forgiven(ask: Ask, kind: str, blank: str, place: str) -> None:
    sent = credentials_of(ask, kind).removeprefix("Basic ")
    user, _, password = b64decode(sent).decode().partition(":")
    spoiled = {
        "before the user": f"{blank}{user}:{password}",
        "after the user": f"{user}{blank}:{password}",
        "before": f"{user}:{blank}{password}",
        "after": f"{user}:{password}{blank}",
    }[place]
    credentials = "Basic " + b64encode(spoiled.encode()).decode()
    answer = ask("POST", "Applications.json", credentials=credentials)
    assert answer.refusal == (NO_USER if place.endswith("user") else WRONG)
    assert ask.sids() == []


@pytest.mark.parametrize("scheme", ["Bearer", "Digest", "Token", "Basic:", ""])
def test_good_credentials_in_another_scheme_open_nothing(ask: Ask, scheme: str) -> None:
    credentials = ask.credentials.replace("Basic", scheme).strip()
    assert ask("POST", "Applications.json", credentials=credentials).refusal == NO_USER
    assert ask.sids() == []


@pytest.mark.parametrize("spoil", ["{}!", "{}=", "%{}", "{}{}", "={}"])
def test_what_is_no_base64_opens_nothing(ask: Ask, spoil: str) -> None:
    encoded = ask.credentials.removeprefix("Basic ")
    credentials = "Basic " + spoil.format(encoded, encoded)
    answer = ask("POST", "Applications.json", credentials=credentials)
    assert answer.refusal in (NO_USER, WRONG)
    assert ask.sids() == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_journal_names_the_credentials_and_does_not_tell_them(ask: Ask, kind: str) -> None:
    credentials = credentials_of(ask, kind)
    ask("POST", "Applications.json", credentials=credentials)
    expected = {"token": "auth_token", "secondary token": "secondary_auth_token"}
    caller = str(ask.last_exchange.caller)
    assert caller == expected.get(kind) or caller in ask.account.keys
    secrets = [ask.account.auth_token, "s" * 32, *(str(key.secret) for key in ask.account.keys)]
    assert not any(secret in repr(ask.journal) for secret in secrets)
