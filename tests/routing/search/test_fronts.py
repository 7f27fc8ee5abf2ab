"""Fronts as paths of a search space: workspaces, limits, ends; `tests/oracles/test_fronts.py` draws them at random."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.search import fronts
from landbridge.routing.search.fronts import backward_bounds, lightest_path, path_front
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal, Terminals


def doubling(size):
    """Return a chain of nodes with two edges each, whose 2^size paths are all undominated."""
    tail = np.repeat(np.arange(size), 2).astype(np.int32)
    power = 2.0 ** np.repeat(np.arange(size), 2)
    first = np.tile([1.0, 0.0], size)
    costs = np.column_stack([power * first, power * (1 - first)])
    return SearchSpace(tail, tail + 1, np.arange(2 * size, dtype=np.int32), size + 1), costs


def front_of(size, **options):
    space, costs = doubling(size)
    return path_front(space, costs, [AccessNode(0, (0.0, 0.0))], [AccessNode(size, (0.0, 0.0))], **options)


def test_a_front_that_the_first_workspace_does_not_hold_is_found_in_a_larger_one():
    # 2^16 points at the end and as many labels before it are more than 65,536 labels.
    found = front_of(16)
    assert sorted(found.values[:, 0].tolist()) == list(range(2**16))
    assert (found.values.sum(axis=1) == 2**16 - 1).all()


def with_more(size, criteria, **options):
    """Return the front of the chain with further criteria that are the same for all paths."""
    space, costs = doubling(size)
    costs = np.column_stack([costs, np.ones((len(costs), criteria - 2))])
    zeros = (0.0,) * criteria
    return path_front(space, costs, [AccessNode(0, zeros)], [AccessNode(size, zeros)], **options)


@pytest.mark.parametrize("criteria", [2, 3, 4])
def test_where_memory_ends_there_are_the_points_of_least_first_criterion(criteria):
    def chain(size, **options):
        return with_more(size, criteria, **options)

    with pytest.raises(QueryError, match="needs more than 5 MB; give an epsilon"):
        chain(18, max_memory_mb=5)
    found = chain(18, max_memory_mb=5, partial=True)
    # The points are all whole numbers: up to that reached none is missing, and of the labels most make none.
    assert found.values[:, 0].tolist() == list(range(len(found.values)))
    assert 0 < found.reached < 2**18
    assert len(found.values) >= np.floor(found.reached)
    assert (found.values[:, :2].sum(axis=1) == 2**18 - 1).all()
    assert chain(10, max_memory_mb=5).reached == np.inf
    few = chain(18, max_memory_mb=100, epsilon=0.05)
    assert 0 < len(few.paths) < 2000


def test_workspaces_are_kept_but_neither_many_nor_large_ones(monkeypatch):
    monkeypatch.setattr(fronts, "_SPARE", kept := [])
    monkeypatch.setattr(fronts, "_MOST_KEPT_ROOM", 1 << 16)
    for size in (3, 4, 5, 6, 7, 8, 16):
        with_more(size, 4)
    assert len(kept) == 4
    assert max(shape[0] for shape, _ in kept) == 1 << 16


def test_threads_are_lent_workspaces_of_their_own_shape(monkeypatch):
    monkeypatch.setattr(fronts, "_SPARE", [])
    wrong = []

    def borrow(number):
        for turn in range(3000):
            room = 4 + (7 * turn + number) % 3
            with fronts._workspace(room, 2, 2, merging=False) as work:
                wrong.extend([len(work[0])] * (len(work[0]) != room))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(borrow, range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert not wrong


def test_bounds_are_the_least_of_each_criterion_and_infinite_where_no_way_leads():
    space, costs = doubling(2)
    bounds = backward_bounds(space, costs, [AccessNode(1, (5.0, 7.0))])
    assert bounds[:2].tolist() == [[pytest.approx(5), pytest.approx(7)]] * 2
    assert np.isinf(bounds[2]).all()
    assert bounds[3].tolist() == [0, 0]
    # Summed in another order than a path they must not be more.
    assert (bounds[:2] <= [5, 7]).all()


def test_the_lightest_path_counts_what_starts_and_ends_take():
    # 0 -> 2 -> 3 and 1 -> 2 by edges 0 to 2 of the state graph; node 3 is left for nothing.
    space = SearchSpace(*(np.array(column, dtype=np.int32) for column in ([0, 2, 1], [2, 3, 2], [0, 1, 2])), 4)
    weights = np.array([4.0, 1.0, 2.0])
    ends = Terminals.of([Terminal(3, 5.0), Terminal(2, 7.0)])
    # 2 + 1 + 5 from node 1, with 1 for the start; 4 + 1 + 5 from node 0.
    for weight, path in ((1.0, [2, 1]), (4.0, [0, 1])):
        starts = Terminals.of([Terminal(0), Terminal(1, weight)])
        assert lightest_path(space, weights, np.ones(3, dtype=np.bool_), starts, ends) == path
    closed = np.array([True, False, True])
    assert lightest_path(space, weights, closed, starts, Terminals.of([Terminal(3)])) == []
