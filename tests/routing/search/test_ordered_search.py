"""Searches of windows and of stairs that pause, go on, and end where memory does."""

import numpy as np
import pytest

from landbridge.routing.search.front_graph import Window, reduced
from landbridge.routing.search.fronts import backward_bounds
from landbridge.routing.search.ordered_search import StairSearch, WindowSearch
from landbridge.routing.search.space import AccessNode, SearchSpace


def chain(size, criteria=2):
    """Return a chain with two edges between neighbours, whose 2^size paths are all undominated."""
    tail = np.repeat(np.arange(size), 2).astype(np.int32)
    power, first = 2.0 ** np.repeat(np.arange(size), 2), np.tile([1.0, 0.0], size)
    costs = np.column_stack([power * first, power * (1 - first), np.ones((2 * size, criteria - 2))])
    space = SearchSpace(tail, tail + 1, np.arange(2 * size, dtype=np.int32), size + 1)
    starts, ends = ([AccessNode(node, (0.0,) * criteria)] for node in (0, size))
    bounds = None if criteria == 2 else backward_bounds(space, costs, ends)
    return reduced(space, costs, starts, ends, through=False, bounds=bounds)


def test_a_window_has_the_points_below_its_limits_and_its_corner():
    # Points (n, 15 - n) from 0 to 15; 0.5 f1 + 0.5 f2 is always 7.5.
    graph = chain(4)
    search = WindowSearch(graph, Window(9.0, 11.0, (0.5, 0.5)))
    assert search.run(100.0)
    assert search.points()[0].tolist() == [[n, 15 - n] for n in range(5, 9)]
    # The corner (7, 8) is on the line: nothing is below it.
    none = WindowSearch(graph, Window(7.0, 8.0, (0.5, 0.5)))
    assert none.run(100.0)
    assert len(none.points()[0]) == 0


def test_with_an_epsilon_points_that_the_last_one_covers_are_left_out():
    graph = chain(4)
    search = WindowSearch(graph, graph.whole, epsilon=0.5)
    search.run(100.0)
    # Next after (0, 15) is one with less than 10, then less than 6, 10/3, 4/3, and 2/3.
    assert search.points()[0][:, 1].tolist() == [15, 9, 5, 3, 1, 0]


@pytest.mark.parametrize("criteria", [2, 3])
def test_a_search_goes_on_where_it_paused(criteria):
    graph = chain(8, criteria)

    def new():
        return WindowSearch(graph, graph.whole) if criteria == 2 else StairSearch(graph)

    whole, paused = new(), new()
    assert whole.run(100.0)
    reached, budget = [], 0
    while not paused.run(100.0, budget := budget + 37):
        reached.append(paused.reached)
        points = paused.points()[0]
        # All points of less than that reached are there.
        assert (points[:, 0] <= reached[-1]).all()
        assert set(range(int(np.ceil(reached[-1])))) <= set(points[:, 0])
    assert reached == sorted(reached)
    assert len(reached) > 5
    assert paused.reached == np.inf
    assert np.array_equal(whole.points()[0], paused.points()[0])
    assert [path.tolist() for path in whole.points()[1]] == [path.tolist() for path in paused.points()[1]]


@pytest.mark.parametrize("criteria", [2, 3])
def test_memory_ends_a_search_and_more_of_it_lets_it_go_on(criteria):
    graph = chain(16, criteria)
    search = WindowSearch(graph, graph.whole) if criteria == 2 else StairSearch(graph)
    assert not search.run(5.0)
    some, reached = len(search.points()[0]), search.reached
    assert some >= reached > 0
    assert search.run(200.0)
    assert len(search.points()[0]) == 2**16 > some
