"""Flows: the gap of cost and bound, and what is carried."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.routing.flows.solvers.flow import Flow, FlowStatus, relative_gap
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem, TrafficClass


def test_gaps_are_parts_of_the_larger_of_cost_and_bound():
    assert relative_gap(10.0, 9.0) == pytest.approx(0.1)
    assert relative_gap(0.0, 0.0) == 0
    assert relative_gap(5.0, 5.000001) == 0
    assert relative_gap(np.inf, 3.0) == np.inf
    assert relative_gap(-1.0, -4.0) == pytest.approx(0.75)


def flow_of(cost, *, unserved=(0.0, 2.0), flow=(4.0,)):
    """Return a flow of 4 units at 1.5 each on one path over two edges, with 2 of a second commodity left at 9 each."""
    zero = np.zeros(2, dtype=np.int64)
    profile = TrafficClass(3, np.array([0, 1]), np.array([1, 2]), np.arange(2), np.array([1.0, 0.5]))
    problem = Problem(
        (profile,),
        csr_array((0, 2)),
        np.empty(0),
        zero,
        zero + 2,
        np.array([4.0, 2.0]),
        zero,
        np.full(2, 9.0),
    )
    pool = PathPool(problem)
    path = PricedPaths(np.zeros(1, np.int64), np.array([0, 2]), np.array([0, 1]), np.array([1.0, 0.5]))
    pool.add(path, np.array([True, False]))
    nothing = np.empty(0)
    return Flow(
        problem, FlowStatus.OPTIMAL, "", pool, np.array(flow), np.array(unserved), nothing, nothing, cost, cost, 1, 0.0
    )


def test_what_is_carried_costs_all_but_what_is_left():
    # 4 x 1.5 on the path and 2 x 9 left.
    assert flow_of(24.0).carried_cost == pytest.approx(6)


def test_what_is_carried_has_a_cost_also_where_what_is_left_has_none():
    # What must be served and is not costs infinitely much.
    assert flow_of(np.inf).carried_cost == pytest.approx(6)


def test_each_edge_of_a_path_has_its_flow():
    assert flow_of(24.0).edge_flow.tolist() == [4, 4]


def test_the_gap_is_that_of_cost_and_bound():
    assert flow_of(24.0).gap == 0
    assert replace(flow_of(24.0), bound=18.0).gap == pytest.approx(0.25)
