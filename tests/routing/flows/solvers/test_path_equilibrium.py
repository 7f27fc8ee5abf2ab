"""The search on compact paths: paths under rules, uses that are not 1, and how it says that it ended."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.path_equilibrium import PathEquilibrium
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.delays import DelayFunctions


class NotTheFirst:
    """Rules under which commodity 0 may not use edge 0."""

    commodities = np.array([0])

    def mended(self, commodities, _least, _paths, edge_price, *, free):
        assert (commodities.tolist(), free) == ([0], False)
        price = 10.0 + edge_price[1]
        return np.array([price]), (np.array([0, 1]), np.array([1]), np.array([10.0]))


class AllMay:
    """Rules that let every path be: what is found under them is what is found without."""

    commodities = np.arange(2)

    def mended(self, _commodities, least, paths, _edge_price, *, free):
        assert not free
        return least, paths


def two_ways(*, rules=None, use=1.0, amount=(6.0,), unserved=1e3):
    """Return two edges from 0 to 1 that cost 0 and 10, with a row each of `use` per unit."""
    count = len(amount)
    zero = np.zeros(count, dtype=np.int64)
    ends = np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)
    one = TrafficClass(2, *ends, np.arange(2), np.array([0.0, 10.0]))
    unserved_cost = np.full(count, unserved)
    return Problem(
        (one,),
        csr_array(use * np.eye(2)),
        np.full(2, np.inf),
        zero,
        zero + 1,
        np.array(amount),
        zero,
        unserved_cost,
        rules=rules,
    )


def search(problem, **options):
    given = {"system": False, "gap": 1e-10, "time_limit_s": None, "max_memory_mb": None, "start": None}
    linear = DelayFunctions.bpr(np.full(2, 2.0), np.ones(2), np.ones(2))
    found = PathEquilibrium(problem, linear, **given | options)
    return found, found.run()


def test_paths_under_rules_are_those_that_the_rules_allow():
    # The second commodity uses both ways: 2 x = 10 + 2 y with x + y = 12 and y at least 3: (8.5, 3.5).
    found, ended = search(two_ways(rules=NotTheFirst(), amount=(3.0, 9.0)))
    assert ended.status is FlowStatus.OPTIMAL
    assert found.edge_flow().tolist() == pytest.approx([8.5, 3.5])
    paths = found.found()
    own = paths.commodity == 0
    assert paths.flow[own].sum() == 3
    assert [paths.edges[first] for first in paths.start[:-1][own]] == [1]


def test_paths_that_break_no_rule_are_those_of_the_tree_and_the_gap_counts_them():
    plain, _ = search(two_ways(amount=(3.0, 9.0)))
    for gap in (0.9, 0.1, 1e-10):
        found, ended = search(two_ways(rules=AllMay(), amount=(3.0, 9.0)), gap=gap)
        x, y = found.edge_flow().tolist()
        assert x + y == pytest.approx(12)
        prices = 2 * x, 10 + 2 * y
        paid = x * prices[0] + y * prices[1]
        assert ended.gap == pytest.approx(1 - 12 * min(prices) / paid, abs=1e-9)
        assert ended.gap <= gap
    assert [x, y] == pytest.approx(plain.edge_flow().tolist())


def test_those_under_rules_stay_at_home_where_that_is_cheaper():
    # 10 + 2 y = 12 at y = 1.
    found, _ = search(two_ways(rules=NotTheFirst(), amount=(3.0,), unserved=12.0))
    assert found.edge_flow().tolist() == pytest.approx([0, 1])
    assert found.found().unserved.tolist() == pytest.approx([2])


def test_uses_of_a_row_count_twice_where_a_unit_uses_it_twice():
    # Each unit adds 2 to its row and waits there twice: 8 x = 10 + 8 (6 - x).
    found, _ = search(two_ways(use=2.0))
    assert found.edge_flow().tolist() == pytest.approx([3.625, 2.375])


def test_the_message_tells_the_gap():
    _, ended = search(two_ways(), gap=1e-3)
    assert ended.message.startswith("equilibrium with a gap of ")
    _, late = search(two_ways(), gap=0.0, time_limit_s=0.0)
    assert late.message.startswith("stopped after 0 s; the gap is ")
    _, full = search(two_ways(), max_memory_mb=1e-6)
    first, _, last = full.message.partition(", where at least ")
    assert (first, full.rounds) == ("stopped at the limit of 1e-06 MB with the flows so far", 0)
    assert last.endswith(" MB are needed; 6 of 6 are not carried")
    # The room that it names is enough to begin.
    _, begun = search(two_ways(), max_memory_mb=1.01 * float(last.split()[0]))
    assert begun.status is FlowStatus.OPTIMAL


def test_paths_are_given_in_the_order_of_travel_by_commodity():
    found, _ = search(two_ways(amount=(3.0, 0.0, 9.0)))
    paths = found.found()
    assert paths.commodity.tolist() == sorted(paths.commodity.tolist())
    assert np.bincount(paths.commodity, paths.flow).tolist() == pytest.approx([3, 0, 9])
    assert (paths.unserved.tolist(), paths.edge_count) == ([0, 0, 0], 2)
