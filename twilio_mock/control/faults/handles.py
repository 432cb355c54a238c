"""A fault that is set, as a test holds it, and how a request meets it."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast

from twilio_mock.complaints import helped_by
from twilio_mock.control.faults.encounter import Encounter
from twilio_mock.control.faults.fault import Fault
from twilio_mock.errors import MockRefusal
from twilio_mock.state import Account
from twilio_mock.state.exchanges import Exchange

SHOWN_AT_MOST = 5


@dataclass(slots=True)
class Count:
    """How many requests a fault was for, and how many of them it hit."""

    matched: int = 0
    fired: int = 0


class FaultHandle:
    """A fault that is set in an account, until it is removed.

    As a context manager it is removed at the end of the block, which raises `AssertionError` if
    no request was hit, unless it may not fire. `fault` is its value, `name` the one under which
    it is listed; `problem` is what its predicate raised, `effects` what does it while it is set.
    """

    def __init__(self, account: Account, fault: Fault, name: str, may_not_fire: bool) -> None:
        self.fault = fault
        self.name = name
        self._count = Count()
        self._account = account
        self._may_not_fire = may_not_fire
        self.effects = [effect.arm() for effect in fault.effects]
        self.problem: Exception | None = None
        self._begin = account.journal.last

    @property
    def count(self) -> Count:
        """Both counts as they are now."""
        return self._count

    @property
    def matched(self) -> int:
        """How many requests it is for."""
        return self.count.matched

    @property
    def fired(self) -> int:
        """How many requests it has hit."""
        return self.count.fired

    @property
    def left(self) -> int | None:
        """How often it can still hit; `None` as often as there are requests."""
        return None if self.fault.times is None else self.fault.times - self.fired

    def remove(self) -> None:
        """Set it no longer, and let go the requests that it holds; no effect the second time."""
        with self._account.state.lock:
            faults = self._account.faults
            if faults is not None and self in faults.entries:
                faults.entries.remove(self)
            self.release(give_up=False)

    def release(self, *, give_up: bool) -> None:
        """Let go the requests that it holds; with `give_up` they end without an answer."""
        for effect in self.effects:
            effect.release(give_up=give_up)

    def strike(self, encounter: Encounter) -> None:
        """Do to a request what it has in store for it, if it is due."""
        if self._is_due(encounter):
            # All of them, not only the first that has something to do.
            hits = [effect.strike(encounter) for effect in self.effects]
            if any(hits):
                self._count.fired += 1
                encounter.names.append(self.name)

    def _is_due(self, encounter: Encounter) -> bool:
        fault = self.fault
        try:
            if not fault.match.fits(encounter.asked):
                return False
        except Exception as problem:
            self.problem = problem
            what = f"the predicate of the fault {self.name!r} raised {type(problem).__name__}"
            raise MockRefusal(500, what) from problem
        self._count.matched += 1
        number = self.matched - fault.after
        return (
            number > 0
            and (not fault.nth or number in fault.nth)
            and self.left != 0
            and (fault.probability == 1 or encounter.draw() < fault.probability)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        self.remove()
        if exception is not None:
            return
        if self.problem is not None:
            raise self.problem
        if unfired := self.unfired():
            raise AssertionError(f"twilio_mock: {unfired} {helped_by('Faults that never fired')}")

    def unfired(self) -> str:
        """Why nothing was hit, as far as that is known; empty if something was, or may not be."""
        if self.fired or self._may_not_fire:
            return ""
        with self._account.state.lock:
            journal = self._account.journal
            entries = list(journal.entries)[max(0, self._begin - journal.dropped) :]
        lines = [f"the fault {self.name!r} never fired in account {self._account.sid}"]
        lines.append(f"  it is {self.fault}")
        if self.matched:
            lines.append(f"  it let pass all that matched: {counted(self.matched)}")
        elif not entries:
            lines.append("  no request came to this account while it was set: is the code that")
            lines.append("  you test wired to this mock, with the credentials of this account?")
        else:
            lines.append(f"  of {counted(len(entries))} none matched:")
            lines += [f"    {brief(entry)}" for entry in entries[-SHOWN_AT_MOST:]]
        lines.append("  if that is as it should be, say may_not_fire=True")
        return "\n".join(lines)

    def __repr__(self) -> str:
        left = "" if self.left is None else f", {self.left} left"
        return f"<fault {self.name}: {self.fault}; fired {self.fired} of {self.matched}{left}>"


def brief(entry: Exchange) -> str:
    """An exchange in a line."""
    return f"{entry.operation or 'no operation'}: {entry.method} {entry.path} -> {entry.status}"


def faults_of(account: Account) -> list[FaultHandle]:
    """The faults that are set in an account, oldest first; `add` is what puts them there."""
    return cast(list[FaultHandle], list(account.faults.entries if account.faults else ()))


def meet(encounter: Encounter) -> None:
    """Have a request meet the faults of its account, oldest first, up to one that answers it."""
    for fault in faults_of(encounter.account):
        fault.strike(encounter)
        if encounter.instead is not None:
            break


def counted(requests: int) -> str:
    """How many requests."""
    return "1 request" if requests == 1 else f"{requests} requests"
