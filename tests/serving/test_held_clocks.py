"""The loop of the blocking face keeps real time while a test holds the clock."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest
from freezegun import freeze_time

from twilio_mock.serving.loop_thread import LoopThread
from twilio_mock.waiting import real_clock

# Seconds of real time that a sleep takes: long for a machine, short for a person.
NAP = 0.02


async def nap() -> float:
    """Sleep, and say how long it was in real time."""
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    await asyncio.sleep(NAP)
    async with asyncio.timeout(NAP * 100):
        await asyncio.sleep(NAP)
    return time.clock_gettime(time.CLOCK_MONOTONIC) - began


@pytest.mark.parametrize("tick", [False, True])
def test_timers_run_while_freezegun_holds_the_clock(thread: LoopThread, tick: bool) -> None:
    with freeze_time("2010-08-16", tick=tick):
        assert NAP < thread.run(nap(), timeout=5) < 50 * NAP
        later = LoopThread()
        later.start()
        assert later.run(nap(), timeout=5) > NAP
        later.stop()
    assert thread.run(nap(), timeout=5) > NAP


def test_timers_run_while_time_machine_holds_the_clock(thread: LoopThread) -> None:
    time_machine = pytest.importorskip("time_machine", reason="pip install time-machine")
    for tick in (False, True):
        with time_machine.travel("2010-08-16", tick=tick):
            assert thread.run(nap(), timeout=5) > NAP


def test_where_the_system_has_no_clock_to_read_the_usual_one_is_held() -> None:
    assert real_clock(SimpleNamespace(monotonic=lambda: 1.5))() == 1.5
    assert abs(real_clock()() - time.monotonic()) < 5
