"""Two accounts never influence each other: interleaved they do what they do apart."""

from __future__ import annotations

from typing import Any

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from tests.asking import Ask
from tests.conftest import ask_in_process
from twilio_mock import TwilioMock, error, garble, hang_up, lose_response, respond, stale_read
from twilio_mock.control.faults.encounter import Effect

EFFECTS: list[Effect] = [
    error(20503),
    respond(200, {"stub": True}),
    lose_response(),
    hang_up(),
    garble(),
    stale_read(reads=2),
]
WHERE = ["*", "CreateApplication", "FetchApplication", "*Application", "GET *"]
SIDS = ["AC" + digit * 32 for digit in "12"]

Step = tuple[str, Any]
faults: st.SearchStrategy[Step] = st.tuples(
    st.just("fault"),
    st.fixed_dictionaries(
        {
            "where": st.sampled_from(WHERE),
            "effect": st.sampled_from(EFFECTS),
            "times": st.none() | st.integers(1, 3),
            "after": st.integers(0, 2),
            "probability": st.sampled_from([0.3, 1.0]),
        }
    ),
)
steps: st.SearchStrategy[Step] = st.one_of(
    faults,
    st.tuples(st.just("create"), st.sampled_from(["", "x"])),
    st.tuples(st.sampled_from(["fetch", "delete", "update"]), st.integers(0, 3)),
    st.tuples(st.sampled_from(["list", "clear", "advance", "python", "export"]), st.none()),
)


def opened() -> dict[str, Ask]:
    """Two accounts of one mock, which mint the same SIDs in every run."""
    ask = ask_in_process()
    mock = ask.mock
    assert isinstance(mock, TwilioMock)
    accounts = [mock.accounts.create(sid=sid, auth_token=sid[2:]) for sid in SIDS]
    return {account.sid: Ask(ask.door, mock, account) for account in accounts}


def did(ask: Ask, step: Step) -> object:
    """What a step gave."""
    name, what = step
    account = ask.account
    sids = ask.sids()
    if name == "fault":
        options = {key: what[key] for key in ("times", "after", "probability")}
        return account.fault(what["where"], what["effect"], **options).name
    if name in ("clear", "advance"):
        account.faults.clear() if name == "clear" else account.clock.advance(1)
        return None
    if name == "python":
        return account.applications.create().sid
    if name == "export":
        return account.export()
    if name == "list":
        answer = ask("GET", "Applications.json")
    elif name == "create":
        answer = ask("POST", "Applications.json", {"FriendlyName": what})
    else:
        sid = sids[what % len(sids)] if sids else "AP" + "0" * 32
        method = {"fetch": "GET", "update": "POST", "delete": "DELETE"}[name]
        answer = ask(method, f"Applications/{sid}.json", {"SmsMethod": "GET"})
    line = ask.last_exchange
    return answer.status, answer.body, line.status, line.faults, line.request_id


def left(ask: Ask) -> object:
    """What an account holds at the end."""
    faults = [(each.name, each.fired, each.matched) for each in ask.account.faults]
    return ask.account.export(), faults, ask.account._account.in_flight


@given(st.lists(st.tuples(st.sampled_from(SIDS), steps), max_size=25))
def test_two_accounts_never_influence_each_other(walk: list[tuple[str, Step]]) -> None:
    with freeze_time("2026-02-28"):
        together = opened()
        seen: dict[str, list[object]] = {sid: [] for sid in SIDS}
        for sid, step in walk:
            seen[sid].append(did(together[sid], step))
        for sid in SIDS:
            apart = opened()[sid]
            alone = [did(apart, step) for whose, step in walk if whose == sid]
            assert seen[sid] == alone
            assert left(together[sid]) == left(apart)
