"""Which requests a fault hits and how often, how it is listed, and what is said if it never did."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.asking import Ask, basic
from twilio_mock import (
    TwilioMock,
    concurrency_limit,
    delay,
    error,
    hang_up,
    respond,
    stale_read,
    trickle,
)
from twilio_mock.control.faults.encounter import Asked, Effect


@pytest.fixture
def sid(ask: Ask) -> str:
    """An application."""
    return str(ask.create(FriendlyName="Phone Me")["sid"])


def statuses(ask: Ask, count: int) -> list[int]:
    """What so many fetches of the list are answered."""
    return [ask("GET", "Applications.json").status for _ in range(count)]


@pytest.mark.parametrize(
    ("where", "hit"),
    [
        ("FetchApplication", True),
        ("*Application", True),
        ("Fetch*", True),
        ("*", True),
        ("GET *", True),
        ("* Applications/*", True),
        ("GET Applications/*.json", True),
        ("GET /2010-04-01/*", True),
        ("UpdateApplication", False),
        ("POST *", False),
        ("GET Applications", False),
        ("GET Applications/*.xml", False),
        ("GET /2010-04-01", False),
        ("GET Application?/*", False),
    ],
)
def test_a_fault_is_for_an_operation_or_for_a_method_and_a_path(
    ask: Ask, sid: str, where: str, hit: bool
) -> None:
    ask.account.fault(where, error(20503))
    assert ask("GET", f"Applications/{sid}.json").status == (503 if hit else 200)


def test_a_path_without_extension_fits_every_format(ask: Ask, sid: str) -> None:
    with ask.account.fault(f"GET Applications/{sid}", error(20503)) as fault:
        for extension in (".json", ".xml", ""):
            assert ask("GET", f"Applications/{sid}{extension}").status == 503
    assert fault.fired == 3


def test_a_path_is_compared_as_it_is_meant_not_as_it_was_encoded(ask: Ask) -> None:
    with ask.account.fault("GET Messages/*", respond(200, {})):
        assert ask("GET", "%4Dessages/x.json").status == 200


@pytest.mark.parametrize("where", ["", " ", "a/b", "get Messages", "GET  x", "GET "])
def test_what_says_no_requests_is_refused(where: str) -> None:
    with pytest.raises(ValueError, match="says no requests: a fault is set on an operation"):
        TwilioMock().fault(where, error(20503))


def test_a_fault_can_be_for_one_record(ask: Ask, sid: str) -> None:
    other = ask.create()["sid"]
    with ask.account.fault("*", error(20503), sid=sid):
        assert ask("GET", f"Applications/{other}.json").status == 200
        assert ask("GET", f"Applications/{sid}.json").status == 503
        assert ask("GET", f"{ask.root}.json").status == 200
    with ask.account.fault("*", error(20503), sid=ask.account.sid):
        assert ask("GET", f"{ask.root}.json").status == 503
        assert ask("GET", "Applications.json").status == 200


def test_a_fault_can_be_for_one_caller(ask: Ask) -> None:
    key = ask.account.keys.create()
    with_key = basic(key.sid, str(key.secret))
    with ask.account.fault("*", error(20503), caller=key.sid):
        assert ask("GET", "Applications.json").status == 200
        assert ask("GET", "Applications.json", credentials=with_key).status == 503
    with ask.account.fault("*", error(20503), caller="auth_token"):
        assert ask("GET", "Applications.json").status == 503
        assert ask("GET", "Applications.json", credentials=with_key).status == 200


def test_a_parent_can_be_told_from_its_subaccount(ask: Ask) -> None:
    child = ask.account.subaccounts.create()
    path = f"/2010-04-01/Accounts/{child.sid}/Applications.json"
    with child.fault("*", error(20503), caller=ask.account.sid):
        assert ask("GET", path).status == 503
        assert ask("GET", path, credentials=basic(child.sid, child.auth_token)).status == 200


def test_a_predicate_sees_what_was_asked(ask: Ask) -> None:
    seen: list[Asked] = []

    def named_like_that(asked: Asked) -> bool:
        seen.append(asked)
        return asked.parameters.get("FriendlyName") == "Phone Me"

    with ask.account.fault("CreateApplication", error(20503), when=named_like_that):
        assert ask("POST", "Applications.json", {"FriendlyName": "x"}).status == 201
        form = [("FriendlyName", "x"), ("FriendlyName", "Phone Me")]
        headers = {"X-Mine": "1"}
        assert ask("POST", "Applications.json", form, headers=headers).status == 503
    asked = seen[-1]
    assert (asked.operation, asked.method, asked.caller) == (
        "CreateApplication",
        "POST",
        "auth_token",
    )
    assert asked.path == f"{ask.root}/Applications.json"
    assert asked.headers["x-mine"] == "1"


def test_a_predicate_that_fails_is_named_and_raised_at_the_end(ask: Ask) -> None:
    def broken(asked: Asked) -> bool:
        raise KeyError("Friendly")

    fault = ask.account.fault("*", error(20503), when=broken, name="mine")
    status, _, message = ask("GET", "Applications.json").refusal
    assert status == 500
    assert message == "twilio_mock: the predicate of the fault 'mine' raised KeyError"
    with pytest.raises(KeyError, match="Friendly"), fault:
        pass


@pytest.mark.parametrize(
    ("often", "expected"),
    [
        ({}, [503, 503, 503, 503]),
        ({"times": 2}, [503, 503, 200, 200]),
        ({"after": 2}, [200, 200, 503, 503]),
        ({"after": 1, "times": 1}, [200, 503, 200, 200]),
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"nth": (1, 3)}, [503, 200, 503, 200]),
        ({"nth": (1, 3), "after": 1}, [200, 503, 200, 503]),
        ({"nth": (1, 2, 3), "times": 2}, [503, 503, 200, 200]),
        ({"probability": 0}, [200, 200, 200, 200]),
    ],
)
def test_a_fault_hits_as_often_as_was_said(
    ask: Ask, often: dict[str, Any], expected: list[int]
) -> None:
    ask.account.fault("ListApplication", error(20503), **often)
    assert statuses(ask, 4) == expected


def lucky(neighbours: int, seed: str = "luck", account_sid: str = "AC" + "1" * 32) -> list[bool]:
    """Which of 40 requests of an account are hit by chance, with so many accounts beside it."""
    mock = TwilioMock(seed=seed, account_sid=account_sid)
    others = [mock.accounts.create().client() for _ in range(neighbours)]
    for sid in mock.accounts.sids():
        mock.accounts[sid].fault("*", respond(200, {"sid": "AP1"}), probability=0.5)
    client, hits = mock.client(), []
    for _ in range(40):
        hits.append(client.applications.create().sid == "AP1")
        for other in others:
            other.applications.create()
    return hits


def test_the_same_seed_gives_the_same_luck_whatever_other_accounts_do() -> None:
    alone = lucky(0)
    assert lucky(2) == alone
    assert 5 < sum(alone) < 35


def test_another_seed_or_account_has_another_luck() -> None:
    assert (
        len({tuple(lucky(0)), tuple(lucky(0, "x")), tuple(lucky(0, account_sid="AC" + "2" * 32))})
        == 3
    )


def test_faults_are_asked_in_their_order_up_to_one_that_answers(ask: Ask) -> None:
    slow = ask.account.fault("*", trickle(1e9), name="slow")
    first = ask.account.fault("*", error(20503), times=1, name="first")
    second = ask.account.fault("*", error(20500), name="second")
    assert statuses(ask, 2) == [503, 500]
    assert (slow.fired, first.fired, second.fired) == (2, 1, 1)
    assert [line.faults for line in ask.journal] == [("slow", "first"), ("slow", "second")]


def test_faults_are_listed_by_name_and_removed_one_by_one(ask: Ask) -> None:
    faults = ask.account.faults
    one = ask.account.fault("CreateApplication", delay(1), error(20503), times=2)
    two = ask.account.fault("GET Messages", respond(), sid="SM1", name="my stub")
    assert [each.name for each in faults] == ["delay+error-1", "my stub"]
    assert one in faults
    assert "my stub" in faults
    assert faults["my stub"] is two
    assert (one.left, two.left) == (2, None)
    assert repr(one) == (
        "<fault delay+error-1: delay + error on CreateApplication; fired 0 of 0, 2 left>"
    )
    assert "respond on GET Messages sid=SM1" in repr(two)
    faults.remove("my stub")
    assert list(faults) == [one]
    two.remove()  # a second time it does nothing
    faults.clear()
    assert len(faults) == 0
    assert repr(faults) == f"<0 faults of {ask.account.sid}>"


def test_what_is_left_counts_down(ask: Ask) -> None:
    fault = ask.account.fault("ListApplication", error(20503), times=2)
    statuses(ask, 1)
    assert fault.left == 1
    statuses(ask, 3)
    assert (fault.left, fault.fired, fault.matched) == (0, 2, 4)


def test_a_name_is_given_once(ask: Ask) -> None:
    ask.account.fault("*", error(20503), name="mine")
    with pytest.raises(ValueError, match="there is a fault 'mine' already"):
        ask.account.fault("*", error(20503), name="mine")
    with pytest.raises(LookupError, match=r"no fault is named 'yours'; there are: 'mine'"):
        ask.account.faults["yours"]


@pytest.mark.parametrize(
    ("effects", "often", "problem"),
    [
        ((), {}, "say what goes wrong"),
        ((error(20503), hang_up()), {}, "error and hang_up cannot both be the answer"),
        ((error(20503),), {"times": 0}, "times is 1 or more, not 0"),
        ((error(20503),), {"after": -1}, "after counts from 0"),
        ((error(20503),), {"nth": 0}, "nth from 1"),
        ((error(20503),), {"probability": 1.5}, "a probability is 0 to 1, not 1.5"),
    ],
)
def test_a_fault_that_could_not_happen_is_refused(
    effects: tuple[Effect, ...], often: dict[str, Any], problem: str
) -> None:
    mock = TwilioMock()
    with pytest.raises(ValueError, match=problem):
        mock.fault("*", *effects, **often)
    assert len(mock.faults) == 0


def test_what_is_no_effect_is_refused() -> None:
    with pytest.raises(TypeError, match=r"503 is no effect; error\(20503\) would be one"):
        TwilioMock().fault("*", 503)  # type: ignore[arg-type]


def never_fired(ask: Ask, *requests: str, where: str = "CreateApplication", **often: Any) -> str:
    """What is said at the end of a block in which a fault hit nothing."""
    fault = ask.account.fault(where, error(20503), name="mine", **often)
    for path in requests:
        ask("GET", path)
    with pytest.raises(AssertionError) as failure, fault:
        pass
    return str(failure.value)


def test_a_fault_that_never_fired_says_so(ask: Ask) -> None:
    ask("GET", "Applications.json")  # before it was set
    said = never_fired(ask)
    assert said.startswith(
        f"twilio_mock: the fault 'mine' never fired in account {ask.account.sid}\n"
        "  it is error on CreateApplication\n"
        "  no request came to this account while it was set"
    )
    assert said.endswith("section 'Faults that never fired')")


def test_a_fault_that_never_fired_shows_what_came_instead(ask: Ask) -> None:
    paths = [f"Applications/{number}.json" for number in range(7)]
    said = never_fired(ask, *paths)
    assert "of 7 requests none matched:" in said
    shown = re.findall(r"GET .*/Applications/(\d).json -> 404", said)
    assert shown == ["2", "3", "4", "5", "6"]


def test_a_fault_that_let_all_pass_says_so(ask: Ask) -> None:
    said = never_fired(ask, "Applications.json", where="ListApplication", after=3)
    assert "it let pass all that matched: 1 request\n" in said


def test_a_fault_may_be_told_that_it_may_not_fire(ask: Ask) -> None:
    with ask.account.fault("*", error(20503), may_not_fire=True):
        pass
    with pytest.raises(ZeroDivisionError), ask.account.fault("*", error(20503)):
        raise ZeroDivisionError  # what went wrong in the block says more


@pytest.mark.parametrize("effect", [concurrency_limit(5), stale_read()])
def test_an_effect_that_finds_nothing_to_do_has_not_fired(ask: Ask, effect: Effect) -> None:
    all_passed = pytest.raises(AssertionError, match="it let pass all that matched: 2 requests")
    with all_passed, ask.account.fault("*", effect):
        assert statuses(ask, 2) == [200, 200]
    assert all(line.faults == () for line in ask.journal)


def test_a_fault_is_its_account_s_own(ask: Ask) -> None:
    neighbour = ask.neighbour()
    with ask.account.fault("*", error(20503)):
        assert statuses(neighbour, 1) == [200]
        assert statuses(ask, 1) == [503]


@pytest.mark.parametrize("credentials", [None, basic("AC" + "0" * 32, "x"), "nonsense"])
def test_a_request_of_no_known_account_meets_no_fault(ask: Ask, credentials: str | None) -> None:
    with ask.account.fault("*", error(20503), may_not_fire=True) as fault:
        assert ask("GET", "Applications.json", credentials=credentials).status == 401
    assert fault.matched == 0


def test_no_fault_touches_the_control_api(ask: Ask) -> None:
    with ask.account.fault("* *", error(20503), may_not_fire=True) as fault:
        assert ask("GET", "/_twilio_mock/health").status == 200
    assert fault.matched == 0


def test_what_is_not_modelled_says_how_to_stub_it(ask: Ask) -> None:
    status, _, message = ask("POST", "Messages.json", {"Body": "Hi"}).refusal
    assert status == 501
    assert 'account.fault("* Messages*", respond(200, {...}))' in message


def test_a_reset_account_has_no_faults(ask: Ask) -> None:
    ask.account.fault("*", error(20503))
    ask.account.reset()
    assert len(ask.account.faults) == 0
    assert statuses(ask, 1) == [200]
