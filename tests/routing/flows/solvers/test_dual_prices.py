"""Prices found by ascent on the Lagrangian dual: a valid bound, and the cheapest paths near them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.graph.csr import Csr
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.dual_prices import dual_prices
from landbridge.routing.flows.solvers.problem import path_keys
from tests.routing.flows.solvers.test_column_generation import two_ways
from tests.support.grid_flows import grid_problem


def bound_by_scipy(problem, row_price):
    """Return the Lagrangian bound at some prices by the trees of scipy."""
    (profile,) = problem.profiles
    matrix = Csr(profile.tail, profile.head, profile.nodes).matrix(profile.cost + row_price @ problem.uses)
    distance = dijkstra(matrix, indices=problem.origin)[np.arange(problem.commodities), problem.destination]
    return problem.amount @ np.minimum(distance, problem.unserved_cost) - row_price @ problem.capacity


def test_the_price_of_a_full_edge_nears_what_the_other_edge_costs_more():
    # Of 6 units 4 have room on the edge of cost 1; the other costs 3: the price is 2, and the bound 4 x 1 + 2 x 3.
    found = dual_prices(two_ways(), np.full(1, 4.0))
    assert found.row_price == pytest.approx([2], abs=0.1)
    assert 9.8 < found.bound <= 10


def test_without_a_capacity_that_binds_no_price_is_paid():
    found = dual_prices(two_ways(capacity=(6.0,)), np.ones(1))
    assert (found.row_price.tolist(), found.bound) == ([0], 6)
    unlimited = dual_prices(two_ways(capacity=(np.inf,)), np.ones(1))
    assert (unlimited.row_price.tolist(), unlimited.bound) == ([0], 6)


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_that_of_the_prices_and_close_below_the_least_cost(seed):
    problem = grid_problem(seed, 8, 60, penalty=1e7, room=0.8)
    found = dual_prices(problem, np.full(len(problem.capacity), 400.0))
    assert found.bound == pytest.approx(bound_by_scipy(problem, found.row_price), rel=1e-12)
    cost = least_cost_flow(problem).cost
    assert 0.97 * cost < found.bound <= cost * (1 + 1e-12)


def test_paths_are_different_and_of_each_commodity_at_most_six():
    problem = grid_problem(1, 8, 60, penalty=1e7, room=0.8)
    paths = dual_prices(problem, np.full(len(problem.capacity), 400.0)).paths
    keys = path_keys(paths.commodity, paths.start, paths.edges)
    assert len(np.unique(keys)) == len(keys)
    count = np.bincount(paths.commodity, minlength=60)
    assert count.min() >= 1
    assert 1 < count.max() <= 6
    profile = problem.profiles[0]
    for number, owner in enumerate(paths.commodity.tolist()):
        edges = paths.edges[paths.start[number] : paths.start[number + 1]]
        nodes = [int(problem.origin[owner]), *profile.head[edges].tolist()]
        assert profile.tail[edges].tolist() == nodes[:-1]
        assert nodes[-1] == problem.destination[owner]


def test_edges_that_are_free_leave_the_cost_of_what_is_not_served():
    # At costs of 0 and a penalty of 1 a unit nothing has to be left.
    assert dual_prices(two_ways(unserved=1.0), np.ones(1), free=True).bound == pytest.approx(0)
    # With the first edge alone 2 of 6 units are left: 2.
    shut = two_ways(cost=(1.0, np.inf), unserved=1.0)
    assert dual_prices(shut, np.full(1, 2.0), free=True).bound == pytest.approx(2, abs=0.1)


class NotByTheFirstEdge:
    """A rule against paths by edge 0."""

    def broken(self, commodities, start, edges):
        assert len(commodities) == len(start) - 1
        return np.array([0 in edges[slice(*ends)] for ends in pairwise(start)])


def test_paths_that_break_a_rule_are_left_out():
    problem = two_ways()
    assert set(dual_prices(problem, np.full(1, 4.0)).paths.edges.tolist()) == {0, 1}
    assert dual_prices(replace(problem, rules=NotByTheFirstEdge()), np.full(1, 4.0)).paths.edges.tolist() == [1]


def test_the_check_may_stop_it():
    def late():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        dual_prices(two_ways(), np.ones(1), check=late)
