"""Lists of edges in flat arrays."""

import numpy as np

from landbridge.routing.search.edge_lists import joined_lists, lists_of


def test_lists_are_chosen_in_any_order_and_more_than_once():
    lists = lists_of([[3, 1], [], [2]])
    chosen = lists.chosen(np.array([2, 1, 0, 0]))
    assert [chosen.of(number) for number in range(4)] == [[2], [], [3, 1], [3, 1]]
    assert chosen.owner.tolist() == [0, 2, 2, 3, 3]
    assert lists.chosen(np.array([], dtype=np.int64)).start.tolist() == [0]


def test_values_are_summed_by_list():
    values = np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    assert lists_of([[2, 2], [], [0, 1]]).sums(values).tolist() == [[200, 400], [0, 0], [11, 22]]


def test_lists_of_several_parts_follow_each_other():
    joined = joined_lists([lists_of([[3, 1], []]), lists_of([]), lists_of([[2]])])
    assert [joined.of(number) for number in range(3)] == [[3, 1], [], [2]]
    assert joined_lists([]).start.tolist() == [0]


def test_lists_without_edges_sum_to_nothing_wherever_they_stand():
    lists = lists_of([[], [0, 1], [], [2], []])
    assert lists.sums_of(np.array([1.0, 10.0, 100.0])).tolist() == [0, 11, 0, 100, 0]
    assert lists_of([[], []]).sums_of(np.ones(3)).tolist() == [0, 0]
