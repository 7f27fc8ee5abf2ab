"""Compiled searches for one criterion: shortest paths, and the k shortest loopless paths.

Everything works on flat arrays and is compiled by numba on first use. The k shortest loopless paths use Lawler's (1972)
partition of Yen's (1971) algorithm, with spur searches guided by one backward tree.
"""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import WORKSPACE_FULL, njit
from landbridge.routing.search.queues import BUCKETS, bucket_width, dequeue, enqueue, shelve, spread, unshelve


@njit
def nearest(
    indptr: Any,
    head: Any,
    weight: Any,
    starts: Any,
    offsets: Any,
    arrival: Any,
    ahead: Any,
    best: Any,
    predecessor: Any,
    edge_of: Any = None,
    usable: Any = None,
) -> int:
    """Compute the least weight of each node from the starts and the last edge of its path.

    Parameters
    ----------
    arrival
        Weight of ending at each node, infinite where no path may end, shape (nodes,); empty: paths to all are sought.
    ahead
        Lower bound of the weight from each node to an end, consistent with the weights, shape (nodes,); empty: 0.
    best, predecessor
        Output, infinite and -1 where no path leads.
    edge_of
        Whose weight each edge has, shape (edges,); None: each its own.
    usable
        With `edge_of`, which edges may be used; all that have a finite weight if None.

    Returns
    -------
    int
        Where the lightest path ends, -1 if nowhere; the search stops there.
    """
    best[:] = np.inf
    predecessor[:] = -1
    # An item is in the heap and on the list of a bucket once for each edge; bounds may open a node again by rounding.
    room = (len(head) + len(starts)) * (2 if len(ahead) else 1)
    keys, items, below = np.empty(2 * room), np.empty(2 * room, dtype=np.int32), np.empty(2 * room, dtype=np.int32)
    first, width = np.full(BUCKETS + 1, -1, dtype=np.int32), bucket_width(weight)
    size, used, bucket, begin, per_unit = 0, room, BUCKETS - 1, 0.0, 0.0
    for number in range(len(starts)):
        node = starts[number]
        key = offsets[number] + (ahead[node] if len(ahead) else 0.0)
        if offsets[number] < best[node] and key < np.inf:
            best[node] = offsets[number]
            used = shelve(keys, items, below, first, used, BUCKETS, key, node)
    least, end = np.inf, -1
    while True:
        while size == 0:
            bucket += 1
            if bucket == BUCKETS:
                if first[BUCKETS] < 0:
                    return end
                begin, per_unit = spread(keys, below, first, width)
                bucket = 0
            size = unshelve(keys, items, below, first, size, bucket)
        key, node = keys[0], items[0]
        size = dequeue(keys, items, size, None)
        if key >= least:
            return end
        if key > best[node] + (ahead[node] if len(ahead) else 0.0):
            continue
        if len(arrival) and best[node] + arrival[node] < least:
            least, end = best[node] + arrival[node], node
        for edge in range(indptr[node], indptr[node + 1]):
            if usable is not None and not usable[edge_of[edge]]:
                continue
            after, reached = head[edge], best[node] + (weight[edge] if edge_of is None else weight[edge_of[edge]])
            if reached < best[after]:
                best[after] = reached
                predecessor[after] = edge
                key = reached + (ahead[after] if len(ahead) else 0.0)
                place = (key - begin) * per_unit
                if place < bucket + 1:
                    size = enqueue(keys, items, size, key, after, None)
                elif key < np.inf:
                    used = shelve(keys, items, below, first, used, place, key, after)
            elif best[node] < reached == best[after] and edge < predecessor[after]:
                # Of equal paths each search takes the same, whatever it weighs.
                predecessor[after] = edge


@njit
def traced(following: Any, head: Any, edge_of: Any, node: int) -> Any:
    """Return the edges from a node to the end of its path, by the last edges that `nearest` found backward.

    Parameters
    ----------
    following
        First edge of the path from each node, -1 at its end.
    head, edge_of
        The node to which each edge leads, and what it is called.
    """
    path = np.empty(len(following), dtype=np.int64)
    size = 0
    while node >= 0 and following[node] >= 0:
        path[size] = edge_of[following[node]]
        node = head[following[node]]
        size += 1
    return path[:size]


