"""The stale read: for a while after a write, reads find what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twilio_mock.control.faults.encounter import Effect, Encounter
from twilio_mock.control.faults.handles import faults_of
from twilio_mock.errors import NotFound
from twilio_mock.resources.verbs import READING, Verb
from twilio_mock.rest.operations import Outcome, perform
from twilio_mock.rest.task import Task
from twilio_mock.state.records import Record


@dataclass(slots=True)
class Memory:
    """What was there before a write (`None` for nothing), and since when it is out of date.

    `reads` counts those that have found it.
    """

    resource: str
    old: Record | None
    written: float
    reads: int = 0


@dataclass(frozen=True, slots=True)
class StaleRead(Effect):
    """See `stale_read`."""

    reads: int | None
    seconds: float | None
    name: str = "stale_read"
    memories: dict[str, Memory] = field(default_factory=dict, compare=False, repr=False)

    def arm(self) -> Effect:
        """One that remembers nothing."""
        return StaleRead(self.reads, self.seconds)

    def strike(self, encounter: Encounter) -> bool:
        """Have a read find what is remembered of the records that it asks for."""
        asked, now = encounter.asked, encounter.account.clock.now()
        if asked.route is None or asked.verb not in READING:
            return False
        hit = False
        for sid, memory in list(self.memories.items()):
            if self.is_over(memory, now):
                del self.memories[sid]
            elif memory.resource == asked.route.resource.name and asked.route.sid in (None, sid):
                memory.reads += 1
                encounter.past.setdefault(sid, memory.old)
                hit = True
        return hit

    def is_over(self, memory: Memory, now: float) -> bool:
        """Whether everybody may see what was written."""
        if self.seconds is not None:
            return now - memory.written >= self.seconds
        return memory.reads >= (self.reads or 1)

    def remember(self, resource: str, sid: str, old: Record | None, now: float) -> None:
        """A record was written; of one that is stale already, the oldest value is kept."""
        memory = self.memories.get(sid)
        if memory is not None and not self.is_over(memory, now):
            old = memory.old
        self.memories[sid] = Memory(resource, old, now)


def stale_read(*, reads: int | None = None, seconds: float | None = None) -> Effect:
    """After a write, have reads find what was there before: 404 after a create, else the old value.

    It lasts for so many `reads` of a record (1 if nothing is said), or for so many `seconds` on
    the account's clock. Every write of the account counts from when the fault is set; the reads
    are those that the fault matches. A list shows records as they were and leaves new ones out,
    but does not bring deleted ones back. Raises `ValueError` for both and for less than 1 read.
    """
    if reads is not None and seconds is not None:
        raise ValueError("twilio_mock: a stale read lasts for reads or for seconds, not for both")
    if (reads is not None and reads < 1) or (seconds is not None and seconds <= 0):
        raise ValueError("twilio_mock: a stale read lasts for 1 read or more, or above 0 seconds")
    return StaleRead(reads, seconds)


def perform_among_faults(task: Task, past: Mapping[str, Record | None]) -> Outcome:
    """Do one operation in an account that has faults; `past` is what a read is to find."""
    if task.verb in READING:
        return read_past(task, past) if past else perform(task)
    old = task.table.records.get(task.sid or "")
    outcome = perform(task)
    sid = outcome.record.sid if outcome.record else task.sid or ""
    now = task.account.clock.now()
    for fault in faults_of(task.account):
        for effect in fault.effects:
            if isinstance(effect, StaleRead):
                effect.remember(task.resource.name, sid, old, now)
    return outcome


def read_past(task: Task, past: Mapping[str, Record | None]) -> Outcome:
    """Read, with some records as they were."""
    if task.verb is Verb.FETCH:
        old = past[task.sid or ""]
        if old is None:
            raise NotFound(task.path)
        return Outcome(200, old)
    outcome = perform(task)
    if outcome.page is not None:
        seen = [past.get(record.sid, record) for record in outcome.page.records]
        outcome.page.records = [record for record in seen if record is not None]
    return outcome
