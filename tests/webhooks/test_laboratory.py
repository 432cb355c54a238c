"""The signature laboratory tells a careful endpoint from careless ones."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Answer, Asked, Endpoint, say
from tests.webhooks.misbehaving import refusing
from tests.webhooks.recorded import (
    MESSAGE_STATUS,
    SMS_2024,
    SMS_FALLBACK,
    VOICE_STATUS,
    VOICE_WITH_APPLICATION,
)

REFUSED = Answer(b"", 403, {})
Check = Callable[[Asked], bool]


def checking(endpoint: Endpoint, check: Check) -> str:
    """The URL of an endpoint that lets in what passes this check."""
    endpoint.answer = lambda asked: say("Hello") if check(asked) else REFUSED  # type: ignore[method-assign]
    return endpoint.url + "/voice?a=1"


def careful(face: Face, endpoint: Endpoint) -> Check:
    """What Twilio advises: its own validator, over the URL as it arrived."""
    validator = RequestValidator(face.mock.account.auth_token)

    def check(asked: Asked) -> bool:
        sent = asked.headers.get("X-Twilio-Signature", "")
        form = dict(parse_qsl(asked.body, keep_blank_values=True))
        return bool(validator.validate(endpoint.url + asked.target, form, sent))

    return check


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_endpoint_that_uses_twilio_s_validator_passes(
    face: Face, endpoint: Endpoint, method: str
) -> None:
    url = checking(endpoint, careful(face, endpoint))
    app = face.mock.applications.create(voice_url=url, voice_method=method)
    report = face(lambda: app.try_signatures())
    assert str(report) == f"{url} accepts 1 of 1 good, refuses 8 of 8 bad"
    assert report.good
    assert [trial.name for trial in report.trials] == [
        "a good request",
        "signed with a wrong token",
        "a parameter was changed",
        "no signature header",
        "signed for the other scheme",
        "signed for another port",
        "signed with the secondary token",
        "the body was tampered with",
        "a signature of another URL",
    ]


def test_it_passes_behind_a_tls_proxy_too(face: Face, endpoint: Endpoint) -> None:
    validator = RequestValidator(face.mock.account.auth_token)

    def check(asked: Asked) -> bool:
        url = f"{asked.headers['X-Forwarded-Proto']}://{asked.headers['Host']}{asked.target}"
        sent = asked.headers.get("X-Twilio-Signature", "")
        return bool(validator.validate(url, dict(asked.form), sent))

    url = checking(endpoint, check)
    webhooks = face.mock.webhooks
    report = face(lambda: webhooks.try_signatures(url, public_url="https://me.example"))
    assert report.good, report


def test_an_endpoint_that_looks_at_nothing_is_found_out(face: Face, endpoint: Endpoint) -> None:
    url = checking(endpoint, lambda asked: True)
    report = face(lambda: face.mock.webhooks.try_signatures(url))
    assert not report.good
    assert str(report).startswith(f"{url} accepts 1 of 1 good, refuses 0 of 8 bad\n")
    assert "WRONG: no signature header: 200" in str(report)


def test_an_endpoint_that_only_looks_for_the_header_is_found_out(
    face: Face, endpoint: Endpoint
) -> None:
    url = checking(endpoint, lambda asked: "X-Twilio-Signature" in asked.headers)
    report = face(lambda: face.mock.webhooks.try_signatures(url))
    assert str(report).startswith(f"{url} accepts 1 of 1 good, refuses 1 of 8 bad\n")


def test_an_endpoint_that_forgets_the_parameters_is_found_out(
    face: Face, endpoint: Endpoint
) -> None:
    validator = RequestValidator(face.mock.account.auth_token)
    seen: set[str] = set()

    def check(asked: Asked) -> bool:
        """Remembers a signature for good, whatever comes with it later."""
        sent = asked.headers.get("X-Twilio-Signature", "")
        if validator.validate(endpoint.url + asked.target, dict(asked.form), sent):
            seen.add(sent)
        return sent in seen

    report = face(lambda: face.mock.webhooks.try_signatures(checking(endpoint, check)))
    wrong = [trial.name for trial in report.trials if not trial.passed]
    assert wrong == ["a parameter was changed", "the body was tampered with"]


def test_an_endpoint_that_accepts_the_secondary_token_is_found_out(
    face: Face, endpoint: Endpoint
) -> None:
    face.mock.account.update(secondary_auth_token="b" * 32)
    second = RequestValidator("b" * 32)
    good = careful(face, endpoint)

    def check(asked: Asked) -> bool:
        sent = asked.headers.get("X-Twilio-Signature", "")
        url = endpoint.url + asked.target
        return good(asked) or bool(second.validate(url, dict(asked.form), sent))

    report = face(lambda: face.mock.webhooks.try_signatures(checking(endpoint, check)))
    wrong = [trial.name for trial in report.trials if not trial.passed]
    assert wrong == ["signed with the secondary token"]


def test_an_endpoint_that_refuses_everything_or_crashes_is_not_good(
    face: Face, endpoint: Endpoint
) -> None:
    report = face(lambda: face.mock.webhooks.try_signatures(checking(endpoint, lambda _: False)))
    assert "accepts 0 of 1 good, refuses 8 of 8 bad" in str(report)
    crashed = face(lambda: face.mock.webhooks.try_signatures(endpoint.at("/", Answer(status=500))))
    del endpoint.answer
    crashed = face(lambda: face.mock.webhooks.try_signatures(endpoint.at("/", Answer(status=500))))
    assert "accepts 0 of 1 good, refuses 0 of 8 bad" in str(crashed)
    with refusing() as address:
        gone = face(lambda: face.mock.webhooks.try_signatures(f"http://{address}/"))
    assert "WRONG: a good request: the connection was refused" in str(gone)


def test_an_application_without_the_url_has_nothing_to_try(face: Face) -> None:
    app = face.mock.applications.create()
    with pytest.raises(ValueError, match="has no sms_url"):
        app.try_signatures("sms_url")


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("voice_url", VOICE_WITH_APPLICATION),
        ("voice_fallback_url", VOICE_WITH_APPLICATION | {"ErrorCode", "ErrorUrl"}),
        ("status_callback", VOICE_STATUS | {"ApplicationSid"}),
        ("sms_url", set(SMS_2024)),
        ("sms_fallback_url", set(SMS_FALLBACK)),
        ("message_status_callback", {*MESSAGE_STATUS, "RawDlrDoneDate"}),
    ],
)
def test_each_url_is_sent_what_belongs_to_it(
    face: Face, endpoint: Endpoint, field: str, names: set[str]
) -> None:
    app = face.mock.applications.create(**{field: checking(endpoint, careful(face, endpoint))})
    report = face(lambda: app.try_signatures(field))
    assert report.good
    assert "accepts 1 of 1 good" in repr(report)
    assert dict(report.trials[0].request.parameters).keys() == names
