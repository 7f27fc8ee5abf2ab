"""A priority queue for compiled searches: keys and items in two arrays, as a heap with four children per node.

The queue contains the keys, and an item once for each decrease of its key: faster than moving it up, and than `heapq`
on tuples. The search ignores an item that is removed again with an older key.
"""

from typing import Any

from landbridge.routing.search.compilation import njit


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
