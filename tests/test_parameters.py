"""What a parameter may say: refusals, and findings about what Twilio may see otherwise."""

from __future__ import annotations

import pytest

from tests.asking import FORM, Ask

URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsStatusCallback": "sms_status_callback",
    "MessageStatusCallback": "message_status_callback",
}
METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
    "SmsMethod": "sms_method",
    "SmsFallbackMethod": "sms_fallback_method",
}
BOOLEANS = {
    "VoiceCallerIdLookup": "voice_caller_id_lookup",
    "PublicApplicationConnectEnabled": "public_application_connect_enabled",
}


def refused(ask: Ask, name: str, value: str) -> tuple[int, str]:
    """Code and message with which a create and an update are refused; nothing may change."""
    sid = ask.create(FriendlyName="before")["sid"]
    before = ask.page()
    answers = [
        ask("POST", path, {"FriendlyName": "after", name: value})
        for path in ("Applications.json", f"Applications/{sid}.json")
    ]
    assert ask.page() == before
    refusals = {answer.refusal for answer in answers}
    [(status, code, message)] = refusals
    assert status == 400
    return code, message


def rules(ask: Ask) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.parameter) for finding in ask.findings]


@pytest.mark.parametrize("parameter", URLS)
def test_each_url_is_checked_and_named_in_the_refusal(ask: Ask, parameter: str) -> None:
    expected = (21402, f"{parameter} is not a valid URL: no url")
    assert refused(ask, parameter, "no url") == expected


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "//example.com/a",
        "/a",
        "http:",
        "http://",
        "http:///a",
        "http:example.com",
        "ftp://example.com/a",
        "mailto:a@example.com",
        "javascript:alert(1)",
        "http://exam ple.com",
        "http://example.com/a b",
        " http://example.com",
        "http://example.com\n",
        "http://example.com/\0",
        "http://example.com:port/",
        "http://example.com:65536/",
        "http://example.com:0/",
        "http://:80/",
        "http://a..example.com/",
        "http://.example.com/",
        "http://demo-.example.com/",
        "http://example-/",
        "http://[::1/",
        "http://[]/",
        "http://user@/",
        "http://\u2100.example.com/",
        "h" * 1000,
    ],
)
def test_what_is_no_absolute_http_url_is_refused(ask: Ask, url: str) -> None:
    assert refused(ask, "VoiceUrl", url) == (21402, f"VoiceUrl is not a valid URL: {url}")


@pytest.mark.parametrize(
    "url", ["http://<script>/", "http://a,b.example/", "http://a.example\\b/", "http://[::1]x/"]
)
def test_a_host_that_cannot_exist_is_refused(ask: Ask, url: str) -> None:
    assert refused(ask, "VoiceUrl", url)[0] == 21402


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://example.com/",
        "HTTPS://EXAMPLE.COM/A",
        "http://example.com:8080/a?b=c&d=%20e",
        "http://user:secret@example.com/a",
        "https://example.com/a#rc=2&ct=1000",
        "http://www.example.com./a",
        "https://bücher.example/ü",
        "http://xn--bcher-kva.example/",
        "https://a-b.example.com/" + "x" * 5000,
        "http://localhost.com/messaging",
    ],
)
def test_an_absolute_http_url_is_stored_as_it_was_sent(ask: Ask, url: str) -> None:
    assert ask.create(VoiceUrl=url)["voice_url"] == url
    assert rules(ask) == []


@pytest.mark.parametrize("parameter", METHODS)
@pytest.mark.parametrize(
    "value", ["get", "Post", "PUT", "HEAD", "", " GET", "GET,POST", "nonsense"]
)
def test_a_method_is_get_or_post_and_nothing_else(ask: Ask, parameter: str, value: str) -> None:
    assert refused(ask, parameter, value) == (21403, f"{parameter} is not valid: {value}")


@pytest.mark.parametrize(("parameter", "key"), METHODS.items())
def test_a_method_may_be_get_and_post_again(ask: Ask, parameter: str, key: str) -> None:
    made = ask.create(**{parameter: "GET"})
    assert made[key] == "GET"
    assert ask.update(made["sid"], **{parameter: "POST"})[key] == "POST"


@pytest.mark.parametrize("length", [65, 1_000_000])
def test_a_friendly_name_has_at_most_64_characters(ask: Ask, length: int) -> None:
    assert refused(ask, "FriendlyName", "x" * length)[0] == 20002


def test_the_length_of_a_friendly_name_is_counted_in_characters(ask: Ask) -> None:
    assert ask.create(FriendlyName="電" * 64)["friendly_name"] == "電" * 64
    assert refused(ask, "FriendlyName", "電" * 65)[0] == 20002


