"""Problems in plain arrays are checked, and paths are priced, kept and never kept twice."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.networks.errors import QueryError
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem, TrafficClass, path_keys, stacked


def problem_of(*, cost=(1.0, 2.0, 4.0), hours=1.0, **changes):
    """Return 0 -> 1 -> 2 by edges 0 and 1, 0 -> 2 by edge 2; a row on edge 0 and one on edges 1 and 2."""
    profile = TrafficClass(3, np.array([0, 1, 0]), np.array([1, 2, 2]), np.arange(3), np.array(cost), hours)
    values = {
        "profiles": (profile,),
        "uses": csr_array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]]),
        "capacity": np.array([3.0, 4.0]),
        "origin": np.array([0, 1]),
        "destination": np.array([2, 2]),
        "amount": np.array([5.0, 2.0]),
        "profile": np.array([0, 0]),
        "unserved_cost": np.array([50.0, 50.0]),
    }
    return Problem(**(values | changes))


NONE = np.zeros(2)


def test_paths_are_priced_by_cost_and_the_prices_of_their_rows():
    pool = PathPool(problem_of())
    least, batch = pool.priced(NONE)
    assert least.tolist() == [3, 2]
    assert batch.edges.tolist() == [0, 1, 1]
    # Edge 0 costs 1 + 2 and edge 2 costs 4 + 0.5 x 0.4, so that the direct edge is cheaper than 3 + 2.4.
    least, batch = pool.priced(np.array([2.0, 0.4]))
    assert least.tolist() == [4.2, 2.4]
    assert batch.edges.tolist() == [2, 1]


def test_hours_of_wait_cost_what_an_hour_is_worth_to_the_profile():
    problem = problem_of(hours=3.0)
    least, _ = PathPool(problem).priced(problem.profiles[0].hours * np.array([0.0, 0.1]))
    # Commodity 0: 1 + 2 + 3 x 0.1, against 4 + 3 x 0.05; commodity 1: 2 + 3 x 0.1.
    assert least.tolist() == pytest.approx([3.3, 2.3])


def test_free_edges_cost_nothing_but_their_rows():
    least, _ = PathPool(problem_of()).priced(np.array([2.0, 0.4]), free=True)
    assert least.tolist() == [0.2, 0.4]


def test_negative_costs_are_priced_exactly():
    least, batch = PathPool(problem_of(cost=(5.0, -3.0, 4.0))).priced(NONE)
    assert least.tolist() == [2, -3]
    assert batch.costs.tolist() == [5, -3, -3]


def test_kept_paths_have_their_cost_edges_and_loads():
    pool = PathPool(problem_of())
    _, batch = pool.priced(NONE)
    assert pool.add(batch, np.array([True, True])).tolist() == [0, 1]
    assert pool.commodity.tolist() == [0, 1]
    assert pool.cost.tolist() == [3, 2]
    assert pool.path(0).tolist() == [0, 1]
    assert pool.edges.toarray().tolist() == [[1, 1, 0], [0, 1, 0]]
    assert pool.loads.toarray().tolist() == [[1, 1], [0, 1]]


def test_a_path_is_kept_once_and_only_where_it_is_wanted():
    pool = PathPool(problem_of())
    _, batch = pool.priced(NONE)
    assert pool.add(batch, np.array([False, True])).tolist() == [0]
    assert pool.add(batch, np.array([True, True])).tolist() == [1]
    assert pool.add(batch, np.array([True, True])).tolist() == []
    assert pool.commodity.tolist() == [1, 0]


def test_a_pool_of_known_paths_has_their_loads_and_does_not_keep_them_twice():
    known = PathPool(problem_of())
    _, batch = known.priced(NONE)
    pool = PathPool.of(known.problem, np.array([0, 1]), np.array([0, 2, 3]), np.array([0, 1, 1]), np.array([3.0, 2.0]))
    assert pool.loads.toarray().tolist() == [[1, 1], [0, 1]]
    assert pool.path(0).tolist() == [0, 1]
    assert pool.add(batch, np.array([True, True])).tolist() == []


def test_numbers_of_paths_differ_with_the_commodity_and_the_edges():
    # A commodity and an edge may have the same number: (0, [1]) is not (1, [0]).
    keys = path_keys(np.array([0, 1, 0, 1, 0]), np.array([0, 1, 2, 3, 4, 6]), np.array([0, 0, 1, 1, 0, 1]))
    assert len(set(keys.tolist())) == 5


def test_a_commodity_of_nothing_is_not_priced():
    least, batch = PathPool(problem_of(amount=np.array([0.0, 2.0]))).priced(NONE)
    assert least.tolist() == [np.inf, 2]
    assert batch.commodity.tolist() == [1]
    nothing = PathPool(problem_of(amount=np.zeros(2)))
    assert nothing.add(nothing.priced(NONE)[1], np.array([True, True])).tolist() == []


def test_no_parts_make_an_empty_batch():
    assert PricedPaths.of([]).commodity.tolist() == []


def test_matrices_are_stacked():
    above, below = csr_array([[1.0, 0.0]]), csr_array([[0.0, 2.0], [3.0, 0.0]])
    assert stacked(above, below).toarray().tolist() == [[1, 0], [0, 2], [3, 0]]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"amount": np.array([1.0, -1.0])}, "amount"),
        ({"amount": np.array([1.0, np.nan])}, "amount"),
        ({"amount": np.array([1.0, np.inf])}, "amounts must be finite"),
        ({"capacity": np.array([1.0, np.nan])}, "capacity"),
        ({"capacity": np.ones(3)}, "uses has 2 rows and capacity 3"),
        ({"uses": csr_array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.5]])}, "uses"),
        ({"unserved_cost": np.array([1.0, np.nan])}, "unserved demand"),
        ({"origin": np.zeros(3, dtype=np.int64)}, "origin has 3 values for 2 commodities"),
        ({"cost": (1.0, np.nan, 1.0)}, "cost of traffic class 0"),
        ({"cost": (1.0, -np.inf, 1.0)}, "cost of traffic class 0"),
        ({"hours": -1.0}, "hours"),
    ],
)
def test_values_that_make_no_problem_are_refused_by_name(changes, names):
    with pytest.raises(QueryError, match=names):
        problem_of(**changes)
