"""The queue of compiled searches gives its items back in order."""

import heapq

import numpy as np
import pytest

from landbridge.routing.search.queues import dequeue, enqueue


def drained(pairs, rows=None):
    """Return the items in the order in which the queue gives them back; every third comes after one was taken."""
    keys, items, size, found = np.empty(len(pairs)), np.empty(len(pairs), dtype=np.int32), 0, []

    def take(size):
        found.append((float(keys[0]), int(items[0])))
        return dequeue(keys, items, size, rows)

    for number, (key, item) in enumerate(pairs):
        size = enqueue(keys, items, size, key, item, rows)
        if number % 3 == 2:
            size = take(size)
    while size:
        size = take(size)
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 50, 400])
def test_keys_come_in_the_order_of_heapq(count):
    draw, heap, expected = np.random.default_rng(count), [], []
    pairs = [(float(key), number) for number, key in enumerate(draw.permutation(count))]
    for number, pair in enumerate(pairs):
        heapq.heappush(heap, pair)
        if number % 3 == 2:
            expected.append(heapq.heappop(heap))
    expected += [heapq.heappop(heap) for _ in range(len(heap))]
    assert drained(pairs) == expected


def test_of_equal_keys_the_lesser_row_goes_first_and_of_equal_rows_the_lesser_item():
    rows = np.array([[1.0, 9.0], [1.0, 2.0], [0.5, 7.0], [1.0, 2.0]])
    assert drained([(rows[item, 0], item) for item in (3, 0)], rows) == [(1.0, 3), (1.0, 0)]
    keys, items, size = np.empty(4), np.empty(4, dtype=np.int32), 0
    for item in (3, 0, 2, 1):
        size = enqueue(keys, items, size, rows[item, 0], item, rows)
    found = []
    while size:
        found.append(int(items[0]))
        size = dequeue(keys, items, size, rows)
    assert found == [2, 1, 3, 0]
