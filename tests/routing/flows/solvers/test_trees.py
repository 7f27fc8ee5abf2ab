"""The compiled trees: paths, loads, and resuming where the room for arcs ends."""

import numpy as np

from landbridge.routing.flows.solvers.trees import grow_trees

# 0 -1-> 1 -1-> 2 and 0 -5-> 2, sorted by tail.
INDPTR, TAIL, HEAD, WEIGHT = np.array([0, 2, 3, 3]), np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([1.0, 5.0, 1.0])
ORIGIN, BEGIN, DESTINATION = np.array([0, 1]), np.array([0, 2, 3]), np.array([2, 1, 2])


def grown(first, arcs, state, most=(9.0, 9.0, 9.0)):
    amount = np.array([4.0, 2.0, 1.0])
    return grow_trees(
        first, ORIGIN, BEGIN, DESTINATION, amount, np.array(most), INDPTR, TAIL, HEAD, WEIGHT, *state, arcs
    )


def empty():
    return np.zeros(3), np.zeros(3), np.zeros(4, dtype=np.int64)


def test_each_pair_has_its_path_and_loads_it():
    (least, flow, start), arcs = empty(), np.zeros(4, dtype=np.int32)
    assert grown(0, arcs, (least, flow, start)) == 2
    assert least.tolist() == [2, 1, 1]
    assert start.tolist() == [0, 2, 3, 4]
    assert arcs.tolist() == [0, 2, 0, 2]
    # 4 + 2 units on 0 -> 1 and 4 + 1 on 1 -> 2.
    assert flow.tolist() == [6, 0, 5]


def test_what_would_cost_as_much_as_to_stay_is_not_loaded():
    (least, flow, start), arcs = empty(), np.zeros(4, dtype=np.int32)
    grown(0, arcs, (least, flow, start), most=(2.0, 9.0, 9.0))
    assert flow.tolist() == [2, 0, 1]


def test_where_the_room_ends_the_search_is_resumed_with_nothing_loaded_twice():
    (least, flow, start), arcs = empty(), np.zeros(3, dtype=np.int32)
    assert grown(0, arcs, (least, flow, start)) == 1
    assert flow.tolist() == [6, 0, 4]
    arcs = np.append(arcs, np.zeros(5, dtype=np.int32))
    assert grown(1, arcs, (least, flow, start)) == 2
    assert flow.tolist() == [6, 0, 5]
    assert arcs[:4].tolist() == [0, 2, 0, 2]
