"""Faults that are set in a mock of another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio_mock.control.faults.fault import Fault
from twilio_mock.control.faults.fault_list import FaultList
from twilio_mock.control.faults.handles import Count, FaultHandle
from twilio_mock.control.http.effects import as_json
from twilio_mock.serving.control_caller import ControlCaller
from twilio_mock.state import Account
from twilio_mock.state.faults import Faults, SetFault


class MirroredFaults(Faults):
    """The faults of an account there, as far as they were set from here."""

    def __init__(self, ask: ControlCaller, place: str) -> None:
        self.ask = ask
        self.place = f"{place}/faults"
        self.known: dict[str, SetFault] = {}

    def shown(self) -> Mapping[str, Mapping[str, Any]]:
        """All that are set, by their names, as the control API shows them."""
        return {each["name"]: each for each in self.ask("GET", self.place)["faults"]}

    @property
    def entries(self) -> list[SetFault]:  # type: ignore[override]
        """Those that are still set."""
        return [self.known[name] for name in self.shown() if name in self.known]


class FarFault(FaultHandle):
    """A fault there: its counts are fetched."""

    def __init__(
        self, account: Account, fault: Fault, name: str, may_not_fire: bool, there: MirroredFaults
    ) -> None:
        self._there = there
        super().__init__(account, fault, name, may_not_fire)

    @property
    def count(self) -> Count:
        """How many requests it was for and has hit; of a removed one, what was known then."""
        shown = self._there.shown().get(self.name) if self.name in self._there.known else None
        if shown is not None:
            self._count = Count(shown["matched"], shown["fired"])
        return self._count

    def remove(self) -> None:
        """Set it no longer; no effect the second time."""
        there = self._there
        if self.name in there.known:
            _ = self.count  # for the last time
            del there.known[self.name]
            there.ask("DELETE", f"{there.place}/{self.name}")


class FarFaults(FaultList):
    """The faults of an account there."""

    def __init__(self, account: Account, there: MirroredFaults) -> None:
        super().__init__(account)
        self._there = there

    def add(
        self, fault: Fault, name: str | None = None, *, may_not_fire: bool = False
    ) -> FaultHandle:
        """Set a fault; raises `ValueError` for a name that is taken, and for what JSON cannot say.

        That is a predicate (`when=`), an effect of one's own, and a body that is no text.
        """
        there, match = self._there, fault.match
        if match.when is not None:
            raise ValueError(
                f"twilio_mock: when= is a function, which cannot be sent to the mock at "
                f"{there.ask.url}: say which requests you mean by operation, path, sid=, caller= "
                "and nth=, or run this test on a server of its own"
            )
        said = {
            "name": name,
            "sid": match.sid,
            "caller": match.caller,
            "times": fault.times,
            "nth": sorted(fault.nth) or None,
        }
        shown = there.ask(
            "POST",
            there.place,
            {
                "on": match.where,
                "effects": [as_json(effect) for effect in fault.effects],
                "after": fault.after,
                "probability": fault.probability,
                **{key: value for key, value in said.items() if value is not None},
            },
        )
        handle = FarFault(self._account, fault, shown["name"], may_not_fire, there)
        there.known[handle.name] = handle
        return handle
