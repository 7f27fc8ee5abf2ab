"""Shares by a logit of costs, at fixed costs and where waits grow with flows."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.sparse import csr_array

from landbridge.routing import FlowStatus
from landbridge.routing.flows.solvers.logit import logit_flow
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem, TrafficClass
from landbridge.routing.resources.delay_kinds import BPR
from landbridge.routing.resources.delays import DelayFunctions


def pool_of(*costs, amount=6.0):
    """Return a pool with a path for each cost, each over an edge and a row of its own."""
    count = len(costs)
    zero = np.zeros(1, dtype=np.int64)
    profile = TrafficClass(2, np.zeros(count, int), np.ones(count, int), np.arange(count), np.array(costs))
    problem = Problem(
        (profile,),
        csr_array(np.eye(count)),
        np.full(count, np.inf),
        zero,
        zero + 1,
        np.array([amount]),
        zero,
        np.array([1e3]),
    )
    pool = PathPool(problem)
    for edge, cost in enumerate(costs):
        pool.add(PricedPaths(zero, np.array([0, 1]), np.array([edge]), np.array([cost])), np.array([True]))
    return pool


def test_a_path_that_is_dearer_by_one_scale_is_taken_e_times_less_often():
    found = logit_flow(pool_of(100.0, 150.0), 50.0)
    assert found.status is FlowStatus.OPTIMAL
    assert found.flow[0] / found.flow[1] == pytest.approx(np.e)
    assert found.flow.sum() == pytest.approx(6)


def test_a_small_scale_takes_the_cheapest_and_a_large_one_takes_all_alike():
    assert logit_flow(pool_of(100.0, 150.0), 0.01).flow.tolist() == pytest.approx([6, 0])
    assert logit_flow(pool_of(100.0, 150.0), 1e9).flow.tolist() == pytest.approx([3, 3])


def test_where_waits_grow_shares_and_costs_agree():
    delays = DelayFunctions(np.full(2, BPR, np.int8), np.full(2, 20.0), np.ones(2), np.ones(2), np.zeros(2))
    found = logit_flow(pool_of(100.0, 150.0), 50.0, delays, gap=1e-7)
    # x = 6 / (1 + exp(((100 + 20 x) - (150 + 20 (6 - x))) / 50))
    x = brentq(lambda x: x - 6 / (1 + np.exp((100 + 20 * x - 150 - 20 * (6 - x)) / 50)), 0, 6)
    assert found.status is FlowStatus.OPTIMAL
    assert found.gap <= 1e-7
    assert found.flow.tolist() == pytest.approx([x, 6 - x], rel=1e-6)
    assert found.row_delay_h.tolist() == pytest.approx([20 * x, 20 * (6 - x)], rel=1e-6)


def test_waits_that_are_steep_for_the_scale_lead_to_the_equilibrium_too():
    # At 3 TEU each a TEU more costs 216,000 USD, 43,200 scales: averages go to and fro unless their steps are as short.
    delays = DelayFunctions.bpr(np.full(2, 2e3), np.full(2, 4.0), np.ones(2))
    found = logit_flow(pool_of(100.0, 150.0), 5.0, delays)
    # x = 6 / (1 + exp(((100 + 2,000 x^4) - (150 + 2,000 (6 - x)^4)) / 5)), and 1 / (1 + exp(2 z)) = (1 - tanh(z)) / 2
    x = brentq(lambda x: x - 3 * (1 - np.tanh((100 + 2e3 * x**4 - 150 - 2e3 * (6 - x) ** 4) / 10)), 0, 6, xtol=1e-12)
    assert found.status is FlowStatus.OPTIMAL
    assert found.flow.tolist() == pytest.approx([x, 6 - x], rel=1e-6)


def test_where_rounding_keeps_it_from_the_gap_the_flows_with_the_least_are_returned():
    # Waits of 1e16 USD are rounded to 2 USD, two scales.
    delays = DelayFunctions.bpr(np.array([1e14, 3e14]), np.full(2, 4.0), np.ones(2))
    found = logit_flow(pool_of(100.0, 150.0), 1.0, delays)
    cost = np.array([100.0, 150.0]) + delays.hours(found.flow)
    chosen = 6 / (1 + np.exp(np.clip(cost - cost[::-1], -700, 700)))
    assert found.status is FlowStatus.NUMERICAL
    assert found.gap == pytest.approx(abs(chosen[0] - found.flow[0]) / 6)
    assert found.gap < 0.5


def test_demand_without_alternatives_is_left():
    pool = PathPool(pool_of(1.0).problem)
    found = logit_flow(pool, 50.0)
    assert (found.unserved.tolist(), found.cost) == ([6], 6e3)


def test_a_search_ends_at_its_limit_or_when_it_is_interrupted(monkeypatch):
    steep = DelayFunctions(np.full(2, BPR, np.int8), np.full(2, 2e3), np.full(2, 4.0), np.ones(2), np.zeros(2))
    late = logit_flow(pool_of(100.0, 150.0), 1.0, steep, gap=0.0, time_limit_s=0.0)
    assert late.status is FlowStatus.TIME_LIMIT
    assert late.flow.sum() == pytest.approx(6)
    monkeypatch.setattr("landbridge.routing.flows.solvers.logit._MAX_ROUNDS", 2)
    assert logit_flow(pool_of(100.0, 150.0), 1.0, steep, gap=0.0).status is FlowStatus.NUMERICAL

    def interrupted(*_):
        raise KeyboardInterrupt

    pool = pool_of(100.0, 150.0)
    monkeypatch.setattr(DelayFunctions, "hours", interrupted)
    with pytest.raises(KeyboardInterrupt):
        steep.hours(np.zeros(2))
    monkeypatch.undo()
    assert logit_flow(pool, 50.0).status is FlowStatus.OPTIMAL
