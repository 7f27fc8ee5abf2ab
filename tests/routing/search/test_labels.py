"""Compiled label setting: the list of a node, and fronts of a graph of four nodes worked out by hand."""

import numpy as np
import pytest

from landbridge.routing.search.labels import _beaten, _keep, _unlink, edges_of, front
from landbridge.routing.search.memory import no_memory

NO_CLOCK = (
    np.zeros(1, np.int32),
    np.empty(0),
    np.empty(0),
    *(np.full(5, -1, np.int32) for _ in range(3)),
    *(np.zeros(5) for _ in range(2)),
    np.full(5, -1, np.int32),
    np.empty(0),
)


def listed(heads, following):
    """Return the labels of the list of node 0, the last that came first."""
    found, label = [], heads[0]
    while label >= 0:
        found.append(int(label))
        label = following[label]
    return found


def test_a_label_that_is_kept_takes_out_those_that_it_beats_in_all_but_the_first_criterion():
    values = np.array([[1.0, 5.0, 5.0], [2.0, 4.0, 6.0], [3.0, 4.0, 5.0], [4.0, 1.0, 9.0]])
    heads, following = np.array([-1]), np.full(4, -1)
    kept = []
    for label in range(4):
        _keep(heads, 0, following, values, label)
        kept.append(listed(heads, following))
    # The third is no worse than the first two in what is compared; the fourth beats none and is beaten by none.
    assert kept == [[0], [1, 0], [2], [3, 2]]


def test_a_row_is_beaten_by_a_label_that_is_as_good_everywhere_within_the_factor():
    values, following = np.array([[1.0, 10.0]]), np.array([-1])
    assert _beaten(0, following, values, np.array([1.0, 10.0]), 0, 1.0)
    assert not _beaten(0, following, values, np.array([0.9, 10.0]), 0, 1.0)
    assert _beaten(0, following, values, np.array([0.9, 10.0]), 1, 1.0)
    assert _beaten(0, following, values, np.array([0.96, 10.0]), 0, 1.05)
    assert not _beaten(-1, following, values, np.array([9.0, 99.0]), 0, 1.0)


@pytest.mark.parametrize(("gone", "left"), [(2, [1, 0]), (1, [2, 0]), (0, [2, 1])])
def test_a_label_leaves_its_list_wherever_it_stands(gone, left):
    heads, following = np.array([2]), np.array([-1, 0, 1])
    _unlink(heads, 0, following, gone)
    assert listed(heads, following) == left


def test_the_edges_of_a_label_come_in_the_order_of_travel():
    # Label 3 came by edge 9 from label 1, that by edge 4 from label 0, where the path starts.
    assert edges_of(3, np.array([-1, 4, 7, 9]), np.array([-1, 0, 0, 1])).tolist() == [4, 9]
    assert edges_of(0, np.array([-1]), np.array([-1])).tolist() == []


# 0 -> 1 -> 3 fast and dear, 0 -> 2 -> 3 slow and cheap, 0 -> 3 worse than the first.
TAIL, HEAD = [0, 0, 0, 1, 2], [1, 2, 3, 3, 3]
COSTS = [[1.0, 9.0], [4.0, 2.0], [3.0, 11.0], [1.0, 1.0], [2.0, 2.0]]


def front_of(costs=COSTS, *, scale=1.0, room=50, limits=(np.inf, np.inf), most=-1, clock=None):
    """Return the costs and edges of the points of the front from node 0 to node 3, in order, or how it ended."""
    graph = (np.searchsorted(TAIL, range(6)).astype(np.int32), np.array(HEAD, np.int32), np.arange(5, dtype=np.int32))
    # Paths end at node 3 alone, by one way.
    goals = np.array([0, 0, 0, 0, 1], np.int32)
    values, paths, keys = (np.zeros((room, 2)) for _ in range(3))
    nodes, edges, parents, following, queue = (np.zeros(room, np.int32) for _ in range(5))
    alive, first = np.zeros(room, np.bool_), np.zeros(room)
    paths = values if scale == 1.0 else paths
    heads, opened, found = np.zeros(5, np.int32), np.zeros(5, np.int32), np.zeros(room, np.int32)
    work = (values, paths, keys, nodes, edges, parents, following, alive, first, queue, heads, opened, found)
    starts, zero = np.array([0], np.int32), np.zeros((1, 2))
    arguments = (graph, np.array(costs), np.zeros((5, 2)), starts, zero, goals, zero)
    nothing = no_memory(1, 1)
    arguments = (
        *arguments,
        scale,
        -1 if clock is None else 0,
        0.0,
        NO_CLOCK if clock is None else clock,
        24.0,
        nothing[:3],
        nothing.of_ends,
        np.empty((0, 5)),
        False,
        np.array(limits),
        most,
    )
    count, _, reached = front(*arguments, work)
    found = [(*paths[label].tolist(), edges_of(label, edges, parents).tolist()) for label in work[-1][:count]]
    return found if reached == np.inf else (found, reached)


