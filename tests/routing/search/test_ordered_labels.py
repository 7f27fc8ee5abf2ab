"""The list of a node in chunks, its stairs, and the queue of arcs, step by step."""

import itertools
import random

import numpy as np
import pytest

from landbridge.routing.search.front_graph import Window, reduced
from landbridge.routing.search.fronts import backward_bounds
from landbridge.routing.search.ordered_labels import (
    CHUNK,
    CHUNKS,
    FULL,
    LABELS_FULL,
    STEPS_FULL,
    _above_stairs,
    _added,
    _next_in_list,
    _rise,
    _sink,
    _step,
    _with_room,
    arcs_of,
)
from landbridge.routing.search.ordered_search import StairSearch, WindowSearch
from landbridge.routing.search.space import AccessNode, SearchSpace


def test_the_labels_of_a_node_lie_in_chunks_that_are_linked():
    state, next_chunk = np.zeros(7, dtype=np.int64), np.full(3, -1, dtype=np.int32)
    first = [_added(-1, state, next_chunk)]
    other = _added(-1, state, next_chunk)
    while len(first) < CHUNK + 1:
        first.append(int(_added(first[-1], state, next_chunk)))
    # The other node has the second chunk, so the first one goes on in the third.
    assert other == CHUNK
    assert first == [*range(CHUNK), 2 * CHUNK]
    assert [_next_in_list(label, first[-1], next_chunk) for label in first] == [*first[1:], -1]
    assert _added(-1, state, next_chunk) == -1
    assert (state[FULL], state[CHUNKS]) == (LABELS_FULL, 3)


def test_stairs_keep_what_no_other_step_is_below():
    steps, places, state = np.zeros((12, 2)), np.zeros((1, 3), dtype=np.int64), np.zeros(7, dtype=np.int64)

    def put(second, third):
        if not _above_stairs(steps, places, 0, second, third):
            assert _with_room(steps, places, 0, state)
            _step(steps, places, 0, second, third)
        begin, size, _ = places[0]
        return steps[begin : begin + size].tolist()

    assert put(5, 5) == [[5, 5]]
    assert put(5, 6) == [[5, 5]]
    assert put(2, 9) == [[2, 9], [5, 5]]
    assert put(8, 1) == [[2, 9], [5, 5], [8, 1]]
    assert put(9, 1) == [[2, 9], [5, 5], [8, 1]]
    assert put(4, 6) == [[2, 9], [4, 6], [5, 5], [8, 1]]
    # A fifth step needs other room; this one makes those of 5 and 8 superfluous.
    assert put(5, 0.5) == [[2, 9], [4, 6], [5, 0.5]]
    assert places[0].tolist() == [4, 3, 8]
    places[0, 1] = 8
    assert not _with_room(steps, places, 0, state)
    assert state[FULL] == STEPS_FULL


def test_arcs_leave_the_queue_by_both_criteria_then_by_label():
    rows = [(3, 1, 4), (1, 5, 9), (1, 5, 2), (1, 4, 7), (2, 0, 0), (3, 0, 1), (0, 9, 9)]
    keys, items = np.zeros((8, 2)), np.zeros((8, 2), dtype=np.int32)
    for size, (first, second, number) in enumerate(rows):
        _rise(keys, items, size, float(first), float(second), number, size)
    taken = []
    for size in range(len(rows) - 1, -1, -1):
        taken.append(rows[items[0, 1]])
        _sink(keys, items, size, keys[size, 0], keys[size, 1], items[size, 0], items[size, 1])
    assert taken == sorted(rows)


def test_the_arcs_of_a_label_come_in_the_order_of_travel():
    links = np.array([[-1, -1, 0], [0, 4, 1], [0, 7, 2], [1, 9, 3]], dtype=np.int32)
    assert arcs_of(3, links).tolist() == [4, 9]
    assert arcs_of(0, links).tolist() == []


def drawn(seed, criteria):
    """Return tail, head and costs of a random network of six nodes, many of whose sums are equal."""
    draw = random.Random(seed)  # noqa: S311 - a sample and no secret
    pairs = [
        (tail, head) for tail, head in itertools.permutations(range(6), 2) for _ in range(2) if draw.random() < 0.6
    ]
    return [(*pair, tuple(float(draw.randint(0, 6)) for _ in range(criteria))) for pair in pairs]


def front_of(rows):
    """Return the costs of the paths from node 0 to node 5 that no other path is as good as, straight from all paths."""
    found, open_paths = set(), [((0,), (0.0,) * len(rows[0][2]))]
    while open_paths:
        nodes, costs = open_paths.pop()
        if nodes[-1] == 5:
            found.add(costs)
            continue
        open_paths += [
            ((*nodes, head), tuple(a + b for a, b in zip(costs, more, strict=True)))
            for tail, head, more in rows
            if tail == nodes[-1] and head not in nodes
        ]
    return sorted(
        costs
        for costs in found
        if not any(other != costs and all(a <= b for a, b in zip(other, costs, strict=True)) for other in found)
    )


def graph_of(rows):
    tail, head = (np.array([row[number] for row in rows], dtype=np.int32) for number in (0, 1))
    costs, criteria = np.array([row[2] for row in rows]), len(rows[0][2])
    space = SearchSpace(tail, head, np.arange(len(rows), dtype=np.int32), 6)
    starts, ends = ([AccessNode(node, (0.0,) * criteria)] for node in (0, 5))
    bounds = None if criteria == 2 else backward_bounds(space, costs, ends)
    return reduced(space, costs, starts, ends, through=False, bounds=bounds)


def costs_of(graph, found):
    """Return the points of a search, each after a check that its arcs lead from start to end and cost as much."""
    for values, arcs in zip(*found, strict=True):
        assert (graph.head[arcs[:-1]] == graph.tail[arcs[1:]]).all()
        assert (graph.tail[arcs[0]], graph.head[arcs[-1]]) == (graph.nodes - 2, graph.nodes - 1)
        assert graph.costs[arcs].sum(axis=0).tolist() == values.tolist()
    return list(map(tuple, found[0].tolist()))


@pytest.mark.parametrize("seed", range(25))
def test_a_window_has_the_points_of_all_paths_whatever_the_pauses(seed):
    rows = drawn(seed, 2)
    expected, graph = front_of(rows), graph_of(rows)
    search, budget = WindowSearch(graph, graph.whole), 0
    while not search.run(100.0, budget := budget + 3):
        pass
    assert costs_of(graph, search.points()) == expected
    for first, second in ((8.0, 9.0), (4.0, 30.0), (30.0, 5.0)):
        window = WindowSearch(graph, Window(first, second, (0.5, 0.5)))
        window.run(100.0)
        inside = [(a, b) for a, b in expected if a < first and b < second and a + b < first + second]
        assert costs_of(graph, window.points()) == inside


@pytest.mark.parametrize("seed", range(25))
def test_stairs_have_the_points_of_all_paths_whatever_the_pauses(seed):
    rows = drawn(seed, 3)
    graph = graph_of(rows)
    search, budget = StairSearch(graph), 0
    while not search.run(100.0, budget := budget + 3):
        pass
    # Of points that are equal in two criteria one that the third dominates may be there too.
    found = costs_of(graph, search.points())
    least = {}
    for costs in found:
        least[costs[:2]] = min(least.get(costs[:2], costs), costs)
    assert sorted(least.values()) == front_of(rows)
    assert [costs[0] for costs in found] == sorted(costs[0] for costs in found)
