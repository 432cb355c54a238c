"""Each suspected rule in both settings: accepted with a finding, and enforced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.asking import Answer, Ask
from tests.conftest import AskWith
from twilio_mock import Settings
from twilio_mock.rules import RULES

OLD = "https://old.example/"


@dataclass(frozen=True)
class Case:
    """What a rule says of one value that is sent.

    `kept` is the property that shows what an update did: with the value `default` as the mock is,
    and if the rule is enforced with `enforced`, or with a refusal of this code and message.
    """

    rule: str
    sent: dict[str, str]
    kept: str
    default: object
    code: int | None = None
    message: str = ""
    enforced: object = None

    @property
    def parameter(self) -> str:
        """The parameter that the finding names: the last one sent."""
        return list(self.sent)[-1]


def refusing(rule: str, sent: dict[str, str], kept: str, shown: object, *refusal: object) -> Case:
    code, message = refusal
    assert isinstance(code, int)
    return Case(rule, sent, kept, shown, code, str(message))


FALLBACK = "https://fallback.example/"
NEEDED = {
    "voice": (21405, "Cannot set VoiceFallbackUrl without setting Url"),
    "sms": (21406, "Cannot set SmsFallbackUrl without setting SmsUrl"),
}
HOSTS = ("localhost", "mydomainname", "127.0.0.1", "10.1.2.3:8080", "[::1]", "a_b.example.com")
CASES = [
    refusing(
        "fallback_needs_primary",
        {"VoiceUrl": "", "VoiceFallbackUrl": FALLBACK},
        "voice_fallback_url",
        FALLBACK,
        *NEEDED["voice"],
    ),
    refusing(
        "fallback_needs_primary",
        {"SmsUrl": "", "SmsFallbackUrl": FALLBACK},
        "sms_fallback_url",
        FALLBACK,
        *NEEDED["sms"],
    ),
    Case("primary_url_keeps_value", {"VoiceUrl": ""}, "voice_url", "", enforced=OLD),
    Case("primary_url_keeps_value", {"SmsUrl": ""}, "sms_url", "", enforced=OLD),
    Case(
        "message_callback_keeps_value",
        {"MessageStatusCallback": ""},
        "message_status_callback",
        "",
        enforced=OLD,
    ),
    *[
        refusing(
            "public_url_host",
            {"StatusCallback": f"http://{host}/a"},
            "status_callback",
            f"http://{host}/a",
            21402,
            f"StatusCallback is not a valid URL: http://{host}/a",
        )
        for host in HOSTS
    ],
    *[
        refusing(
            "boolean_value",
            {"VoiceCallerIdLookup": value},
            "voice_caller_id_lookup",
            True,
            20001,
            f"VoiceCallerIdLookup is not valid: {value}",
        )
        for value in ("yes", "1", "", "truе")  # noqa: RUF001  # the last one in Cyrillic
    ],
    *[
        refusing(
            "api_version_value",
            {"ApiVersion": value},
            "api_version",
            "2008-08-01",
            20001,
            f"ApiVersion is not valid: {value}",
        )
        for value in ("2010-04-02", "v1", "")
    ],
]
each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.rule}-{case.parameter}-{n}" for n, case in enumerate(CASES)]
)
# Tested where they belong: in test_paging.py and with the accounts.
ELSEWHERE = {"page_size_range", "inactive_account_is_unknown"}
OLD_VALUES = {
    "VoiceUrl": OLD,
    "SmsUrl": OLD,
    "MessageStatusCallback": OLD,
    "StatusCallback": OLD,
    "VoiceCallerIdLookup": "true",
    "ApiVersion": "2008-08-01",
}


def updated(ask: Ask, case: Case) -> Answer:
    """The answer to an update that sends the value in question."""
    sid = ask.create(**OLD_VALUES)["sid"]
    return ask("POST", f"Applications/{sid}.json", case.sent)


def rules(ask: Ask) -> list[str]:
    """The suspected rules among the findings."""
    return [finding.rule for finding in ask.findings if finding.rule in RULES]


@each_case
def test_without_enforcement_the_value_is_accepted_and_remarked_on(ask: Ask, case: Case) -> None:
    assert updated(ask, case).json[case.kept] == case.default
    found = [finding for finding in ask.findings if finding.rule == case.rule]
    assert [finding.parameter for finding in found] == [case.parameter]
    if case.code is not None:
        assert found[0].message == f"Twilio may refuse this with {case.code}: {case.message}"


@each_case
def test_with_enforcement_twilio_s_suspected_behaviour_is_the_mock_s(
    ask_with: AskWith, case: Case
) -> None:
    ask = ask_with(Settings(enforce=frozenset({case.rule})))
    answer = updated(ask, case)
    if case.code is None:
        assert answer.json[case.kept] == case.enforced
    else:
        assert answer.refusal == (400, case.code, case.message)
        [record] = ask.page()["applications"]
        assert record["status_callback"] == record["voice_url"] == record["sms_url"] == OLD


@each_case
def test_another_rule_s_enforcement_changes_nothing(ask_with: AskWith, case: Case) -> None:
    # Two cases send an empty primary URL, which that rule would bring back.
    others = frozenset(RULES) - {case.rule, "primary_url_keeps_value"}
    assert updated(ask_with(Settings(enforce=others)), case).json[case.kept] == case.default


def test_every_rule_has_its_case() -> None:
    assert {case.rule for case in CASES} | ELSEWHERE == RULES.keys()


@pytest.mark.parametrize("kind", ["Voice", "Sms"])
@pytest.mark.parametrize("enforced", [False, True])
def test_a_fallback_beside_its_primary_url_is_no_matter(
    ask_with: AskWith, kind: str, enforced: bool
) -> None:
    wanted = frozenset({"fallback_needs_primary"} if enforced else ())
    ask = ask_with(Settings(enforce=wanted))
    sid = ask.create(**{f"{kind}Url": OLD, f"{kind}FallbackUrl": FALLBACK})["sid"]
    assert rules(ask) == []
    ask.update(sid, **{f"{kind}FallbackUrl": FALLBACK + "2"})
    ask.update(sid, FriendlyName="x")
    assert rules(ask) == []


@pytest.mark.parametrize("kind", ["Voice", "Sms"])
def test_a_primary_url_under_a_fallback_is_not_to_be_cleared(ask_with: AskWith, kind: str) -> None:
    ask = ask_with(Settings(enforce=frozenset({"fallback_needs_primary"})))
    sid = ask.create(**{f"{kind}Url": OLD, f"{kind}FallbackUrl": FALLBACK})["sid"]
    answer = ask("POST", f"Applications/{sid}.json", {f"{kind}Url": ""})
    assert answer.refusal == (400, *NEEDED[kind.lower()])
    assert ask.fetch(sid)[f"{kind.lower()}_url"] == OLD


@pytest.mark.parametrize("kind", ["Voice", "Sms"])
def test_a_create_with_a_fallback_alone_is_refused_when_enforced(
    ask_with: AskWith, kind: str
) -> None:
    ask = ask_with(Settings(enforce=frozenset({"fallback_needs_primary"})))
    answer = ask("POST", "Applications.json", {f"{kind}FallbackUrl": FALLBACK})
    assert answer.refusal == (400, *NEEDED[kind.lower()])
    assert ask.sids() == []


def test_the_deprecated_callback_still_clears_when_the_other_keeps_its_value(
    ask_with: AskWith,
) -> None:
    ask = ask_with(Settings(enforce=frozenset({"message_callback_keeps_value"})))
    sid = ask.create(MessageStatusCallback=OLD)["sid"]
    assert ask.update(sid, MessageStatusCallback="")["sms_status_callback"] == OLD
    assert ask.update(sid, SmsStatusCallback="")["message_status_callback"] == ""


def test_a_rule_that_does_not_exist_cannot_be_enforced() -> None:
    with pytest.raises(ValueError, match=r"twilio_mock: no rule or mistake is named 'nonsense'"):
        Settings(enforce=frozenset({"nonsense", "boolean_value"}))


@pytest.mark.parametrize("kind", [set, frozenset])
def test_rules_are_named_in_any_set_and_kept_in_one_that_does_not_change(kind: Any) -> None:
    named = kind(["boolean_value"])
    settings = Settings(enforce=named)
    if kind is set:
        named.clear()
    assert settings.enforce == frozenset({"boolean_value"})
    assert hash(settings) == hash(Settings(enforce={"boolean_value"}))
