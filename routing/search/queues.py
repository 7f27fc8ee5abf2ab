"""A priority queue for compiled searches: keys and items in two arrays, as a heap with four children per node.

The queue contains the keys, and an item once for each decrease of its key: faster than moving it up, and than `heapq`
on tuples. The search ignores an item that is removed again with an older key.

A search whose keys never decrease keeps its heap small by buckets (the hot queue of Cherkassky, Goldberg and
Silverstein 1999): what is due later than the bucket at hand is put on a list of its bucket, unsorted, and enters the
heap when that bucket is reached. The order is that of the heap alone; on 10,000 nodes it takes half of the time.
"""

from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit

BUCKETS: Final = 1024
"""Buckets at a time; keys beyond them are on one further list until they are spread anew."""

_PER_WEIGHT = 128.0
_SAMPLE = 256
_LEAST_WIDTH = 1e-300


@njit
def enqueue(keys: Any, items: Any, size: int, key: float, item: int, rows: Any) -> int:
    """Add an item to a queue; return the new size.

    Parameters
    ----------
    keys, items, size
        The queue, and its size.
    rows
        For equal keys the item with the lexicographically smaller row, or the smaller item, is first; None: any.
    """
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if not _goes_before(key, item, keys[above], items[above], rows):
            break
        keys[place], items[place] = keys[above], items[above]
        place = above
    keys[place], items[place] = key, item
    return size + 1


@njit
def dequeue(keys: Any, items: Any, size: int, rows: Any) -> int:
    """Remove the first item, at index 0, from a queue; return the new size."""
    size -= 1
    key, item, place = keys[size], items[size], 0
    while True:
        first = 4 * place + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if _goes_before(keys[child], items[child], keys[least], items[least], rows):
                least = child
        if not _goes_before(keys[least], items[least], key, item, rows):
            break
        keys[place], items[place] = keys[least], items[least]
        place = least
    keys[place], items[place] = key, item
    return size


@njit
def _goes_before(key: float, item: int, other_key: float, other: int, rows: Any) -> bool:
    if rows is None:
        return bool(key < other_key)
    if key != other_key:
        return bool(key < other_key)
    for column in range(rows.shape[1]):
        if rows[item, column] != rows[other, column]:
            return bool(rows[item, column] < rows[other, column])
    return item < other


@njit
def bucket_width(weight: Any) -> float:
    """Return a width of buckets that suits the weights of a search, from a sample of the finite ones."""
    total, count = 0.0, 0
    for place in range(0, len(weight), max(1, len(weight) // _SAMPLE)):
        if weight[place] < np.inf:
            total += weight[place]
            count += 1
    return max(total / count / _PER_WEIGHT, _LEAST_WIDTH) if total > 0.0 else 1.0


@njit
def shelve(keys: Any, items: Any, below: Any, first: Any, used: int, bucket: float, key: float, item: int) -> int:
    """Put an item on the list of its bucket; return the places used.

    Parameters
    ----------
    keys, items, below
        The places of listed items, after those of the heap: key, item, and the place of the next one of the bucket.
    first
        The place of the first item of each bucket, -1 if it has none, shape (`BUCKETS` + 1,).
    bucket
        Number of the bucket, whose fraction is ignored; `BUCKETS` and more: beyond all of them.
    """
    number = np.int64(min(bucket, float(BUCKETS)))
    keys[used], items[used], below[used] = key, item, first[number]
    first[number] = used
    return used + 1


@njit
def unshelve(keys: Any, items: Any, below: Any, first: Any, size: int, bucket: int) -> int:
    """Move the items of a bucket to the heap; return its new size."""
    place = first[bucket]
    first[bucket] = -1
    while place >= 0:
        size = enqueue(keys, items, size, keys[place], items[place], None)
        place = below[place]
    return size


@njit
def spread(keys: Any, below: Any, first: Any, width: float) -> tuple[float, float]:
    """Spread the items beyond all buckets over them; return the key where they begin, and the buckets per unit.

    They are as wide as it takes to hold them all, so that no item is spread twice.
    """
    far, least, most = first[BUCKETS], np.inf, -np.inf
    place = far
    while place >= 0:
        least, most = min(least, keys[place]), max(most, keys[place])
        place = below[place]
    per_unit = 1.0 / max(width, (most - least) / (BUCKETS - 1))
    first[BUCKETS] = -1
    while far >= 0:
        after, bucket = below[far], min(np.int64((keys[far] - least) * per_unit), BUCKETS - 1)
        below[far] = first[bucket]
        first[bucket] = far
        far = after
    return least, per_unit
