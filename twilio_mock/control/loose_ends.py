"""Loose ends: what a test must not leave behind in an account, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from twilio_mock.complaints import EscapedRequest, helped_by
from twilio_mock.control.faults.handles import faults_of
from twilio_mock.rules import MISTAKES, RULES
from twilio_mock.state import Account, State
from twilio_mock.state.accounts import Crash
from twilio_mock.state.deliveries import Delivery
from twilio_mock.state.exchanges import Exchange, read_line

# Whether a test knows of a request that was stopped.
Excuse = Callable[[EscapedRequest], bool]


class LooseEnd(NamedTuple):
    """One of them: what it is, and the section of the documentation that helps."""

    text: str
    section: str

    def __str__(self) -> str:
        return f"{self.text} {helped_by(self.section)}"


def complaint(ends: Iterable[LooseEnd]) -> str:
    """What a test is told of them."""
    return "twilio_mock: this test leaves behind:\n" + "\n".join(f"* {each}" for each in ends)


def assert_none(
    account: Account,
    told: set[LooseEnd],
    excused: Excuse,
    *,
    strict: bool,
    allowed: Collection[str],
) -> None:
    """Fail, with `AssertionError`, for loose ends that were not told yet; now they are."""
    __tracebackhide__ = True
    with account.state.lock:
        found = loose_ends(account, excused)
        if strict:
            found += findings(account, suspected=True, allowed=allowed)
    new = [each for each in found if each not in told]
    told.update(new)
    if new:
        raise AssertionError(complaint(new))


def loose_ends(account: Account, excused: Excuse) -> list[LooseEnd]:
    """What fails a test whatever its strictness; to be called under the state's lock.

    `excused` says of a request that was stopped whether the test knows of it.
    """
    return [
        *crashes(account),
        *escapes(account, excused),
        *idle_faults(account),
        *idle_webhook_faults(account),
        *unread_failures(account),
    ]


def crashes(place: Account | State, before: Collection[Crash] = ()) -> Iterator[LooseEnd]:
    """Unexpected exceptions inside the mock, but for those that were there before."""
    for crash in place.crashes:
        if crash in before:
            continue
        text = f"the mock itself failed on {crash.request}, which is a bug of twilio_mock:\n"
        yield LooseEnd(text + indented(crash.traceback), "Errors inside the mock")


def escapes(place: Account | State, excused: Excuse) -> Iterator[LooseEnd]:
    """Requests that were stopped before they left for Twilio, and that nobody was told of."""
    for escape in place.escapes:
        if not excused(escape):
            yield LooseEnd(
                f"a request to {escape.host} was stopped, and {catcher(escape)} kept that from the "
                f"test. Stub that call, or allow it by name: allow=['{escape.host}']",
                "Requests that would escape",
            )


def catcher(escape: EscapedRequest) -> str:
    """Who caught it."""
    if not escape.path:
        return "somebody"
    code = escape.path[0].f_code
    return f"{code.co_qualname} ({PurePath(code.co_filename).name})"


def idle_faults(account: Account) -> Iterator[LooseEnd]:
    """Faults that are still set, and never fired although they were to."""
    for fault in faults_of(account):
        if fault.problem is not None:
            text = f"the predicate of the fault {fault.name!r} raised {fault.problem!r}"
            yield LooseEnd(text, "Faults that never fired")
        elif text := fault.unfired():
            yield LooseEnd(text, "Faults that never fired")


def idle_webhook_faults(account: Account) -> Iterator[LooseEnd]:
    """Webhook faults that never hit a request."""
    webhooks = account.webhooks_in_use
    for fault in webhooks.faults if webhooks else ():
        if not fault.hits:
            text = f"the webhook fault {fault.effect} on {fault.field} never hit a request"
            yield LooseEnd(text, "Faults that never fired")


def unread_failures(account: Account) -> Iterator[LooseEnd]:
    """Webhooks whose last attempt failed, and whose outcome the test never read."""
    webhooks = account.webhooks_in_use
    for delivery in webhooks.deliveries if webhooks else ():
        failed = None if delivery.seen else last_failure(delivery)
        if failed:
            text = f"{delivery.kind} {delivery.sid} failed, and the test never looked: {failed}"
            yield LooseEnd(text, "Webhooks that failed unnoticed")


def last_failure(delivery: Delivery) -> str:
    """The last attempt of a delivery, if it failed."""
    last = [*delivery.attempts[-1:], *delivery.status_callbacks[-1:]]
    return "; ".join(repr(attempt) for attempt in last if attempt.error_code is not None)


def findings(account: Account, *, suspected: bool, allowed: Collection[str] = ()) -> list[LooseEnd]:
    """What the mock remarked on the requests: mistakes, and `suspected` rules too if wanted.

    Each is told once. To be called under the state's lock.
    """
    wanted = (MISTAKES.keys() | RULES.keys() if suspected else MISTAKES.keys()) - set(allowed)
    told: dict[str, None] = {}
    remarked = (each for each in account.journal.lines if Exchange._make(each[0]).findings)
    for exchange in map(read_line, remarked):
        for finding in exchange.findings:
            if finding.rule in wanted:
                what = exchange.operation or f"{exchange.method} {exchange.path}"
                told[f"{what}: {finding.message} [{finding.rule}]"] = None
    return [LooseEnd(text, "Strict mode") for text in told]


def indented(text: str) -> str:
    """A text that belongs to the line above it."""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()) + "\n   "
