"""Suspected rules: what Twilio may do, but nobody has recorded.

The mock accepts what such a rule would refuse, and reports it as a finding; a user who wants it
enforced names the rule in `Settings.enforce`. `docs/modelled.md` prints this table.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One question that Twilio's documentation leaves open, and how the mock answers it."""

    question: str
    default: str
    enforced: str
    source: str


class Finding(NamedTuple):
    """Something about a request that Twilio may see otherwise, or surely ignores.

    `rule` is the name of a suspected rule of `RULES`, or one of `MISTAKES` for what is no rule.
    """

    rule: str
    parameter: str | None
    message: str


RULES: dict[str, Rule] = {
    "fallback_needs_primary": Rule(
        "a fallback URL without its primary URL",
        "accepted",
        "400 / 21405 (voice), 21406 (SMS)",
        "error dictionary; provider tests never send a fallback alone",
    ),
    "primary_url_keeps_value": Rule(
        "`VoiceUrl=` or `SmsUrl=` sent empty",
        'cleared to `""`',
        "the old value stays",
        "reported by a Terraform provider in 2021",
    ),
    "message_callback_keeps_value": Rule(
        "`MessageStatusCallback=` sent empty",
        "clears both status callbacks, which are one stored value",
        "only `SmsStatusCallback=` clears it",
        "reported by a Terraform provider",
    ),
    "public_url_host": Rule(
        "a URL whose host has no dot, is localhost or an IP address, or has an underscore",
        "accepted: tests need local targets",
        "400 / 21402",
        "no dot: recorded; underscore: documented for StatusCallback; the rest inferred",
    ),
    "boolean_value": Rule(
        "a boolean that is neither `true` nor `false`",
        "ignored, the value stays",
        "400 / 20001",
        "unknown",
    ),
    "api_version_value": Rule(
        "an ApiVersion other than `2010-04-01` and `2008-08-01`",
        "ignored, the value stays",
        "400 / 20001",
        "unknown",
    ),
    "page_size_range": Rule(
        "PageSize above 1000, below 1 or no number",
        "1000; 50",
        "400 / 20007",
        "error dictionary 20007",
    ),
    "inactive_account_is_unknown": Rule(
        "credentials of a suspended or closed account",
        "403 / 20403; the parent may still read",
        "401 / 20003",
        "three pages of the error dictionary contradict each other",
    ),
}

MISTAKES: dict[str, str] = {
    "unknown_parameter": "a parameter that the operation does not have: Twilio ignores it",
    "repeated_parameter": "a parameter sent more than once: the last one counts",
    "deprecated_parameter": "a parameter that Twilio has replaced by another one",
    "body_is_no_form": "a body that is no form: Twilio reads no parameters from it",
    "query_on_post": "parameters in the query of a POST: ignored",
    "empty_filter": "a filter without a value: taken as not sent",
    "page_value": "a Page that is no number: taken as 0",
}
