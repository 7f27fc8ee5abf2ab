"""Shortest path trees from many origins, compiled: the prices, paths and arc flows of many pairs in one pass."""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import dequeue, enqueue

NO_ARC = -1
"""Entering arc of a node that is not on a tree."""


@njit
def grow_trees(
    first: int,
    origin: Any,
    begin: Any,
    destination: Any,
    amount: Any,
    most: Any,
    indptr: Any,
    tail: Any,
    head: Any,
    weight: Any,
    least: Any,
    flow: Any,
    start: Any,
    arcs: Any,
) -> int:
    """Find the least path of each pair, and load the amount of each pair on its path.

    Dijkstra's algorithm (1959) from one origin after the other, each until all its destinations are settled.

    Parameters
    ----------
    first
        Origin to begin with: 0, or where the search stopped before.
    origin, begin
        The origins, and where the pairs of each begin; shape (origins,) and (origins + 1,).
    destination, amount, most
        Destination of each pair, sorted by origin, its amount, and the weight from which it is not loaded; (pairs,).
    indptr, tail, head, weight
        Arcs sorted by tail: those of node i are `indptr[i]:indptr[i + 1]`; infinite weight is closed.
    least, flow
        To write: weight of each pair's path, infinite without one; the flow of each arc, to which loads are added.
    start, arcs
        To write: the arcs of each pair's path in the order of travel, `arcs[start[i]:start[i + 1]]`.

    Returns
    -------
    int
        The number of origins, or the origin to resume from with more room for arcs.
    """
    nodes = len(indptr) - 1
    distance, entering = np.empty(nodes), np.empty(nodes, dtype=np.int32)
    wanted = np.full(nodes, -1, dtype=np.int32)
    keys, items = np.empty(len(head) + 1), np.empty(len(head) + 1, dtype=np.int32)
    for number in range(first, len(origin)):
        root = origin[number]
        distance[:] = np.inf
        entering[:] = NO_ARC
        missing = 0
        for pair in range(begin[number], begin[number + 1]):
            if wanted[destination[pair]] != number:
                wanted[destination[pair]] = number
                missing += 1
        distance[root] = 0.0
        size = enqueue(keys, items, 0, 0.0, root, None)
        while size > 0 and missing > 0:
            here, node = keys[0], items[0]
            size = dequeue(keys, items, size, None)
            if here > distance[node]:
                continue
            if wanted[node] == number:
                wanted[node] = -1
                missing -= 1
            for arc in range(indptr[node], indptr[node + 1]):
                there = here + weight[arc]
                other = head[arc]
                if there < distance[other]:
                    distance[other] = there
                    entering[other] = arc
                    size = enqueue(keys, items, size, there, other, None)
        if not _trace(
            begin[number],
            begin[number + 1],
            root,
            destination,
            amount,
            most,
            tail,
            distance,
            entering,
            least,
            flow,
            start,
            arcs,
        ):
            return number
    return len(origin)


@njit
def _trace(
    low: int,
    high: int,
    root: int,
    destination: Any,
    amount: Any,
    most: Any,
    tail: Any,
    distance: Any,
    entering: Any,
    least: Any,
    flow: Any,
    start: Any,
    arcs: Any,
) -> bool:
    """Write the paths of the pairs of one origin and load them; return whether there was room for their arcs."""
    end = start[low]
    for pair in range(low, high):
        node, length = destination[pair], 0
        if np.isfinite(distance[node]):
            while node != root:
                node = tail[entering[node]]
                length += 1
        end += length
        start[pair + 1] = end
    if end > len(arcs):
        return False
    for pair in range(low, high):
        node = destination[pair]
        least[pair] = distance[node]
        loaded = amount[pair] if least[pair] < most[pair] else 0.0
        for place in range(start[pair + 1] - 1, start[pair] - 1, -1):
            arc = entering[node]
            arcs[place] = arc
            flow[arc] += loaded
            node = tail[arc]
    return True
