"""The restricted master: shares, prices and limits of a program that grows."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.routing.flows.solvers.master import Master, MasterStatus


def grown(unserved=9.0, capacity=4.0):
    """Return a master of one commodity of 6 units: a path of cost 1 that a row bounds, one of cost 3 that is free."""
    master = Master(np.array([6 * unserved]), scale=10.0)
    loads = csr_array([[6.0], [0.0]])
    master.add_columns(np.array([0, 0]), np.array([6.0, 18.0]), loads)
    return master, np.array([capacity]), loads


def test_without_rows_all_goes_by_the_cheapest_path():
    master, _, _ = grown()
    solution = master.solve(1, None)
    assert solution.status is MasterStatus.OPTIMAL
    assert solution.share.tolist() == [1, 0]
    assert solution.row_price.tolist() == [0]
    assert solution.commodity_price.tolist() == pytest.approx([6])


def test_a_row_that_comes_later_has_a_price_per_unit():
    master, capacity, loads = grown()
    master.solve(1, None)
    master.add_rows([0], capacity, csr_array(loads.T))
    solution = master.solve(1, None)
    # 4 of 6 units by the row; one unit more of it would save 3 - 1.
    assert solution.share.tolist() == pytest.approx([4 / 6, 2 / 6])
    assert solution.row_price.tolist() == pytest.approx([2])
    assert master.rows == [0]


def test_a_row_without_capacity_lets_nothing_pass():
    master, capacity, loads = grown(capacity=0.0)
    master.add_rows([0], capacity, csr_array(loads.T))
    assert master.solve(1, None).share.tolist() == pytest.approx([0, 1])


def test_columns_that_come_later_meet_the_rows_that_are_there():
    master, capacity, loads = grown()
    master.add_rows([0], capacity, csr_array(loads.T))
    master.add_columns(np.array([0]), np.array([7.0]), csr_array([[3.0]]))
    # The new path costs 7 for all and takes 3 of the row: all of it fits.
    solution = master.solve(1, None)
    assert solution.share.tolist() == pytest.approx([1 / 3, 0, 2 / 3])


def test_what_may_be_left_unserved_is_where_that_is_cheaper():
    master, capacity, loads = grown(unserved=2.0)
    master.add_rows([0], capacity, csr_array(loads.T))
    solution = master.solve(1, None)
    assert solution.unserved.tolist() == pytest.approx([2 / 6])


def test_a_row_may_be_exceeded_at_its_price():
    master, capacity, loads = grown()
    # At 1 a unit 2 of the 6 units exceed the row of 4, which costs less than the path that is 2 dearer.
    master.add_rows([0], capacity, csr_array(loads.T), np.array([1.0]))
    solution = master.solve(1, None)
    assert solution.overflow.tolist() == pytest.approx([2])
    assert solution.row_price.tolist() == pytest.approx([1])
    assert solution.share.tolist() == pytest.approx([1, 0])
    master.price_overflow(np.array([3.0]))
    solution = master.solve(1, None)
    assert solution.overflow.tolist() == pytest.approx([0])
    assert solution.row_price.tolist() == pytest.approx([2])


@pytest.mark.parametrize(("best", "exceeded"), [([0], [0]), ([1], []), ([-1], [])])
def test_where_the_solve_begins_does_not_change_where_it_ends(best, exceeded):
    master, capacity, loads = grown()
    master.add_rows([0], capacity, csr_array(loads.T), np.array([50.0]))
    master.begin_at(np.array(best), np.array(exceeded, dtype=np.int64))
    solution = master.solve(1, None)
    assert solution.share.tolist() == pytest.approx([4 / 6, 2 / 6])
    assert solution.row_price.tolist() == pytest.approx([2])


def test_a_commodity_that_must_be_served_and_has_no_path_fails():
    solution = Master(np.array([np.inf]), scale=1.0).solve(0, None)
    assert solution.status is MasterStatus.FAILED
    assert "INFEASIBLE" in solution.detail


def test_no_time_ends_at_the_limit():
    draw = np.random.default_rng(1)
    master = Master(np.full(200, 100.0), scale=1.0)
    loads = csr_array(draw.uniform(0, 1, (2000, 300)))
    master.add_columns(draw.integers(0, 200, 2000), draw.uniform(0, 9, 2000), loads)
    master.add_rows(range(300), np.full(300, 0.5), csr_array(loads.T))
    assert master.solve(300, 0.0).status is MasterStatus.LIMIT