@njit
def loopless(graph: Any, weight: Any, to_target: Any, source: int, target: int, wanted: int, work: Any) -> int:
    """Find the `wanted` shortest loopless paths between two nodes, the shortest first; return their number.

    Parameters
    ----------
    graph
        Arrays `indptr, tail, head` of the edges by their tail.
    weight, to_target
        Weight of each edge, not negative, and the least weight from each node to the target (infinite if unreachable).
    work
        Arrays `paths, first, pool, pool_first, pool_last, pool_weight, pool_spur, spur, shares, marked, banned,
        least, reached, via, left, keys, items, touched`. Path i is `paths[first[i]:first[i + 1]]`, as edges.

    Returns
    -------
    int
        Number of paths, or `WORKSPACE_FULL`.

    Notes
    -----
    A candidate is the shortest path that follows an accepted one up to a node and leaves that node by an edge not used
    there by accepted paths. Each set of paths is searched once: deviations start only from the node at which a path
    deviated from its parent.
    """
    paths, first, pool, pool_first, pool_last, pool_weight, pool_spur, spur, shares, marked, banned, least = work[:12]
    search = work[12:]
    reached = search[0]
    marked[:], banned[:] = -1, -1
    least[:] = np.inf
    taken, candidates, room, ban = 0, 0, 0, 0
    first[0] = 0
    if np.isfinite(to_target[source]) and _spur(
        graph, weight, to_target, source, target, marked, -2, banned, -2, np.inf, search
    ):
        room = _write(pool, 0, paths, 0, 0, graph, source, target, search)
        if room < 0:
            return WORKSPACE_FULL
        pool_first[0], pool_last[0], pool_weight[0], pool_spur[0] = 0, room, reached[target], 0
        least[0] = reached[target]
        candidates = 1
        _forget(search)
    while taken < wanted:
        chosen = -1
        for candidate in range(candidates):
            if pool_weight[candidate] < np.inf and (chosen < 0 or pool_weight[candidate] < pool_weight[chosen]):
                chosen = candidate
        if chosen < 0:
            break
        start, size = first[taken], pool_last[chosen] - pool_first[chosen]
        if start + size > len(paths):
            return WORKSPACE_FULL
        paths[start : start + size] = pool[pool_first[chosen] : pool_last[chosen]]
        first[taken + 1], spur[taken] = start + size, pool_spur[chosen]
        pool_weight[chosen] = np.inf
        taken += 1
        if taken == wanted:
            break
        shares[:taken] = True
        node, prefix = source, 0.0
        for step in range(size):
            if step >= spur[taken - 1]:
                ban += 1
                for other in range(taken):
                    if shares[other] and first[other] + step < first[other + 1]:
                        banned[paths[first[other] + step]] = ban
                if _spur(
                    graph, weight, to_target, node, target, marked, taken, banned, ban, least[-1] - prefix, search
                ):
                    if candidates == len(pool_weight):
                        return WORKSPACE_FULL
                    end = _write(pool, room, paths, start, step, graph, node, target, search)
                    if end < 0:
                        return WORKSPACE_FULL
                    pool_first[candidates], pool_last[candidates] = room, end
                    pool_weight[candidates], pool_spur[candidates] = prefix + reached[target], step
                    _insert(least, pool_weight[candidates])
                    candidates += 1
                    room = end
                _forget(search)
            edge = paths[start + step]
            for other in range(taken):
                if shares[other] and (first[other] + step >= first[other + 1] or paths[first[other] + step] != edge):
                    shares[other] = False
            marked[node] = taken
            prefix += weight[edge]
            node = graph[2][edge]
    return taken


@njit
def _spur(
    graph: Any,
    weight: Any,
    to_target: Any,
    source: int,
    target: int,
    marked: Any,
    mark: int,
    banned: Any,
    ban: int,
    below: float,
    search: Any,
) -> bool:
    """Find the shortest path to the target that avoids marked nodes and does not begin with a banned edge.

    Paths with a weight of `below` or more are ignored, since enough better ones are known.
    """
    indptr, _, head = graph
    reached, via, left, keys, items, touched = search
    reached[source], via[source] = 0.0, -1
    touched[0], count = source, 1
    size = enqueue(keys, items, 0, to_target[source], source, None)
    found = False
    while size > 0:
        node = items[0]
        size = dequeue(keys, items, size, None)
        if left[node]:
            continue
        left[node] = True
        if node == target:
            found = True
            break
        for edge in range(indptr[node], indptr[node + 1]):
            after = head[edge]
            if (
                left[after]
                or marked[after] == mark
                or (node == source and banned[edge] == ban)
                or not np.isfinite(to_target[after])
                or weight[edge] == np.inf
            ):
                continue
            there = reached[node] + weight[edge]
            if there < reached[after] and there + to_target[after] < below:
                if reached[after] == np.inf:
                    touched[count] = after
                    count += 1
                reached[after], via[after] = there, edge
                size = enqueue(keys, items, size, there + to_target[after], after, None)
    touched[-1] = count
    return found


@njit
def _insert(least: Any, value: float) -> None:
    """Insert a value into the sorted array of the smallest ones, dropping the last."""
    place = len(least) - 1
    if value >= least[place]:
        return
    while place > 0 and least[place - 1] > value:
        least[place] = least[place - 1]
        place -= 1
    least[place] = value


@njit
def _forget(search: Any) -> None:
    """Reset the arrays of a spur search, at a cost proportional to the nodes it touched."""
    reached, _, left, _, _, touched = search
    for number in range(touched[-1]):
        reached[touched[number]] = np.inf
        left[touched[number]] = False
    touched[-1] = 0


@njit
def _write(
    pool: Any, room: int, paths: Any, start: int, step: int, graph: Any, source: int, target: int, search: Any
) -> int:
    """Write the first `step` edges of a path and the spur found after them to the pool; return the end, -1 if full."""
    tail, via = graph[1], search[1]
    size, node = step, target
    while node != source:
        size += 1
        node = tail[via[node]]
    if room + size > len(pool):
        return -1
    pool[room : room + step] = paths[start : start + step]
    place, node = room + size, target
    while node != source:
        place -= 1
        pool[place] = via[node]
        node = tail[via[node]]
    return room + size
