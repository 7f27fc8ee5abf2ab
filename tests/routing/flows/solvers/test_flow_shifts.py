"""The compiled sweeps against the functions that they are compiled from, and on paths small enough for a hand."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.flow_shifts import load, path_price, shift, sweep
from landbridge.routing.resources.delay_kinds import BPR
from landbridge.routing.resources.delays import DelayFunctions


def shapes(kinds, sizes, exponents, capacity=10.0, background=0.0):
    count = len(kinds)
    arrays = (np.array(sizes, float), np.array(exponents, float), np.full(count, capacity), np.full(count, background))
    return DelayFunctions(np.array(kinds, np.int8), *arrays)


# Two paths: one over row 0 that costs 1, one over row 1 that costs 2; the wait at a row is its flow in hours.
LINEAR = shapes([BPR, BPR], [10.0, 10.0], [1.0, 1.0]).arrays
PATHS = (np.array([1.0, 2.0]), np.array([0, 1, 2]), np.array([0, 1]), np.ones(2))


def state(*flow, value_of_time=1.0):
    return np.array(flow, dtype=float), value_of_time * np.array(flow, dtype=float)


def test_a_price_is_cost_and_wait_at_the_worth_of_an_hour():
    assert path_price(0, 2.0, False, PATHS, state(3.0, 0.0), LINEAR) == pytest.approx(1 + 2 * 3)


def test_in_a_system_optimum_a_price_holds_what_all_others_wait():
    # Others of worth 3 wait one hour more for each unit.
    assert path_price(0, 2.0, True, PATHS, state(3.0, 0.0, value_of_time=1.0), LINEAR) == pytest.approx(1 + 2 * 3 + 3)


def test_loading_is_undone_by_taking_off():
    now = state(1.0, 0.0)
    load(0, 2.0, 3.0, PATHS, now)
    assert [values.tolist() for values in now] == [[3, 0], [7, 0]]
    load(0, -2.0, 3.0, PATHS, now)
    assert [values.tolist() for values in now] == [[1, 0], [1, 0]]


def test_a_shift_ends_where_both_paths_cost_the_same():
    # 1 + (5 - m) = 2 + m at m = 2; the excess before was 5 x (6 - 2).
    now = state(5.0, 0.0)
    moved, excess = shift(0, 1, 5.0, 1.0, False, PATHS, now, LINEAR)
    assert (moved, excess) == (pytest.approx(2), pytest.approx(20))
    assert now[0].tolist() == pytest.approx([3, 2])


def test_a_shift_empties_a_path_that_stays_dearer_and_leaves_a_cheaper_one_alone():
    dear = (np.array([50.0, 2.0]), *PATHS[1:])
    assert shift(0, 1, 5.0, 1.0, False, dear, state(5.0, 0.0), LINEAR)[0] == 5
    assert shift(1, 0, 1.0, 1.0, False, dear, state(0.0, 1.0), LINEAR) == (0, 0)


def test_a_sweep_serves_each_commodity_in_turn():
    flow, now = np.array([5.0, 0.0]), state(5.0, 0.0)
    assert sweep(False, np.array([0, 2]), np.ones(1), flow, PATHS, now, LINEAR) == pytest.approx(20)
    assert flow.tolist() == pytest.approx([3, 2])
    assert sweep(False, np.array([0, 2]), np.ones(1), flow, PATHS, now, LINEAR) == pytest.approx(0, abs=1e-9)


def test_the_compiled_sweep_does_what_the_python_does():
    flows = []
    for run in (sweep, sweep.py_func):
        flow, now = np.array([5.0, 0.0]), state(5.0, 0.0)
        run(True, np.array([0, 2]), np.ones(1), flow, PATHS, now, LINEAR)
        flows.append(flow.tolist())
    assert flows[0] == pytest.approx(flows[1])
    # Marginal costs 1 + 2 (5 - m) = 2 + 2 m at m = 2.25.
    assert flows[0] == pytest.approx([2.75, 2.25])
