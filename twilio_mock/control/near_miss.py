"""What a failed assertion says: what came closest, field by field, and the last requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twilio_mock.control.criteria import Comparison, brief
from twilio_mock.control.search import Search, with_operation
from twilio_mock.state import State
from twilio_mock.state.exchanges import Exchange

LAST = 5
SHOWN_PARAMETERS = 6
HELP = "(docs/control.md, Journal)"

Numbered = tuple[int, Exchange]


def complaint(
    state: State,
    account_sid: str | None,
    exchanges: Sequence[Numbered],
    search: Search,
    *,
    times: int | None,
    dropped: int,
) -> str:
    """What an assertion says that wanted `times` requests (`None`: at least one)."""
    found = [each for each in exchanges if search.finds(each[1])]
    wanted = {None: "at least one request", 0: "no request", 1: "one request"}
    count = {0: "there was none", 1: "there was one"}
    head = (
        f"twilio_mock: wanted {wanted.get(times, f'{times} requests')} to "
        f"{f'account {account_sid}' if account_sid else 'no known account'}, "
        f"{count.get(len(found), f'there were {len(found)}')}:\n  {search}"
    )
    if dropped:
        head += f"\n({dropped} earlier requests were dropped: Settings.journal_limit)"
    if not found:
        return f"{head}\n\n{near_miss(state, account_sid, exchanges, search)}"
    shown = [f"  {line(*each)}" for each in found[:LAST]]
    more = ["  ..."] if len(found) > LAST else []
    instead = ["", last(exchanges)] if times is not None and len(found) < times else []
    return "\n".join([head, "", "Found:", *shown, *more, *instead, "", HELP])


def near_miss(
    state: State, account_sid: str | None, exchanges: Sequence[Numbered], search: Search
) -> str:
    """What came closest to what is looked for, why it is not it, and what came last."""
    parts = [closest(state, exchanges, search)] if exchanges else []
    parts += elsewhere(state, account_sid, search)
    return "\n\n".join([*parts, last(exchanges), HELP])


def closest(state: State, exchanges: Sequence[Numbered], search: Search) -> str:
    """The exchange that meets most criteria, the latest of several, field by field."""
    judged = [
        (nearness(compared), number, exchange, compared)
        for number, exchange in exchanges
        for compared in [search.compare(with_operation(state, exchange))]
    ]
    _, number, exchange, compared = max(judged, key=lambda each: each[:2])
    head = f"The closest of {len(exchanges)}: #{number} {answered(exchange)}"
    return "\n".join([head, *table(compared), *not_asked_for(exchange, search)])


def nearness(compared: Iterable[Comparison]) -> float:
    """How near an exchange comes; the operation counts for three."""
    return sum(each.nearness * (3 if each.name == "operation" else 1) for each in compared)


def table(compared: Sequence[Comparison]) -> list[str]:
    """One line for each criterion: whether it is met, what it was and what was wanted."""
    width = max((len(each.name) for each in compared), default=0)
    lines = []
    for each in compared:
        sign = "  ok " if each.reason is None else "  NOT"
        lines.append(f"{sign} {each.name:{width}}  {each.was}")
        if each.reason is not None:
            lines.append(f"      {'':{width}}  {each.reason}")
    return lines


def not_asked_for(exchange: Exchange, search: Search) -> list[str]:
    """The parameters that were sent, and that the search says nothing about."""
    more = [(name, value) for name, value in exchange.parameters if name not in search.parameters]
    return [f"      besides: {sent(more)}"] if more else []


def elsewhere(state: State, account_sid: str | None, search: Search) -> list[str]:
    """Where a request was that would have been found in this journal."""
    for sid, account in state.accounts.items():
        if sid != account_sid:
            found = [each for each in account.journal.entries if search.finds(each)]
            if found:
                return [
                    f"Account {sid} got such a request, and this journal is another account's:\n"
                    f"  {described(found[-1])}\n"
                    "  Do the code under test and the test mean the same account?"
                ]
    if account_sid is None:
        return []
    strangers = [
        each for each in state.journal.entries if search.finds(with_operation(state, each))
    ]
    if not strangers:
        return []
    exchange = strangers[-1]
    who = (
        f"credentials of {exchange.caller}" if exchange.caller else "no credentials of any account"
    )
    return [
        f"Such a request came with {who}, which opened nothing here:\n  {described(exchange)}\n"
        f"  The account of this journal is {account_sid}."
    ]


def last(exchanges: Sequence[Numbered], all_of_them: str = "All requests:") -> str:
    """The last few requests; `all_of_them` stands above if there are no others."""
    if not exchanges:
        return "There was no request at all."
    shown = exchanges[-LAST:]
    head = all_of_them if len(shown) == len(exchanges) else f"The last {len(shown)} requests:"
    return "\n".join([head, *(f"  {line(*each)}" for each in shown)])


def line(number: int, exchange: Exchange) -> str:
    """One request in a line."""
    return f"#{number} {described(exchange)}"


def described(exchange: Exchange) -> str:
    """A request, its answer and its parameters, as short as can be understood."""
    return f"{answered(exchange)} {sent(exchange.parameters)}".rstrip()


def answered(exchange: Exchange) -> str:
    """A request and its answer; what follows the account is enough of the path."""
    own = f"/2010-04-01/Accounts/{exchange.account_sid}/"
    path = exchange.path.removeprefix(own) if exchange.account_sid else exchange.path
    code = f" (code {exchange.error_code})" if exchange.error_code else ""
    operation = f" {exchange.operation}" if exchange.operation else ""
    hit = f" [fault: {', '.join(exchange.faults)}]" if exchange.faults else ""
    return f"{exchange.method} {path} -> {exchange.status or 'no answer'}{code}{operation}{hit}"


def sent(parameters: Sequence[tuple[str, str]]) -> str:
    """Parameters in a line, the first few of them."""
    shown = [f"{name}={brief(value)}" for name, value in parameters[:SHOWN_PARAMETERS]]
    if len(parameters) > SHOWN_PARAMETERS:
        shown.append(f"... {len(parameters) - SHOWN_PARAMETERS} more")
    return ", ".join(shown)
