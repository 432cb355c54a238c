"""What is passed in wrongly is refused when it is said, by name, and with what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from twilio_mock import Settings, TwilioMock, error
from twilio_mock.resources import ACCOUNT, RESOURCES, Resource
from twilio_mock.state.webhooks import WebhookSettings

URL = "https://example.com/voice"


@pytest.fixture
def mock() -> TwilioMock:
    return TwilioMock()


ONE_TEXT: dict[str, Callable[[TwilioMock], Any]] = {
    "allow_hosts": lambda mock: TwilioMock(allow_hosts="*.ngrok.app"),
    "allow_hosts of webhooks": lambda mock: mock.webhooks.configure(allow_hosts="*.ngrok.app"),
    "allow_hosts of WebhookSettings": lambda mock: WebhookSettings(allow_hosts="*"),  # type: ignore[arg-type]
    "allow": lambda mock: TwilioMock(allow="lookups.twilio.com"),
    "allow of an assertion": lambda mock: mock.assert_no_loose_ends(allow="page_value"),
    "enforce": lambda mock: Settings(enforce="page_size_range"),  # type: ignore[arg-type]
    "control_hosts": lambda mock: Settings(control_hosts="*"),  # type: ignore[arg-type]
    "media": lambda mock: application(mock).incoming_message(media="https://example.com/a.png"),
    "nth": lambda mock: mock.fault("*", nth="12"),  # type: ignore[arg-type]
}


def application(mock: TwilioMock) -> Any:
    return mock.applications.create(voice_url=URL, sms_url=URL)


@pytest.mark.parametrize("name", ONE_TEXT)
def test_one_text_is_refused_where_several_names_are_wanted(mock: TwilioMock, name: str) -> None:
    with pytest.raises(TypeError, match=rf"^twilio_mock: {name.split()[0]} takes "):
        ONE_TEXT[name](mock)


def test_any_collection_of_names_is_taken(mock: TwilioMock) -> None:
    for hosts in (["a.example"], ("a.example",), {"a.example"}, iter(["a.example"])):
        mock.webhooks.configure(allow_hosts=hosts)
        assert mock.webhooks.settings.allow_hosts == {"a.example"}
    assert TwilioMock(allow_hosts=(each for each in ["*"])).webhooks.settings.allow_hosts == {"*"}
    with pytest.raises(TypeError, match="allow_hosts is a list of names, and 5 is none"):
        mock.webhooks.configure(allow_hosts=[5])
    with pytest.raises(TypeError, match="allow_hosts is a list of names, not None"):
        mock.webhooks.configure(allow_hosts=None)


WRONG_WEBHOOKS: dict[str, Callable[[Any], Any]] = {
    "seconds is a number, not 'x'": lambda webhooks: webhooks.delay("x"),
    "a delay takes seconds from 0, not -1": lambda webhooks: webhooks.delay(-1),
    "a delay takes seconds from 0, not nan": lambda webhooks: webhooks.delay(float("nan")),
    "of 'voiceUrl'; did you mean voice_url?": lambda webhooks: webhooks.drop(on="voiceUrl"),
    "of 'x'; there are: \\*, message_status": lambda webhooks: webhooks.hold(on="x"),
    "times is a whole number, not '2'": lambda webhooks: webhooks.duplicate(times="2"),
    "times is 1 or more, not 0": lambda webhooks: webhooks.drop(times=0),
    "connect_timeout is a number, not '5'": lambda w: w.configure(connect_timeout="5"),
    "redirect_limit must be above 0, not 0": lambda w: w.configure(redirect_limit=0),
    "verify_certificates is True or False": lambda w: w.configure(verify_certificates="no"),
    "named 'allowed_hosts'; did you mean allow_hosts": lambda w: w.configure(allowed_hosts=["*"]),
    "deliver_to is an ASGI or WSGI application or a URL": lambda w: w.configure(deliver_to="nope"),
    "public_url is a URL such as .*, not 5": lambda webhooks: webhooks.configure(public_url=5),
}


@pytest.mark.parametrize("message", WRONG_WEBHOOKS)
def test_webhooks_refuse_what_could_never_work_when_it_is_set(
    mock: TwilioMock, message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^twilio_mock: .*{message}"):
        WRONG_WEBHOOKS[message](mock.webhooks)
    assert mock.webhooks.faults == []
    assert mock.webhooks.settings == WebhookSettings()


WRONG_MOCKS: dict[str, dict[str, Any]] = {
    r"settings is a Settings\(application_limit=2\), not {": {"settings": {"application_limit": 2}},
    "port is a whole number, not 'x'": {"port": "x"},
    "accounts is a mapping of AccountSids to auth tokens": {"accounts": ["AC" + "1" * 32]},
}


@pytest.mark.parametrize("message", WRONG_MOCKS)
def test_a_mock_names_the_argument_that_is_wrong(message: str) -> None:
    with pytest.raises(TypeError, match=f"^twilio_mock: {message}"):
        TwilioMock(**WRONG_MOCKS[message])


def test_limits_are_numbers() -> None:
    with pytest.raises(
        TypeError, match=r"^twilio_mock: application_limit is a whole number, not '"
    ):
        Settings(application_limit="2")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^twilio_mock: body_timeout is a number, not True"):
        Settings(body_timeout=True)


NOT_TAKEN: dict[str, Callable[[TwilioMock], Any]] = {
    "incoming_call takes no 'form_'; did you mean from_?": lambda mock: application(
        mock
    ).incoming_call(form_="+19999"),
    "incoming_call takes no 'From'; did you mean from_?": lambda mock: application(
        mock
    ).incoming_call(From="+19999"),
    "incoming_call takes no 'callername'; did you mean caller_name?": lambda mock: (
        mock.incoming_call(number(mock), callername="Ann")  # type: ignore[call-arg]
    ),
    "outgoing_call takes no 'frm'; did you mean from_?": lambda mock: application(
        mock
    ).outgoing_call("+15005550001", frm="+19999"),
    "incoming_message takes no 'bdy'; did you mean body?": lambda mock: application(
        mock
    ).incoming_message(bdy="Hi"),
    "outgoing_message takes no 'callback'; ": lambda mock: application(mock).outgoing_message(
        "+15005550001", callback=URL
    ),
    "sdk_call takes no 'parameter'; did you mean parameters?": lambda mock: application(
        mock
    ).sdk_call("ann", parameter={}),
    "try_signatures takes no 'parameters'; there are: deliver_to, ": lambda mock: application(
        mock
    ).try_signatures(parameters={"a": "b"}),
    "the parameter FromCity is a text, as in ": lambda mock: application(mock).incoming_call(
        parameters={"FromCity": 5}
    ),
    "parameters is a mapping of Twilio's names to texts, not 'a=b'": lambda mock: application(
        mock
    ).incoming_call(parameters="a=b"),
    "cause is a request of account.requests, not 'RQ1'": lambda mock: application(
        mock
    ).incoming_call(cause="RQ1"),
    "deliver_to is an ASGI or WSGI application or a URL such as": lambda mock: application(
        mock
    ).incoming_call(deliver_to=5),
}


def number(mock: TwilioMock) -> str:
    there = mock.incoming_phone_numbers.create(phone_number="+15005550009", voice_url=URL)
    return str(there.phone_number)


@pytest.mark.parametrize("message", NOT_TAKEN)
def test_a_simulation_ignores_nothing_that_it_is_told(mock: TwilioMock, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        NOT_TAKEN[message](mock)
    assert str(caught.value).startswith(f"twilio_mock: {message}")
    assert len(mock.webhooks) == 0


def test_a_call_lasts_whole_seconds(mock: TwilioMock) -> None:
    call = application(mock).outgoing_call("+15005550001", answered=False)
    with pytest.raises(TypeError, match=r"^twilio_mock: duration is a whole number, not 'x'"):
        call.fail(duration="x")
    assert call.fail(duration=3).status == "failed"


WRONG: dict[str, Callable[[TwilioMock], Any]] = {
    "fault takes no 'tims'; did you mean times?": lambda mock: mock.fault(
        "*",
        error(20503),
        tims=1,  # type: ignore[call-arg]
    ),
    "times is a whole number, not '1'": lambda mock: mock.fault(
        "*",
        error(20503),
        times="1",  # type: ignore[arg-type]
    ),
    "probability is a number, not '1'": lambda mock: mock.fault(
        "*",
        error(20503),
        probability="1",  # type: ignore[arg-type]
    ),
    "Application has no property 'FriendlyName'; did you mean friendly_name?": lambda mock: (
        mock.applications.one(FriendlyName="a")
    ),
    "a snapshot is what account.snapshot() gave, not 'x'": lambda mock: mock.restore("x"),  # type: ignore[arg-type]
    "ttl is a number, not '5'": lambda mock: mock.accounts.create(ttl="5"),  # type: ignore[arg-type]
    "a seed is a mapping or the path of a file, not []": lambda mock: mock.seed([]),  # type: ignore[arg-type]
    "the moment of a clock is a number, not None": lambda mock: mock.clock.set(None),  # type: ignore[arg-type]
    "times is a whole number, not '2'": lambda mock: mock.requests.wait_for(times="2"),  # type: ignore[arg-type]
    "timeout is a number, not None": lambda mock: mock.requests.wait_for(timeout=None),  # type: ignore[arg-type]
    "seconds is a number, not '5'": lambda mock: mock.clock.advance("5"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_refused_is_named_with_what_is_wanted(mock: TwilioMock, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        WRONG[message](mock)
    assert str(caught.value).startswith(f"twilio_mock: {message}")


def test_nobody_waits_for_no_request(mock: TwilioMock) -> None:
    with pytest.raises(ValueError, match="times is 1 or more, not 0"):
        mock.requests.wait_for(times=0)


def test_a_clock_takes_the_text_that_http_takes(mock: TwilioMock) -> None:
    mock.clock.set("2026-01-31T12:00:00Z")
    assert mock.clock.now.isoformat() == "2026-01-31T12:00:00+00:00"
    with pytest.raises(
        ValueError, match=r"^twilio_mock: 'noon' is no moment; one is \"2026-01-31T"
    ):
        mock.clock.set("noon")
    with pytest.raises(ValueError, match="a clock needs a time zone"):
        mock.clock.set("2026-01-31T12:00:00")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("CreatApplication", "no operation is named 'CreatApplication'; did you mean CreateApp"),
        ("fetchapplication", "no operation is named 'fetchapplication'; did you mean FetchAppl"),
        ("Crate*", "no operation is named 'Crate*'; "),
        ("GET", "no operation is named 'GET'; there are: CreateAccount, "),
        ("FETCH Applications.json", "HTTP has no method 'FETCH'; did you mean PATCH?"),
        ("PSOT Messages", "HTTP has no method 'PSOT'; did you mean POST?"),
        ("XX* Messages", "HTTP has no method 'XX*'; there are: CONNECT, DELETE, "),
    ],
)
def test_a_fault_that_no_request_can_meet_is_refused(where: str, says: str) -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match=rf"^twilio_mock: {re.escape(says)}"):
        mock.fault(where, error(20503))
    assert len(mock.faults) == 0


THING = Resource(
    name="Thing", plural="Things", sid_prefix="TH", fields=(), documentation="https://example.com"
)


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ("abc", "resources is a list of Resource, not 'abc'; add yours to the mock's own: "),
        (THING, "resources is a list of Resource, not <Resource Thing>; add yours to the mock's"),
        ([*RESOURCES, "Thing"], "resources is a list of Resource, and 'Thing' is none"),
    ],
)
def test_what_is_no_list_of_resources_is_refused(resources: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^twilio_mock: {re.escape(message)}"):
        TwilioMock(resources=resources)


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ([THING], "none of resources is_account; add yours to the mock's own: resources=[*RES"),
        ([ACCOUNT, THING], "none of resources opens_account; add yours to the mock's own: "),
        (
            [each for each in RESOURCES if each.name != "Application"],
            "IncomingPhoneNumber.voice_application_sid refers to 'Application', not among ",
        ),
        ([*RESOURCES, THING, THING], "two of resources have the name 'Thing'"),
        (
            [*RESOURCES, replace(THING, plural="Applications")],
            "two of resources have the plural 'Applications'",
        ),
    ],
)
def test_resources_that_would_not_do_are_refused(resources: list[Resource], message: str) -> None:
    with pytest.raises(ValueError, match=f"^twilio_mock: {re.escape(message)}"):
        TwilioMock(resources=resources)


def test_any_iterable_of_resources_is_taken() -> None:
    assert TwilioMock(resources=iter([*RESOURCES, THING])).state.resources[-1] is THING