@pytest.mark.parametrize("text", ["a\0b", "\x1f", "a\x0bb", "\ufffe", "\uffff"])
def test_a_friendly_name_that_no_xml_could_show_is_refused(ask: Ask, text: str) -> None:
    code, message = refused(ask, "FriendlyName", text)
    assert code == 20001
    assert "FriendlyName" in message


@pytest.mark.parametrize(("parameter", "key"), BOOLEANS.items())
@pytest.mark.parametrize(
    ("sent", "stored"), [("true", True), ("True", True), ("TRUE", True), ("false", False)]
)
def test_a_boolean_is_read_in_any_case(
    ask: Ask, parameter: str, key: str, sent: str, stored: bool
) -> None:
    sid = ask.create(**{parameter: str(not stored).lower()})["sid"]
    assert ask.update(sid, **{parameter: sent})[key] is stored
    assert rules(ask) == []


def test_a_misspelt_parameter_is_ignored_and_remarked_on_with_a_suggestion(ask: Ask) -> None:
    made = ask.create(Voiceurl="https://a.example/", friendly_name="x", SmsUrI="y")
    assert (made["voice_url"], made["friendly_name"], made["sms_url"]) == (None, None, None)
    assert [(f.rule, f.parameter, f.message.rpartition(": ")[2]) for f in ask.findings] == [
        ("unknown_parameter", "Voiceurl", "did you mean 'VoiceUrl'?"),
        ("unknown_parameter", "friendly_name", "did you mean 'FriendlyName'?"),
        ("unknown_parameter", "SmsUrI", "did you mean 'SmsUrl'?"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "Applications.json", "CreateApplication"),
        ("POST", "Applications/{sid}.json", "UpdateApplication"),
        ("GET", "Applications/{sid}.json", "FetchApplication"),
        ("GET", "Applications.json", "ListApplication"),
        ("DELETE", "Applications/{sid}.json", "DeleteApplication"),
    ],
)
def test_an_unknown_parameter_is_remarked_on_in_each_operation(
    ask: Ask, method: str, path: str, operation: str
) -> None:
    path = path.format(sid=ask.create()["sid"])
    sent = {"form": {"Zzz": "1"}} if method == "POST" else {"query": "Zzz=1"}
    assert ask(method, path, **sent).status < 300
    assert rules(ask) == [("unknown_parameter", "Zzz")]
    assert ask.findings[0].message == f"'Zzz' is no parameter of {operation}"


def test_of_a_repeated_parameter_the_last_one_counts(ask: Ask) -> None:
    form = [("FriendlyName", "a"), ("VoiceMethod", "nonsense"), ("FriendlyName", "b")]
    answer = ask("POST", "Applications.json", [*form, ("VoiceMethod", "GET")])
    assert (answer.json["friendly_name"], answer.json["voice_method"]) == ("b", "GET")
    assert rules(ask) == [
        ("repeated_parameter", "FriendlyName"),
        ("repeated_parameter", "VoiceMethod"),
    ]


def test_parameters_in_the_query_of_a_post_are_ignored_and_remarked_on(ask: Ask) -> None:
    answer = ask("POST", "Applications.json", {"VoiceMethod": "GET"}, query="FriendlyName=x")
    assert (answer.json["friendly_name"], answer.json["voice_method"]) == (None, "GET")
    assert rules(ask) == [("query_on_post", None)]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "multipart/form-data", "nonsense", "", None],
)
def test_a_body_that_is_no_form_has_no_parameters(ask: Ask, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = ask("POST", "Applications.json", body=b"FriendlyName=x", headers=headers)
    assert (answer.status, answer.json["friendly_name"]) == (201, None)
    assert rules(ask) == [("body_is_no_form", None)]
    assert FORM in ask.findings[0].message


@pytest.mark.parametrize("content_type", [FORM, FORM + "; charset=UTF-8", FORM.upper() + " ;x"])
def test_a_form_is_a_form_whatever_follows_its_name(ask: Ask, content_type: str) -> None:
    body = "FriendlyName=a+b%20c&FriendlyName&=&&VoiceUrl=&FriendlyName=ü".encode()
    answer = ask("POST", "Applications.json", body=body, headers={"Content-Type": content_type})
    assert (answer.json["friendly_name"], answer.json["voice_url"]) == ("ü", "")


def test_the_deprecated_callback_is_remarked_on(ask: Ask) -> None:
    ask.create(SmsStatusCallback="https://a.example/")
    assert rules(ask) == [("deprecated_parameter", "SmsStatusCallback")]
    assert "MessageStatusCallback" in ask.findings[0].message
