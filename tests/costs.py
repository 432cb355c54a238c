"""What something costs, so that a busy machine does not change the verdict."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

ROUNDS = 60


def least_costs(*runs: Callable[[], object]) -> list[float]:
    """The least processor time, in seconds, that each took of many times when all had their turn.

    Time that other processes take from this one does not count, and what slows this one down for a
    while (a hot processor, an emptied cache) slows all runs alike.
    """
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for number, run in enumerate(runs):
            started = thread_time()
            run()
            best[number] = min(best[number], thread_time() - started)
    return best
