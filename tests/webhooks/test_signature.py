"""The signature is the one that Twilio's SDKs compute and accept."""

from __future__ import annotations

from subprocess import Popen

import pytest
from twilio.request_validator import RequestValidator

from tests.node_process import Node
from tests.webhooks.conftest import Face
from tests.webhooks.endpoints import Endpoint, say
from tests.webhooks.recorded import JSON_BODY, JSON_DIGEST, SIGNATURES
from twilio_mock.webhooks.signature import body_digest, signature

QUERY = "?foo=1&bar=%C3%A9+%2B"


@pytest.mark.parametrize(("token", "url", "parameters", "expected"), SIGNATURES)
def test_the_published_vectors_are_reproduced(
    token: str, url: str, parameters: list[tuple[str, str]], expected: str
) -> None:
    assert signature(token, url, parameters) == expected


def test_a_body_that_is_no_form_has_the_published_digest() -> None:
    assert body_digest(JSON_BODY) == JSON_DIGEST


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_twilio_python_accepts_what_arrives(face: Face, endpoint: Endpoint, method: str) -> None:
    voice_url = endpoint.at("/voice", say("Hello")) + QUERY
    app = face.mock.applications.create(voice_url=voice_url + "#rc=2", voice_method=method)
    face(lambda: app.incoming_call(parameters={"FromCity": "Ærø & Söhne"}))
    [asked] = endpoint.asked
    sent = asked.headers["X-Twilio-Signature"]
    validator = RequestValidator(face.mock.account.auth_token)
    assert asked.method == method
    assert asked.target.startswith("/voice" + QUERY)
    assert validator.validate(endpoint.url + asked.target, dict(asked.form), sent)
    assert not validator.validate(endpoint.url + asked.target + "1", dict(asked.form), sent)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_twilio_node_accepts_what_arrives(
    node_process: Popen[str], face: Face, endpoint: Endpoint, method: str
) -> None:
    app = face.mock.applications.create(
        voice_url=endpoint.at("/voice", say("Hello")) + QUERY, voice_method=method
    )
    face(lambda: app.incoming_call(parameters={"FromCity": "Ærø & Söhne"}))
    [asked] = endpoint.asked
    snippet = """
        const {createRequire} = await import("node:module");
        const {validateRequest} = createRequire(`${process.cwd()}/`)("twilio");
        return [url, url + "1"].map((each) => validateRequest(token, sent, each, form));
    """
    accepted = Node(node_process, face.mock)(
        snippet,
        token=face.mock.account.auth_token,
        sent=asked.headers["X-Twilio-Signature"],
        url=endpoint.url + asked.target,
        form=dict(asked.form),
    )
    assert accepted == [True, False]


def test_a_subaccount_signs_with_its_own_token(face: Face, endpoint: Endpoint) -> None:
    shop = face.mock.account.subaccounts.create(friendly_name="Shop")
    app = shop.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    face(lambda: app.incoming_call())
    [asked] = endpoint.asked
    sent = asked.headers["X-Twilio-Signature"]
    assert dict(asked.form)["AccountSid"] == shop.sid
    for token, accepted in ((shop.auth_token, True), (face.mock.account.auth_token, False)):
        validator = RequestValidator(token)
        assert validator.validate(endpoint.url + "/voice", dict(asked.form), sent) is accepted


def test_the_secondary_token_signs_nothing_until_it_is_promoted(
    face: Face, endpoint: Endpoint
) -> None:
    app = face.mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    first = face.mock.account.auth_token
    face.mock.account.update(secondary_auth_token="b" * 32)
    face(lambda: app.incoming_call())
    face.mock.account.update(auth_token="b" * 32, secondary_auth_token=first)
    face(lambda: app.incoming_call())
    before, after = endpoint.asked
    for asked, token in ((before, first), (after, "b" * 32)):
        sent = asked.headers["X-Twilio-Signature"]
        assert signature(token, endpoint.url + "/voice", asked.form) == sent
