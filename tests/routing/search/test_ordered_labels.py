"""The list of a node in chunks, its stairs, and the queue of arcs, step by step."""

import numpy as np

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