def test_a_front_has_the_paths_that_no_other_beats():
    assert front_of() == [(2, 10, [0, 3]), (6, 4, [1, 4])]


def test_by_the_clock_paths_wait_and_what_opens_too_late_or_never_is_none():
    # Calendars: open from 5 to 7, from 40 to 50, and never; each edge takes as many hours as it costs in the first.
    first, start, end = np.array([0, 1, 2, 2], np.int32), np.array([5.0, 40.0]), np.array([7.0, 50.0])
    shut, hours = np.full(5, -1, np.int32), np.array([costs[0] for costs in COSTS])

    def found(*opening, gate=shut):
        calendars = (gate, np.array(opening, np.int32), shut, np.zeros(5), hours, shut, np.empty(0))
        return front_of([[0.0, usd] for _, usd in COSTS], clock=(first, start, end, *calendars))

    assert found(-1, -1, -1, -1, -1) == [(2, 10, [0, 3]), (6, 4, [1, 4])]
    # From 1 h to 5 h it waits for edge 3: 6 h, as long as the way that costs less, so that it is none of the front.
    assert found(-1, -1, 2, 0, -1) == [(6, 4, [1, 4])]
    # Edge 4 opens after more than 24 h.
    assert found(-1, -1, -1, -1, 1) == [(2, 10, [0, 3])]
    # Edge 0 is shut, and edge 2 takes 3 h.
    assert found(-1, -1, -1, -1, -1, gate=np.array([2, -1, -1, -1, -1], np.int32)) == [(3, 11, [2]), (6, 4, [1, 4])]


def test_an_edge_that_may_not_be_used_is_infinite_in_the_first_criterion():
    shut = [[np.inf, 9.0], *COSTS[1:]]
    assert front_of(shut) == [(3, 11, [2]), (6, 4, [1, 4])]


def test_a_workspace_that_is_full_has_the_points_so_far_and_up_to_where_they_are_found():
    # After four labels (node 0, the three that it leads to) the one of node 1, with 1 h, has none for node 3.
    assert front_of(room=4) == ([], 1)
    # With one more that of 2 h is found; the next one, of node 2 with 4 h, has none.
    assert front_of(room=5) == ([(2, 10, [0, 3])], 4)


def test_paths_beyond_a_limit_are_none_and_the_search_may_end_at_the_first_point():
    assert front_of(limits=(np.inf, 9.9)) == [(6, 4, [1, 4])]
    assert front_of(limits=(5.9, np.inf)) == [(2, 10, [0, 3])]
    assert front_of(limits=(5.9, 9.9)) == []
    assert front_of(most=1) == [(2, 10, [0, 3])]
    # What lies beyond the limit needs no room: one label at the start, one on the way and one at the end.
    assert front_of(limits=(np.inf, 4), room=3) == [(6, 4, [1, 4])]


def test_with_a_factor_a_point_stands_for_what_is_not_more_than_that_better():
    near = [[1.0, 9.0], [1.1, 8.5], [9.0, 99.0], [1.0, 1.0], [1.0, 1.0]]
    assert [point[:2] for point in front_of(near)] == [(2, 10), (2.1, 9.5)]
    # 2 h and 10 USD are within 6 % of 2.1 h and 9.5 USD.
    assert len(front_of(near, scale=1.06)) == 1
    assert len(front_of(near, scale=1.04)) == 2
