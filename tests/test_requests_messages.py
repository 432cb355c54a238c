"""What a failed assertion on requests says, word by word."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from tests.asking import Ask, basic
from tests.conftest import AskWith, ask_in_process
from tests.real_parts import ROOT
from twilio_mock import Settings
from twilio_mock.control.criteria import Wanted

NO_SUCH = "AP" + "0" * 32
SID = "AC0123456789abcdef0123456789abcdef"


def said(fails: Callable[[], object]) -> str:
    """What an assertion says that has to fail."""
    with pytest.raises(AssertionError) as failed:
        fails()
    return str(failed.value)


@pytest.fixture
def asked() -> Ask:
    """The default account, asked six times."""
    ask = ask_in_process()
    ask.create(FriendlyName="Phone Me", VoiceURL="https://me.example/voice", VoiceMethod="GET")
    ask.page()
    for name in ("One", "Two", "Three"):
        ask.create(FriendlyName=name)
    ask("GET", f"Applications/{NO_SUCH}.json")
    return ask


def test_the_closest_request_is_shown_field_by_field_and_then_the_last_five(asked: Ask) -> None:
    text = said(
        lambda: asked.account.requests.assert_one(
            "CreateApplication",
            FriendlyName="Phone You",
            VoiceMethod="GET",
            VoiceUrl="https://me.example/voice",
            SmsUrl="https://me.example/sms",
        )
    )
    assert text == (
        f"twilio_mock: wanted one request to account {SID}, there was none:\n"
        "  CreateApplication with FriendlyName='Phone You', VoiceMethod='GET', "
        "VoiceUrl='https://me.example/voice', SmsUrl='https://me.example/sms'\n"
        "\n"
        "The closest of 6: #1 POST Applications.json -> 201 CreateApplication\n"
        "  ok  operation     'CreateApplication'\n"
        "  NOT FriendlyName  'Phone Me'\n"
        "                    wanted 'Phone You' (the same up to 'Phone ')\n"
        "  ok  VoiceMethod   'GET'\n"
        "  NOT VoiceUrl      not sent, but VoiceURL='https://me.example/voice' was: "
        "misspelt in the code under test or in the test?\n"
        "                    wanted 'https://me.example/voice'\n"
        "  NOT SmsUrl        not sent\n"
        "                    wanted 'https://me.example/sms'\n"
        "      besides: VoiceURL='https://me.example/voice'\n"
        "\n"
        "The last 5 requests:\n"
        "  #2 GET Applications.json -> 200 ListApplication\n"
        "  #3 POST Applications.json -> 201 CreateApplication FriendlyName='One'\n"
        "  #4 POST Applications.json -> 201 CreateApplication FriendlyName='Two'\n"
        "  #5 POST Applications.json -> 201 CreateApplication FriendlyName='Three'\n"
        f"  #6 GET Applications/{NO_SUCH}.json -> 404 (code 20404) FetchApplication\n"
        "\n"
        "(docs/control.md, Journal)"
    )


def test_what_was_found_is_shown_where_it_was_not_wanted(asked: Ask) -> None:
    assert said(lambda: asked.account.requests.assert_none(status="4xx")) == (
        f"twilio_mock: wanted no request to account {SID}, there was one:\n"
        "  any request with status='4xx'\n"
        "\n"
        "Found:\n"
        f"  #6 GET Applications/{NO_SUCH}.json -> 404 (code 20404) FetchApplication\n"
        "\n"
        "(docs/control.md, Journal)"
    )


def test_where_some_are_missing_the_last_requests_are_shown_too(asked: Ask) -> None:
    text = said(lambda: asked.account.requests.assert_called("ListApplication", times=2))
    assert f"wanted 2 requests to account {SID}, there was one:\n  ListApplication\n" in text
    assert "Found:\n  #2 GET Applications.json -> 200 ListApplication\n" in text
    assert "The last 5 requests:\n  #2 GET" in text


def test_where_there_are_many_the_first_five_are_enough(asked: Ask) -> None:
    for _ in range(7):
        asked.page()
    text = said(lambda: asked.account.requests.assert_one("ListApplication"))
    assert "there were 8:" in text
    assert text.count("-> 200 ListApplication") == 5
    assert "\n  ...\n" in text


@pytest.mark.parametrize(
    ("wanted", "was", "reason"),
    [
        ({"FriendlyName": "phone me"}, "'Phone Me'", "'phone me' (upper and lower case differ)"),
        ({"FriendlyName": " Phone Me"}, "'Phone Me'", "' Phone Me' (white space differs)"),
        ({"VoiceMethod": None}, "'GET'", "it not to be sent"),
        ({"VoiceMethod": ["POST", "GET"]}, "['GET']", "['POST', 'GET']"),
        ({"SmsMethod": ...}, "not sent", "..."),
        ({"status": 500}, "201", "'500'"),
        ({"status": "5xx"}, "201", "'5xx'"),
        ({"method": "PUT"}, "'POST'", "'PUT'"),
        ({"path": "Queues.json"}, "'Applications.json'", "'Queues.json'"),
        ({"error_code": 21402}, "None", "'21402'"),
        ({"caller": "SK"}, "'auth_token'", "'SK'"),
        ({"fault": "lost"}, "none", "'lost'"),
        ({"finding": "page_value"}, "'unknown_parameter'", "'page_value'"),
        ({"sid": NO_SUCH, "FriendlyName": "Phone Me"}, "'AC", "'AP000"),
    ],
)
def test_each_difference_has_its_reason(wanted: dict[str, Wanted], was: str, reason: str) -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="Phone Me", VoiceMethod="GET", VoiceURL="x")
    text = said(lambda: ask.account.requests.assert_one(**wanted))
    name = next(iter(wanted))
    lines = text.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith(f"  NOT {name}"))
    assert lines[place].removeprefix(f"  NOT {name}").lstrip().startswith(was)
    assert lines[place + 1].strip().startswith(f"wanted {reason}")


def test_a_function_of_the_test_is_named(asked: Ask) -> None:
    def is_late(exchange: object) -> bool:
        return False

    text = said(lambda: asked.account.requests.assert_one("ListApplication", where=is_late))
    assert "  NOT where      is_late says no\n" in text
    assert "ListApplication with where=" in text


def test_the_operation_counts_for_more_than_a_parameter() -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="something else")
    ask.page("FriendlyName=Phone+Me")
    text = said(
        lambda: ask.account.requests.assert_one("CreateApplication", FriendlyName="Phone Me")
    )
    assert "The closest of 2: #1 POST" in text


def test_a_request_to_another_account_is_found_there() -> None:
    ask = ask_in_process()
    other = ask.neighbour()
    other.create(FriendlyName="Phone Me")
    text = said(lambda: ask.account.requests.assert_one(FriendlyName="Phone Me"))
    assert (
        f"Account {other.account.sid} got such a request, and this journal is another account's:\n"
        "  POST Applications.json -> 201 CreateApplication FriendlyName='Phone Me'\n"
    ) in text
    assert "There was no request at all." in text


def test_a_request_with_unknown_credentials_is_found_by_what_it_would_have_been() -> None:
    ask, stranger = ask_in_process(), "AC" + "9" * 32
    path = f"/2010-04-01/Accounts/{stranger}/Applications.json"
    ask("POST", path, {"FriendlyName": "Phone Me"}, credentials=basic(stranger, "token"))
    text = said(lambda: ask.account.requests.assert_one("CreateApplication", FriendlyName=...))
    assert f"Such a request came with credentials of {stranger}, which opened nothing" in text
    assert f"  POST {path} -> 401 (code 20003) FriendlyName='Phone Me'\n" in text
    assert f"The account of this journal is {SID}." in text


def test_an_assertion_on_requests_without_account_says_so() -> None:
    ask = ask_in_process()
    text = said(lambda: ask.mock.unknown_requests.assert_called())
    assert text.startswith("twilio_mock: wanted at least one request to no known account, there")


def test_dropped_requests_are_mentioned(ask_with: AskWith) -> None:
    ask = ask_with(Settings(journal_limit=1))
    ask.create(FriendlyName="a")
    ask.create(FriendlyName="b")
    text = said(lambda: ask.account.requests.assert_one(FriendlyName="a"))
    assert "(1 earlier requests were dropped: Settings.journal_limit)" in text
    assert "#2 POST Applications.json" in text


def test_a_long_value_is_cut_and_many_parameters_are_counted() -> None:
    ask = ask_in_process()
    ask("POST", "Applications.json", {f"P{n}": "x" * 500 for n in range(9)})
    text = said(lambda: ask.account.requests.assert_one(Q=...))
    assert max(map(len, text.splitlines())) < 1000
    assert "... 3 more" in text


def test_a_sequence_says_where_it_breaks_off(asked: Ask) -> None:
    requests = asked.account.requests
    steps = ("ListApplication", ("CreateApplication", {"FriendlyName": "Phone Me"}))
    assert said(lambda: requests.assert_sequence(*steps)) == (
        f"twilio_mock: wanted these requests in this order to account {SID}:\n"
        "  ok  ListApplication: #2 GET Applications.json -> 200 ListApplication\n"
        "  NOT CreateApplication with FriendlyName='Phone Me'\n"
        "\n"
        "The closest of 4: #5 POST Applications.json -> 201 CreateApplication\n"
        "  ok  operation     'CreateApplication'\n"
        "  NOT FriendlyName  'Three'\n"
        "                    wanted 'Phone Me'\n"
        "\n"
        "All that came after #2:\n"
        "  #3 POST Applications.json -> 201 CreateApplication FriendlyName='One'\n"
        "  #4 POST Applications.json -> 201 CreateApplication FriendlyName='Two'\n"
        "  #5 POST Applications.json -> 201 CreateApplication FriendlyName='Three'\n"
        f"  #6 GET Applications/{NO_SUCH}.json -> 404 (code 20404) FetchApplication\n"
        "\n"
        "(docs/control.md, Journal)"
    )


def test_a_sequence_may_have_gaps_unless_it_is_to_be_exact(asked: Ask) -> None:
    requests = asked.account.requests
    found = requests.assert_sequence("ListApplication", "FetchApplication")
    assert found == [requests[1], requests[5]]
    everything = ["CreateApplication", "ListApplication", *["CreateApplication"] * 3]
    assert len(requests.assert_sequence(*everything, "Fetch*", exact=True)) == 6
    text = said(lambda: requests.assert_sequence(*everything, exact=True))
    assert "Besides them there came after #5:\n  #6 GET" in text
    text = said(lambda: requests.assert_sequence("ListApplication", exact=True))
    assert "wanted exactly these requests" in text
    assert "  NOT ListApplication\n" in text
    text = said(lambda: requests.assert_sequence("FetchApplication", "ListApplication"))
    assert "There was no request after #6." in text


def test_the_frames_of_the_helpers_are_hidden(asked: Ask) -> None:
    requests = asked.account.requests
    for fails in (
        lambda: requests.assert_one("DeleteApplication"),
        lambda: requests.assert_none("ListApplication"),
        lambda: requests.assert_called("DeleteApplication"),
        lambda: requests.assert_sequence("DeleteApplication"),
        lambda: requests.wait_for("DeleteApplication", timeout=0),
    ):
        with pytest.raises((AssertionError, TimeoutError)) as failed:
            fails()
        shown = failed.traceback.filter(failed)
        assert all("twilio_mock/" not in str(frame.path) for frame in shown)


def test_the_message_in_the_documentation_is_the_one_that_is_given() -> None:
    ask = ask_in_process()
    ask.create(FriendlyName="Phone Me", VoiceURL="https://me.example/voice")
    ask.page()
    wanted = {"FriendlyName": "Phone Me", "VoiceUrl": "https://me.example/voice"}
    text = said(lambda: ask.account.requests.assert_one("CreateApplication", **wanted))
    page = (ROOT / "docs" / "control.md").read_text()
    assert indent(text, "    ") in page
