"""Compiled searches of one criterion on graphs drawn by hand; `tests/oracles/test_fronts.py` has the random ones."""

import numpy as np
import pytest

from landbridge.routing.search.alternatives import loopless_paths
from landbridge.routing.search.least_paths import nearest

# A diamond 0 -> 1 -> 3, 0 -> 2 -> 3 with the way back 3 -> 0, and node 4 that nothing leads to.
TAIL = np.array([0, 0, 1, 2, 3, 4], dtype=np.int32)
HEAD = np.array([1, 2, 3, 3, 0, 3], dtype=np.int32)
WEIGHT = np.array([1.0, 2.0, 5.0, 3.0, 1.0, 1.0])
INDPTR = np.array([0, 2, 3, 4, 5, 6], dtype=np.int32)


def tree(starts, offsets, *, weight=WEIGHT, arrival=(), ahead=()):
    best, predecessor = np.empty(5), np.empty(5, dtype=np.int32)
    starts, offsets = np.array(starts, dtype=np.int32), np.array(offsets, dtype=np.float64)
    end = nearest(INDPTR, HEAD, weight, starts, offsets, np.array(arrival), np.array(ahead), best, predecessor)
    return end, best.tolist(), predecessor.tolist()


def test_the_tree_has_the_least_weight_and_the_edge_before_each_node():
    assert tree([0], [0]) == (-1, [0, 1, 2, 5, np.inf], [-1, 0, 1, 3, -1])


def test_a_start_that_is_reached_for_less_is_no_start():
    assert tree([0, 1], [10, 0]) == (-1, [6, 0, 8, 5, np.inf], [4, -1, 1, 2, -1])


def test_of_a_start_given_twice_the_lesser_offset_counts():
    assert tree([0, 0], [7, 2])[1][:2] == [2, 3]


def test_the_search_stops_where_the_lightest_path_ends():
    # At node 1 after 1 + 0.5; at node 2 it would be after 2 + 3, and nothing leads on from there any more.
    arrival = [np.inf, 0.5, 3, np.inf, np.inf]
    assert tree([0], [0], arrival=arrival) == (1, [0, 1, 2, 6, np.inf], [-1, 0, 1, 2, -1])
    assert tree([0], [0], arrival=[np.inf, np.inf, np.inf, np.inf, 0])[0] == -1


def test_what_lies_ahead_leads_the_search_past_the_other_nodes():
    end, best, predecessor = tree([0], [0], arrival=[np.inf] * 3 + [0, np.inf], ahead=[5, 5, 3, 0, 1])
    # By node 2, whose 2 + 3 is less than the 1 + 5 of node 1, which has the other edge to node 3.
    assert (end, best[3], predecessor[3]) == (3, 5, 3)


@pytest.mark.parametrize("lighter", [1.0, 2.0], ids=["met first", "met last"])
def test_of_equal_paths_the_first_edge_is_taken(lighter):
    weight = np.array([lighter, 3.0 - lighter, 3.0 - lighter, lighter, 1.0, 1.0])
    assert tree([0], [0], weight=weight)[1:] == ([0, lighter, 3 - lighter, 3, np.inf], [-1, 0, 1, 2, -1])


def test_an_edge_of_infinite_weight_leads_nowhere():
    weight = WEIGHT.copy()
    weight[:2] = np.inf
    assert tree([0], [0], weight=weight)[1] == [0, np.inf, np.inf, np.inf, np.inf]


@pytest.mark.parametrize("unit", [1e-305, 1e-9, 1.0, 1e9, 1e300])
def test_the_order_holds_for_weights_of_any_size(unit):
    # 0 -> 1 -> 3 weighs 1 + 5 of the unit, 0 -> 2 -> 3 weighs 2 + 3.
    _, best, predecessor = tree([0], [0], weight=WEIGHT * unit)
    assert (best[3] / unit, predecessor[3]) == (pytest.approx(5), 3)


def test_weights_can_be_those_of_other_edges():
    best, predecessor = np.empty(5), np.empty(5, dtype=np.int32)
    start, none, edge_of = np.zeros(1, dtype=np.int32), np.empty(0), np.array([0, 0, 1, 0, 1, 1])
    nearest(INDPTR, HEAD, np.array([1.0, 9.0]), start, np.zeros(1), none, none, best, predecessor, edge_of)
    # 0 -> 2 -> 3 weighs 1 + 1, and 0 -> 1 -> 3 weighs 1 + 9.
    assert (best[:4].tolist(), predecessor[3]) == ([0, 1, 1, 2], 3)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_loopless_paths_come_in_their_order_and_there_are_no_more_than_there_are(k):
    to_target = np.array([5.0, 5.0, 3.0, 0.0, 1.0])
    found = loopless_paths((INDPTR, TAIL, HEAD), WEIGHT, to_target, ends=(0, 3), k=k)
    assert [path.tolist() for path in found] == [[1, 3], [0, 2]][:k]


def test_where_no_path_leads_there_is_none():
    to_target = np.array([np.inf, np.inf, np.inf, np.inf, 0.0])
    assert loopless_paths((INDPTR, TAIL, HEAD), WEIGHT, to_target, ends=(0, 4), k=3) == []


def test_more_paths_than_the_first_workspace_holds_are_found_in_a_larger_one():
    # 13 diamonds in a row have 2^13 paths, and 800 of them 20,800 edges.
    pairs = [pair for n in range(0, 39, 3) for pair in ((n, n + 1), (n, n + 2), (n + 1, n + 3), (n + 2, n + 3))]
    tail, head = (np.array(column, dtype=np.int32) for column in zip(*sorted(pairs), strict=True))
    weight = np.array([2.0**n if end % 3 == 2 else 0.0 for n, end in zip(tail // 3, head, strict=True)])
    indptr = np.searchsorted(tail, np.arange(41)).astype(np.int32)
    found = loopless_paths((indptr, tail, head), weight, np.zeros(40), ends=(0, 39), k=800)
    # Each sum of powers of two is the weight of one path.
    assert [weight[path].sum() for path in found] == list(range(800))
