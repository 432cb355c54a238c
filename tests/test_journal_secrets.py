"""No token and no secret is in the journal, wherever in a request or an answer it stood."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest

from tests.asking import Ask, basic
from tests.conftest import ask_in_process
from twilio_mock.state.redaction import MASK

AWKWARD = 'p&ss "wörd"/+<x> %41'
TOKENS = ["00112233445566778899aabbccddeeff", "short-er", AWKWARD]


@pytest.fixture(params=TOKENS)
def ask(request: pytest.FixtureRequest) -> Ask:
    """An account with a token that may be awkward to find."""
    return ask_in_process(auth_token=request.param)


def written(ask: Ask) -> str:
    """All that the journals of a mock show, in every form that they have."""
    places = [ask.mock.unknown_requests, *(each.requests for each in ask.mock.accounts)]
    exports = [text for each in places for text in (each.to_json_lines(), each.to_curl())]
    bodies = [exchange.text for each in places for exchange in each]
    return "\n".join([*exports, *bodies, *(repr([tuple(e) for e in each]) for each in places)])


def spelled(secret: str) -> set[str]:
    """A secret in each of the ways in which it could stand somewhere."""
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret)[1:-1])[1:-1],
        repr(secret)[1:-1],
    }


def assert_hidden(ask: Ask, *secrets: str) -> None:
    """Nothing that the journals show has one of these in it."""
    text = written(ask)
    assert text.count("RQ") >= 1
    for secret in secrets:
        for spelling in spelled(secret):
            assert spelling not in text


def test_a_token_in_a_parameter_a_query_or_a_path(ask: Ask) -> None:
    token = ask.account.auth_token
    ask("POST", "Applications.json", [("FriendlyName", f"my {token}!"), (token, "x")])
    ask("GET", "Applications.json", query={"FriendlyName": token, token: "y"})
    ask("GET", f"Applications/{quote(token, safe='')}.json")
    every = "".join(f"%{byte:02X}" for byte in token.encode())
    ask("GET", f"Applications/{every}.json", query=f"FriendlyName={every}")
    assert_hidden(ask, token)
    sent = ask.account.requests
    if ask.account.auth_token != AWKWARD:
        assert sent[0].parameters == (("FriendlyName", f"my {MASK}!"), (MASK, "x"))
        assert sent[2].path == f"{ask.root}/Applications/{MASK}.json"
        assert sent[3].path == f"{ask.root}/Applications/{MASK}.json"
        assert sent[3].query == f"FriendlyName={MASK}"


def test_a_token_in_what_is_stored_and_shown(ask: Ask) -> None:
    token = ask.account.auth_token
    ask.account.applications.create(friendly_name=token[:64])
    for extension in ("json", "xml", "csv"):
        assert ask("GET", f"Applications.{extension}").status == 200
    assert_hidden(ask, token)


def test_a_token_in_a_refusal_and_in_a_finding(ask: Ask) -> None:
    token = ask.account.auth_token
    url = f"http://localhost/{quote(token)}"
    ask("POST", "Applications.json", {"VoiceMethod": token, "VoiceUrl": url, token: ""})
    [refused] = ask.account.requests
    assert (refused.status, len(refused.findings)) == (400, 2)
    assert_hidden(ask, token)


def test_tokens_of_accounts_in_answers() -> None:
    ask = ask_in_process(auth_token="tok")
    subaccount = ask.account.subaccounts.create(auth_token="sub", secondary_auth_token="second")
    parent = ask.account.sid
    path = f"/2010-04-01/Accounts/{subaccount.sid}"
    for extension in (".json", ".xml", ""):
        assert b"sub" in ask("GET", path + extension).body
        assert b"tok" in ask("GET", f"/2010-04-01/Accounts{extension}").body
    ask("GET", "/2010-04-01/Accounts.csv")
    ask("POST", f"{path}.json", {"FriendlyName": "x"})
    ask("POST", "/2010-04-01/Accounts.json")
    made = next(sid for sid in ask.mock.accounts.sids() if sid not in (parent, subaccount.sid))
    assert_hidden(ask, ask.mock.accounts[made].auth_token)
    for exchange in (*ask.account.requests, *subaccount.requests):
        if exchange.text.startswith("{") and "accounts" not in exchange.json:
            assert exchange.json["auth_token"] == MASK
        for secret in ('"tok"', '"sub"', ">tok<", ">sub<", ",tok,", ",sub,", "second"):
            assert secret not in exchange.text


def test_the_secret_of_a_new_key_and_of_a_key_that_asks() -> None:
    ask = ask_in_process()
    answer = ask("POST", "Keys.json", {"FriendlyName": "x"})
    secret = answer.json["secret"]
    assert ask.account.requests[0].json == {**answer.json, "secret": MASK}
    for sent in (secret, ask.account.auth_token):
        key = basic(answer.json["sid"], secret)
        ask("POST", "Applications.json", {"FriendlyName": sent}, credentials=key)
    assert ask.account.requests[-1].caller == answer.json["sid"]
    assert ask("POST", "Keys.xml").status == 201
    assert ask.account.requests[-1].text.count(f"<Secret>{MASK}</Secret>") == 1
    assert_hidden(ask, secret, ask.account.auth_token)


def test_a_secondary_token() -> None:
    ask, second = ask_in_process(), "abcdefabcdefabcdefabcdefabcdefab"
    ask.account.update(secondary_auth_token=second)
    ask.create(FriendlyName=second)
    ask("POST", "Applications.json", {"A": second}, credentials=basic(ask.account.sid, second))
    assert [each.caller for each in ask.account.requests] == ["auth_token", "secondary_auth_token"]
    assert_hidden(ask, second)


def test_a_token_that_was_changed_since() -> None:
    ask = ask_in_process()
    old = ask.account.auth_token
    ask.create(FriendlyName=old)
    ask.account.update(auth_token="f" * 32)
    assert_hidden(ask, old)


def test_credentials_that_open_nothing() -> None:
    ask, real = ask_in_process(), "deadbeefdeadbeefdeadbeefdeadbeef"
    sid = "AC" + "9" * 32
    for header in (
        basic(sid, real),
        basic(real, sid),
        f"Bearer {real}",
        "Basic " + b64encode(real.encode()).decode(),
        f"Basic {real}",
    ):
        encoded = header.partition(" ")[2]
        form = {"FriendlyName": real, "x": encoded}
        ask("POST", f"/{real}.json", form, query=f"t={real}", credentials=header)
        assert encoded not in written(ask)
    assert_hidden(ask, real)
    callers = [each.caller for each in ask.mock.unknown_requests]
    assert callers == [sid, None, None, None, None]


@pytest.mark.parametrize("name", ["AuthToken", "auth_token", "Secret", "Password", "password"])
def test_what_is_secret_by_its_name(name: str) -> None:
    ask = ask_in_process()
    ask("POST", "Applications.json", {name: "hush-hush"})
    ask("GET", "Applications.json", query={name: "hush-hush"})
    ask("POST", "Applications.json", query={name: "hush-hush"})
    assert [each.parameter(name) for each in ask.account.requests] == [MASK, MASK, None]
    assert_hidden(ask, "hush-hush")


@pytest.mark.parametrize("known", [True, False])
def test_invented_credentials_leave_the_sid_readable(known: bool) -> None:
    sid, token = "AC" + "1" * 32, "1" * 32
    ask = ask_in_process(account_sid=sid, auth_token=token) if known else ask_in_process()
    path = f"/2010-04-01/Accounts/{sid}/Applications.json"
    ask("GET", path, credentials=basic(sid, token))
    [asked] = ask.account.requests if known else ask.mock.unknown_requests
    assert (asked.path, asked.status) == (path, 200 if known else 401)


def test_what_is_no_secret_stays_as_it_was_sent() -> None:
    ask = ask_in_process(auth_token="me")  # too short to be told from a word
    ask("POST", "Applications.json", {"FriendlyName": "Phone me", "VoiceUrl": "https://me.example"})
    query = "FriendlyName=a%20b&PageSize=%31&FriendlyName="
    ask("GET", "Applications.json", query=query)
    created, listed = ask.account.requests
    assert created.parameters == (("FriendlyName", "Phone me"), ("VoiceUrl", "https://me.example"))
    assert listed.query == query
    assert created.json["voice_url"] == "https://me.example"
