"""The faults of an account, as a test holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from twilio_mock.control.faults.encounter import Effect
from twilio_mock.control.faults.fault import Fault
from twilio_mock.control.faults.handles import FaultHandle, faults_of
from twilio_mock.control.faults.matching import Match, Predicate
from twilio_mock.control.operation_names import check_operation
from twilio_mock.state import Account
from twilio_mock.state.faults import Faults


class FaultList:
    """The faults that are set in an account, in the order in which they are asked."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def set(
        self,
        where: str,
        *effects: Effect,
        sid: str | None = None,
        caller: str | None = None,
        when: Predicate | None = None,
        times: int | None = None,
        after: int = 0,
        nth: int | Collection[int] = (),
        probability: float = 1.0,
        name: str | None = None,
        may_not_fire: bool = False,
    ) -> FaultHandle:
        """Set one more; the options are `FaultOptions`.

        Raises `ValueError` as `Match` and `Fault` do, and for a name that is taken.
        """
        if isinstance(nth, str):
            raise TypeError(f"twilio_mock: nth takes numbers, as nth=2 or nth=[1, 3], not {nth!r}")
        fault = Fault(
            match=Match(where, sid, caller, when),
            effects=effects,
            times=times,
            after=after,
            nth=frozenset([nth] if isinstance(nth, int) else nth),
            probability=probability,
        )
        return self.add(fault, name, may_not_fire=may_not_fire)

    def add(
        self, fault: Fault, name: str | None = None, *, may_not_fire: bool = False
    ) -> FaultHandle:
        """Set a fault that is a value already.

        Raises `ValueError` for a name that is taken, and for an operation that does not exist.
        """
        account = self._account
        if " " not in fault.match.where:
            check_operation(account.state, fault.match.where)
        with account.state.lock:
            faults = account.faults
            if faults is None:
                faults = account.faults = Faults(f"{account.sids.seed} {account.sid}")
            if name is not None and name in self:
                raise ValueError(f"twilio_mock: there is a fault {name!r} already; remove it first")
            while name is None or name in self:
                faults.numbered += 1
                name = f"{'+'.join(e.name for e in fault.effects)}-{faults.numbered}"
            handle = FaultHandle(account, fault, name, may_not_fire)
            faults.entries.append(handle)
            return handle

    def clear(self) -> None:
        """Remove all."""
        for fault in self:
            fault.remove()

    def remove(self, name: str) -> None:
        """Remove one by its name; raises `LookupError`."""
        self[name].remove()

    def _entries(self) -> list[FaultHandle]:
        with self._account.state.lock:
            return faults_of(self._account)

    def __getitem__(self, name: str) -> FaultHandle:
        __tracebackhide__ = True
        entries = self._entries()
        for fault in entries:
            if fault.name == name:
                return fault
        there = ", ".join(repr(fault.name) for fault in entries) or "none"
        raise LookupError(f"twilio_mock: no fault is named {name!r}; there are: {there}")

    def __contains__(self, fault: object) -> bool:
        return any(fault in (each, each.name) for each in self._entries())

    def __iter__(self) -> Iterator[FaultHandle]:
        return iter(self._entries())

    def __len__(self) -> int:
        return len(self._entries())

    def __repr__(self) -> str:
        return f"<{len(self)} faults of {self._account.sid}>"
