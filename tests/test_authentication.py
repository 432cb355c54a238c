"""Who may ask: HTTP Basic credentials, the three recorded messages, and what comes first."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tests.asking import Ask, basic
from tests.conftest import AskWith, ask_in_process

WRONG = (401, 20003, "Authenticate")
MISSING = (401, 20003, "Authentication Error - No credentials provided")
NO_USER = (401, 20003, "Authentication Error - invalid username")
STRANGER = "AC" + "f" * 32


def encoded(text: bytes) -> str:
    return b64encode(text).decode()


def test_the_account_s_own_credentials_open_it(ask: Ask) -> None:
    assert ask("GET", "Applications.json").status == 200


@pytest.mark.parametrize(
    "token",
    ["", "wrong", "{token} ", " {token}", "{token}x", "{TOKEN}", "{token}:x", "Ünïcödé", "\0"],
)
def test_a_wrong_token_does_not_open_it(ask: Ask, token: str) -> None:
    own = ask.account.auth_token
    sent = token.format(token=own, TOKEN=own.upper())
    answer = ask("GET", "Applications.json", credentials=basic(ask.account.sid, sent))
    assert answer.refusal == WRONG


@pytest.mark.parametrize("user", [STRANGER, STRANGER.upper(), "AC" + "0" * 32])
def test_an_account_that_does_not_exist_opens_nothing(ask: Ask, user: str) -> None:
    credentials = basic(user, ask.account.auth_token)
    answer = ask("GET", f"/2010-04-01/Accounts/{user}/Applications.json", credentials=credentials)
    assert answer.refusal == WRONG


def test_a_missing_header_has_its_own_message(ask: Ask) -> None:
    assert ask("GET", "Applications.json", credentials=None).refusal == MISSING


@pytest.mark.parametrize(
    "user",
    [
        "",
        "somebody@example.com",
        "None",
        "AC",
        "AC" + "g" * 32,
        "AC" + "0" * 31,
        "AC" + "0" * 33,
        "ac" + "0" * 32,
        "AP" + "0" * 32,
        " {sid}",
        "{sid} ",
        "{sid}\n",
        "Zoë",
        "AC" + "٣" * 32,
        "\0",
    ],
)
def test_a_user_name_that_is_no_sid_has_its_own_message(ask: Ask, user: str) -> None:
    credentials = basic(user.format(sid=ask.account.sid), ask.account.auth_token)
    assert ask("GET", "Applications.json", credentials=credentials).refusal == NO_USER


def test_swapped_credentials_name_no_user(ask: Ask) -> None:
    credentials = basic(ask.account.auth_token, ask.account.sid)
    assert ask("GET", "Applications.json", credentials=credentials).refusal == NO_USER


@pytest.mark.parametrize(
    "credentials",
    [
        "Basic",
        "Basic ",
        "Basic !!!!",
        "Basic =",
        "Basic QQ",
        "Basic " + encoded(b"without a colon"),
        "Basic " + encoded(b":"),
        "Basic " + encoded(b"\xff\xfe:\xff"),
        "Basic " + encoded("Zoë".encode("latin-1") + b":x"),
        "Bearer abc",
        "Digest username=AC",
        "BasicQUM6eA==",
        "",
        "Basic \u00fc",
    ],
)
def test_a_stray_form_of_the_header_names_no_user(ask: Ask, credentials: str) -> None:
    answer = ask("GET", "Applications.json", credentials=credentials)
    assert answer.refusal in (NO_USER, MISSING)


@pytest.mark.parametrize("stray", ["!", "\n", "=", "\u00fc"])
def test_a_stray_character_within_the_credentials_names_no_user(stray: str) -> None:
    ask = ask_in_process()
    credentials = ask.credentials[:10] + stray + ask.credentials[10:]
    assert ask("GET", "Applications.json", credentials=credentials).refusal == NO_USER


@pytest.mark.parametrize("scheme", ["Basic ", "basic ", "BASIC ", "Basic   "])
def test_the_scheme_is_read_without_regard_to_case_or_blanks(ask: Ask, scheme: str) -> None:
    credentials = scheme + ask.credentials.removeprefix("Basic ")
    assert ask("GET", "Applications.json", credentials=credentials).status == 200


@pytest.mark.parametrize("token", ["pässwörd", "密码", "a:b:c", "100% safe?", "\\\"'"])
def test_a_token_may_hold_any_character(ask_with: AskWith, token: str) -> None:
    ask = ask_with(auth_token=token)
    assert ask("GET", "Applications.json").status == 200
    wrong = basic(ask.account.sid, token + "é")
    assert ask("GET", "Applications.json", credentials=wrong).refusal == WRONG


@pytest.mark.parametrize("credentials", [None, "wrong", "stranger", "no user"])
@pytest.mark.parametrize("extension", [".json", ".xml", ""])
def test_each_401_asks_for_basic_credentials(
    ask: Ask, credentials: str | None, extension: str
) -> None:
    sent = {
        "wrong": basic(ask.account.sid, "wrong"),
        "stranger": basic(STRANGER, "x"),
        "no user": basic("somebody", "x"),
    }
    answer = ask(
        "GET",
        "Applications" + extension,
        credentials=None if credentials is None else sent[credentials],
    )
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'
    assert answer.headers["X-Twilio-Error-Code"] == "20003"
    expected = "application/json" if extension == ".json" else "application/xml"
    assert answer.headers["Content-Type"] == expected


@pytest.mark.parametrize("path", ["Applications.json", "Queues.json", "Nonsense.json"])
@pytest.mark.parametrize("account", ["neighbour", STRANGER, "None", "", "nonsense"])
def test_a_foreign_account_in_the_path_is_refused_whether_it_exists_or_not(
    ask: Ask, account: str, path: str
) -> None:
    sid = ask.neighbour().account.sid if account == "neighbour" else account
    answer = ask("GET", f"/2010-04-01/Accounts/{sid}/{path}")
    assert answer.refusal == WRONG


@pytest.mark.parametrize(
    "path",
    [
        "/2010-04-01/%41ccounts/{other}/Applications.json",
        "/2010-04-01/Accounts/%41{rest}/Applications.json",
        "/%32010-04-01/Accounts/{other}/Applications.json",
        "/2010-04-01/Accounts%2F{other}/Applications.json",
        "/2010-04-01/Accounts/{own}%2F..%2F{other}/Applications.json",
        "/2010-04-01/Accounts/{own}/../{other}/Applications.json",
        "//2010-04-01/Accounts/{other}/Applications.json",
        "/2010-04-01/Accounts/{other}%2FApplications.json",
        "/2010-04-01/./Accounts/{other}/Applications.json",
        "/2010-04-01/accounts/{other}/Applications.json",
    ],
)
def test_no_spelling_of_a_path_leads_into_a_foreign_account(ask: Ask, path: str) -> None:
    other = ask.neighbour()
    theirs, ours = other.create()["sid"], ask.create()["sid"]
    sid = other.account.sid
    spelled = path.format(own=ask.account.sid, other=sid, rest=sid[1:])
    answer = ask("GET", spelled)
    assert answer.status in (401, 404)
    assert ask("POST", spelled, {"FriendlyName": "x"}).status in (401, 404)
    assert (other.sids(), ask.sids()) == ([theirs], [ours])
    assert ask.fetch(ours)["uri"] == f"{ask.root}/Applications/{ours}.json"


@pytest.mark.parametrize(
    ("method", "path", "extra"),
    [
        ("GET", "Applications/nonsense.json", {}),
        ("GET", "Nonsense.json", {}),
        ("GET", "Queues.json", {}),
        ("PATCH", "Applications.json", {}),
        ("GET", "/", {}),
        ("POST", "Applications.json", {"form": {"VoiceMethod": "nonsense"}}),
        ("POST", "Applications.json", {"body": b"\xff"}),
        ("GET", "Applications.json", {"query": "Page=7"}),
        ("GET", "Applications.json", {"query": "FriendlyName=%FF"}),
    ],
)
def test_credentials_come_before_path_and_method_and_parameters(
    ask: Ask, method: str, path: str, extra: dict[str, object]
) -> None:
    answer = ask(method, path, credentials=None, **extra)  # type: ignore[arg-type]
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'
    assert ask.sids() == []


def test_options_needs_no_credentials(ask: Ask) -> None:
    for path in ("Applications.json", "/", "/2010-04-01/Accounts/nobody/Applications.json"):
        assert ask("OPTIONS", path, credentials=None).status == 200


def test_a_refused_caller_changes_nothing(ask: Ask) -> None:
    before = ask.create(FriendlyName="mine")
    sid = before["sid"]
    wrong = basic(ask.account.sid, "wrong")
    for method, path in [
        ("POST", "Applications.json"),
        ("POST", f"Applications/{sid}.json"),
        ("DELETE", f"Applications/{sid}.json"),
    ]:
        answer = ask(method, path, {"FriendlyName": "theirs"}, credentials=wrong)
        assert answer.refusal == WRONG
    assert ask.page()["applications"] == [before]


def test_the_token_is_nowhere_in_the_journal(ask: Ask) -> None:
    ask.create()
    ask("GET", "Applications.json", credentials=basic(ask.account.sid, "wrong"))
    written = repr(ask.journal) + repr(list(ask.state.journal.entries))
    assert ask.account.auth_token not in written
    assert ask.credentials.removeprefix("Basic ") not in written
