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


def model_of(*, least=0, most=9, contradiction=False):
    """Return a model of two numbers of `least` to `most` that make at least 7 together; their weighted sum is least."""
    cp_model = pytest.importorskip("ortools.sat.python.cp_model")
    model = cp_model.CpModel()
    one, other = (model.new_int_var(least, most, name) for name in ("one", "other"))
    model.add(one + other >= 7)
    if contradiction:
        model.add(one + other <= 6)
    model.minimize(2 * one + 3 * other)
    return model, one, other


def test_a_proven_answer_has_its_value_as_bound():
    model, one, other = model_of()
    found = search(model, time_limit_s=20, seed=0)
    # 2 each for all seven.
    assert (found.status, found.value, found.bound, found.found) == (PlanStatus.OPTIMAL, 14, 14, True)
    assert (found.solver.value(one), found.solver.value(other)) == (7, 0)


def test_a_model_that_contradicts_itself_has_neither_value_nor_bound():
    found = search(model_of(contradiction=True)[0], time_limit_s=20, seed=0)
    assert (found.status, found.value, found.bound, found.found) == (PlanStatus.INFEASIBLE, None, None, False)


def test_an_error_in_the_thread_of_the_search_is_raised_where_it_was_asked():
    with pytest.raises((TypeError, AttributeError, ValueError)):
        search("no model", time_limit_s=1, seed=0)
