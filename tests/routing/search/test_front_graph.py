"""What a front may use of a search space: source and target, ways to end, and bounds worked out by hand."""

import numpy as np
import pytest

from landbridge.routing.search.front_graph import reduced
from landbridge.routing.search.fronts import backward_bounds, path_front
from landbridge.routing.search.space import AccessNode, SearchSpace


def space_of(*pairs):
    tail, head = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
    return SearchSpace(tail, head, np.arange(len(pairs), dtype=np.int32), int(max(tail.max(), head.max())) + 1)


# 0 -> 1 -> 3 takes (2, 10), 0 -> 2 -> 3 (6, 4); 0 -> 4 -> 3 takes 7 of the first criterion, and 5 leads nowhere.
PAIRS = ((0, 1), (0, 2), (0, 4), (1, 3), (2, 3), (4, 3), (3, 5))
COSTS = np.array([[1.0, 9], [4, 2], [5, 1], [1, 1], [2, 2], [2, 5], [1, 1]])


def test_nodes_beyond_what_a_front_reaches_are_left_out():
    graph = reduced(space_of(*PAIRS), COSTS, [AccessNode(0, (0.0, 0.0))], [AccessNode(3, (0.0, 0.0))], through=False)
    # Nodes 0 to 3, the source 4 and the target 5: node 4 takes 7 of the first, more than the 6 of the cheapest way.
    # Arcs to node 3 lead to the target alone.
    arcs = list(zip(graph.tail.tolist(), graph.head.tolist(), graph.arc.tolist(), strict=True))
    assert arcs == [(0, 1, 0), (0, 2, 1), (1, 5, 3), (2, 5, 4), (4, 0, -1)]
    assert graph.ahead.tolist() == [pytest.approx(row) for row in ([2, 4], [1, 1], [2, 2], [0, 0], [0, 0], [0, 0])]
    assert [graph.whole.first, graph.whole.second] == pytest.approx([6, 10])
    assert graph.least((1.0, 0.0))[0].tolist() == [2, 10]
    # 2 + 0.2 x 10 = 4 and 6 + 0.2 x 4 = 6.8; with 1 for 1 it is 12 and 10.
    assert graph.least((1.0, 0.2))[1].tolist() == [4, 0, 2]
    assert graph.least((1.0, 1.0))[0].tolist() == [6, 4]
    assert graph.least_sums((1.0, 1.0)).tolist() == [10, 2, 4, np.inf, 10, 0]


def test_given_bounds_keep_what_leads_to_an_end():
    starts, ends = [AccessNode(0, (0.0, 0.0))], [AccessNode(3, (1.0, 0.5))]
    space = space_of(*PAIRS)
    graph = reduced(space, COSTS, starts, ends, through=True, bounds=backward_bounds(space, COSTS, ends))
    # All but node 5. Each arc to node 3 leads to it and, with what it takes to end there, to the target.
    assert graph.nodes == 7
    assert graph.costs[graph.head == 6].tolist() == [[2, 1.5], [3, 2.5], [3, 5.5]]


def test_where_no_path_leads_there_is_no_graph():
    nowhere = [AccessNode(5, (0.0, 0.0))]
    assert reduced(space_of(*PAIRS), COSTS, nowhere, [AccessNode(3, (0.0, 0.0))], through=False) is None


@pytest.mark.parametrize("bounded", [True, False])
def test_a_path_goes_on_from_an_end_only_if_it_may(bounded):
    space = space_of((0, 1), (1, 2))
    costs = np.array([[1.0, 1.0], [1.0, 1.0]])
    # To end at node 1 takes (5, 1); one arc on it takes (0, 2).
    starts, ends = [AccessNode(0, (0.0, 0.0))], [AccessNode(1, (5.0, 1.0)), AccessNode(2, (0.0, 2.0))]
    bounds = None if bounded else backward_bounds(space, costs, ends)
    found = path_front(space, costs, starts, ends, through=True, bounds=bounds)
    assert (found.paths, found.values.tolist()) == ([[0, 1], [0]], [[2, 4], [6, 2]])
    assert path_front(space, costs, starts, ends, bounds=bounds).paths == [[0]]


def test_a_path_from_a_node_where_paths_also_end_has_an_edge():
    space, costs = space_of((0, 1), (1, 0)), np.array([[1.0, 2.0], [3.0, 4.0]])
    at = [AccessNode(0, (0.5, 0.5))]
    found = path_front(space, costs, at, at)
    assert (found.paths, found.values.tolist()) == ([[0, 1]], [[5, 7]])


def test_a_path_past_an_end_limits_no_front_of_paths_that_stop_there():
    # 0 -> 1 -> 2 takes (2, 2) but ends at node 1, where that takes 10 more; to node 2 alone 0 -> 2 leads.
    space, costs = space_of((0, 1), (1, 2), (0, 2)), np.array([[1.0, 1], [1, 1], [4, 3]])
    starts, ends = [AccessNode(0, (0.0, 0.0))], [AccessNode(1, (10.0, 10.0)), AccessNode(2, (0.0, 0.0))]
    assert path_front(space, costs, starts, ends, through=False).values.tolist() == [[4, 3]]
    assert path_front(space, costs, starts, ends, through=True).values.tolist() == [[2, 2]]
