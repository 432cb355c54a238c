"""Going back: snapshots, and the proof that a second run changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from twilio_mock.arguments import check_kind
from twilio_mock.control.differences import Diff, compare
from twilio_mock.state import Account
from twilio_mock.state.snapshots import Snapshot, restore, take

ADVICE = (
    "A function that is run again should find what it made before and leave it as it is: look it "
    "up by FriendlyName before you create it. (docs/control.md, Snapshots)"
)


def snapshot(account: Account) -> Snapshot:
    """What the account holds now."""
    with account.state.lock:
        return take(account)


def rewind(account: Account, to: Snapshot) -> None:
    """Make the account what it was; raises `ValueError` for another account's snapshot."""
    check_own(account, to)
    with account.state.lock:
        restore(account, to)


def diff(account: Account, before: Snapshot) -> Diff:
    """What has changed; raises `ValueError` for another account's snapshot."""
    check_own(account, before)
    return compare(before, snapshot(account))


def check_own(account: Account, taken: Snapshot) -> None:
    """Refuse a snapshot of another account, and what is none."""
    check_kind("a snapshot", taken, Snapshot, "what account.snapshot() gave")
    if taken.sid != account.sid:
        raise ValueError(f"twilio_mock: this is a snapshot of {taken.sid}, not of {account.sid}")


def assert_idempotent(account: Account, function: Callable[[], object]) -> Awaitable[None] | None:
    """Run a function twice; raises `AssertionError` with what the second run changed.

    If the function is async, this gives an awaitable that does it.
    """
    __tracebackhide__ = True
    first = function()
    if isawaitable(first):
        return assert_idempotent_async(account, first, function)
    before = snapshot(account)
    function()
    assert_unchanged(account, before)
    return None


async def assert_idempotent_async(
    account: Account, first: Awaitable[object], function: Callable[[], object]
) -> None:
    """The same for an async function, whose first run is `first`."""
    __tracebackhide__ = True
    await first
    before = snapshot(account)
    second = function()
    if isawaitable(second):
        await second
    assert_unchanged(account, before)


def assert_unchanged(account: Account, before: Snapshot) -> None:
    """Raise `AssertionError` if anything has changed."""
    __tracebackhide__ = True
    changes = diff(account, before)
    if changes:
        message = f"twilio_mock: the second run changed what the first had done: {changes}"
        raise AssertionError(f"{message}\n{ADVICE}")
