"""The options from their flags and variables to the mock that they describe, without a process."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import pytest

from twilio_mock import Settings
from twilio_mock.__main__ import main
from twilio_mock.command_line.making import Made, made_of
from twilio_mock.command_line.options import LIMIT_OPTIONS, OPTIONS, PROXYING, Option
from twilio_mock.command_line.parsing import Parser
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.rules import MISTAKES, RULES
from twilio_mock.serving.live import Place
from twilio_mock.settings import LIMITS

SID = "AC" + "1" * 32
# What an option is given by its variable and by its flag, and what becomes of the two.
SID_2 = "AC" + "2" * 32
WORDS = ("one", "two", "one", "two")
PATHS = ("a.json, b.json", "c.json", ["a.json", "b.json"], ["c.json"])
GIVEN: dict[str, tuple[str, str, Any, Any]] = {
    "port": ("1", "2", 1, 2),
    "account_sid": (SID, SID_2, SID, SID_2),
    "account": (f"{SID}:a,{SID_2}:b", f"{SID}:c:d", [(SID, "a"), (SID_2, "b")], [(SID, "c:d")]),
    "accounts_on_demand": ("yes", "0", True, False),
    "quiet": ("TRUE", "no", True, False),
    "verbose": ("1", "false", True, False),
    "seed_file": PATHS,
    "allow_host": PATHS,
    "allow": PATHS,
    "strict": ("error", "off", "error", "off"),
    "let_pass": ("page_value", "public_url_host", ["page_value"], ["public_url_host"]),
    "enforce": ("all", "page_value", ["all"], ["page_value"]),
    "log_format": ("json", "text", "json", "text"),
}
BAD = {
    **dict.fromkeys(("port", "application_limit", "header_timeout"), "x"),
    **dict.fromkeys(("accounts_on_demand", "quiet", "verbose"), "perhaps"),
    **dict.fromkeys(("account_sid", "account", "strict", "let_pass", "enforce"), "x"),
    "log_format": "xml",
}


def given(option: Option) -> tuple[str, str, Any, Any]:
    """What is given to an option: any text is a text, and a limit takes a number."""
    if option in LIMIT_OPTIONS:
        number = type(option.default)
        return "7", "8", number(7), number(8)
    return GIVEN.get(option.name, WORDS)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_option_has_a_variable_and_the_flag_wins(option: Option) -> None:
    by_variable, by_flag, of_variable, of_flag = given(option)
    parser, environment = Parser("serve", [option]), {option.variable: by_variable}

    def value(words: list[str], environment: dict[str, str]) -> Any:
        flags, rest = parser.parse(words, environment)
        assert rest == []
        return getattr(flags, option.name)

    assert value([], {}) == option.default
    assert value([], {option.variable: ""}) == option.default
    assert value([], environment) == of_variable
    assert value([f"{option.flag}={by_flag}"], environment) == of_flag
    if option.is_switch:
        assert value([option.flag], {}) is True
    else:
        assert value([option.flag, by_flag], environment) == of_flag
    if option.several:
        assert value([option.flag, by_flag, f"{option.flag}={by_flag}"], {}) == 2 * of_flag
        twice = {option.variable: f"{by_flag}, {by_flag}"}
        assert value([], twice) == 2 * of_flag


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_bad_value_is_status_2_and_one_line_that_names_where_it_stood(
    option: Option, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = BAD.get(option.name, "x" if option in LIMIT_OPTIONS else "")
    command = "proxy" if option in PROXYING else "serve"

    def refused(words: list[str]) -> str:
        assert main([command, *words]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        [line] = output.err.splitlines()
        return line

    assert refused([f"{option.flag}={bad}"]).startswith(f"twilio-mock: {option.flag}: ")
    if bad:
        monkeypatch.setenv(option.variable, f"{bad},{bad}" if option.several else bad)
        assert refused([]).startswith(f"twilio-mock: {option.variable}: ")


def test_words_after_the_options_are_left_alone() -> None:
    parser = Parser("run", PROXYING)
    words = ["--allow", "x", "python", "--allow", "y", "--", "z"]
    flags, rest = parser.parse(words, {}, leave=True)
    assert (flags.allow, rest) == (["x"], ["python", "--allow", "y", "--", "z"])
    flags, rest = parser.parse(["--allow", "x", "--", "--allow", "y"], {}, leave=True)
    assert (flags.allow, rest) == (["x"], ["--allow", "y"])


def made(*words: str, **environment: str) -> Made:
    """The mock that options make."""
    flags, _ = Parser("serve", OPTIONS).parse(words, environment)
    return made_of(flags, environment, Place(flags.host, flags.port))


def tokens(made: Made) -> dict[str, object]:
    """The accounts and their auth tokens."""
    return {sid: each.record["auth_token"] for sid, each in made.state.accounts.items()}


def test_what_holds_the_accounts_is_passed_on() -> None:
    own = made("--account-sid", SID, "--auth-token=a", "--account", f"{SID_2}:b")
    assert tokens(own) == {SID: "a", SID_2: "b"}
    assert own.account.sid == SID
    assert tokens(made(TWILIO_ACCOUNT_SID=SID, TWILIO_AUTH_TOKEN="t")) == {SID: "t"}
    assert made(TWILIO_ACCOUNT_SID=SID, TWILIO_MOCK_ACCOUNT_SID=SID_2).account.sid == SID_2
    assert tokens(made()) == {DEFAULT_ACCOUNT_SID: DEFAULT_AUTH_TOKEN}
    assert made("--accounts-on-demand").state.settings.accounts_on_demand


def test_limits_hosts_and_the_token_are_settings() -> None:
    limits = [f"{option.flag}={place + 1}" for place, option in enumerate(LIMIT_OPTIONS)]
    settings = made(*limits, "--allow-host=a", "--allow-host=b", "--control-token=t").state.settings
    assert [getattr(settings, name) for name in LIMITS] == [*range(1, len(LIMITS) + 1)]
    assert settings.control_hosts == {"a", "b"}
    assert settings.control_token == "t"
    assert made().state.settings == Settings()


def test_strictness_says_what_is_refused() -> None:
    def enforced(*words: str) -> Set[str]:
        return made(*words).state.settings.enforce

    assert enforced() == enforced("--strict=off") == set()
    assert enforced("--strict", "error") == {*RULES, *MISTAKES}
    assert enforced("--strict", "error", "--let-pass", "page_value") == {*RULES, *MISTAKES} - {
        "page_value"
    }
    assert enforced("--enforce", "all") == set(RULES)
    assert enforced("--enforce=page_value", "--enforce=boolean_value") == {
        "page_value",
        "boolean_value",
    }


@pytest.mark.parametrize(
    ("host", "closed"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True), ("x", True)],
)
def test_a_server_that_strangers_can_reach_has_a_control_token(host: str, closed: bool) -> None:
    token = made("--host", host).state.settings.control_token
    assert (token is not None) is closed
    assert made("--host", host).state.settings.control_token != token or not closed
    assert made("--host", host, "--control-token=t").state.settings.control_token == "t"
