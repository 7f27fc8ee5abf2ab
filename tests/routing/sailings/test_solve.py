"""CP-SAT with a limit of time, a seed and Ctrl-C."""

import os
import signal
import threading
import time

import pytest

from landbridge.routing import PlanStatus
from landbridge.routing.sailings.plan_sailings import plan_task
from landbridge.routing.sailings.solve import search
from tests.support.ship_plans import ship_line, task


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupt_ends_with_the_best_so_far(monkeypatch):
    line = ship_line(voyage_h=24, teu_day=(150, 150), handling_teu_h=13, count=2)
    asked = task(line, period_days=30, closed_days=(3, 8, 20))
    timers = []

    def interrupted_search(model, **options):
        timers.append(threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]))
        timers[-1].start()
        return search(model, **options)

    monkeypatch.setattr("landbridge.routing.sailings.plan_sailings.search", interrupted_search)
    begun = time.monotonic()
    plan = plan_task(asked, time_limit_s=600)
    for timer in timers:
        timer.join()
    # The limit leaves 300 s to the first search alone.
    assert time.monotonic() - begun < 200
    assert plan.status is PlanStatus.INTERRUPTED
    assert len(timers) == len(plan.levels) < 3 or plan.levels[-1].status is PlanStatus.INTERRUPTED
    assert plan.sailings
