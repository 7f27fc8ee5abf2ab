"""The queue of compiled searches gives its items back in order."""

import heapq

import numpy as np
import pytest

from landbridge.routing.search.queues import BUCKETS, bucket_width, dequeue, enqueue, shelve, spread, unshelve


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


def opened(given, width):
    """Return the keys of each bucket over which some keys are spread, where they begin, and the buckets per unit."""
    count, found = len(given), {}
    keys, items, below = (np.empty(2 * count, dtype=kind) for kind in (np.float64, np.int32, np.int32))
    first = np.full(BUCKETS + 1, -1, dtype=np.int32)
    for number, key in enumerate(given):
        shelve(keys, items, below, first, count + number, float(BUCKETS), key, number)
    begin, per_unit = spread(keys, below, first, width)
    for bucket in np.flatnonzero(first >= 0).tolist():
        size = unshelve(keys, items, below, first, 0, bucket)
        found[bucket] = sorted(keys[:size].tolist())
    return found, begin, per_unit


def test_items_beyond_the_buckets_are_spread_from_the_least_of_them():
    # Buckets of 2 from 10 on: 10 and 11.5 in the first, 12 in the second, 15 in the third.
    found, begin, per_unit = opened([12.0, 10.0, 15.0, 11.5], 2.0)
    assert (found, begin, per_unit) == ({0: [10.0, 11.5], 1: [12.0], 2: [15.0]}, 10.0, 0.5)


def test_buckets_are_as_wide_as_it_takes_to_hold_all_items():
    found, _, per_unit = opened([0.0, 1.0, 1e9], 2.0)
    assert found == {0: [0.0, 1.0], BUCKETS - 1: [1e9]}
    assert per_unit == (BUCKETS - 1) / 1e9


def test_an_item_goes_to_its_bucket_or_beyond_all():
    keys, items, below = np.empty(3), np.empty(3, dtype=np.int32), np.empty(3, dtype=np.int32)
    first, used = np.full(BUCKETS + 1, -1, dtype=np.int32), 0
    for key, bucket in ((1.0, 5.9), (2.0, 5.0), (3.0, 1e300)):
        used = shelve(keys, items, below, first, used, bucket, key, used)
    assert (used, first[5], below[1], below[0], first[BUCKETS]) == (3, 1, 0, -1, 2)


def test_buckets_are_a_part_of_the_mean_weight_and_closed_edges_count_for_nothing():
    assert bucket_width(np.array([1.0, np.inf, 3.0])) == 2 / 128
    assert bucket_width(np.array([0.0, np.inf])) == bucket_width(np.empty(0)) == 1.0
