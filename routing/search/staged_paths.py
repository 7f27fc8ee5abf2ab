"""Compiled search for the lightest path that makes required crossings and visits places, in the stages of a query.

The product of states and stages is never built: where an edge leads from a stage is looked up when it is passed.
"""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import BUCKETS, bucket_width, dequeue, enqueue, shelve, spread, unshelve


@njit
def spread_back(
    incoming: Any,
    moves: Any,
    weight: Any,
    ends: Any,
    offsets: Any,
    arrival: Any,
    ahead: Any,
    limit: float,
    best: Any,
    edge_on: Any,
    node_on: Any,
) -> int:
    """Compute the least weight from each node to the ends, and the first edge and the next node of its path.

    A node is a state in a stage: stage * states + state. An A* search if lower bounds are given.

    Parameters
    ----------
    incoming
        Arrays `indptr, edge, tail`: `edge[indptr[i]:indptr[i + 1]]` lead to state i, each from its `tail`.
    moves
        Arrays `kind, prior`: the kind of each edge, and for each kind and stage the stages from which it leads there,
        ended by -1, shape (kinds, stages, most + 1).
    weight
        Weight of each edge, infinite if it must not be used.
    ends, offsets
        Nodes where paths end, and the weight of ending there.
    arrival
        Weight of starting at each node, infinite where no path may start, shape (nodes,); empty: all nodes are sought.
    ahead
        Lower bound of the weight from a start to each state, shape (states,); empty: 0.
    limit
        Weight of a path from which on none is sought: where one leads at most to heavier ones a node may have too much.
    best, edge_on, node_on
        Output, infinite and not set where no path leads to an end.

    Returns
    -------
    int
        Where the lightest path starts, -1 if nowhere; the search stops there.
    """
    indptr, edges, tail = incoming
    kind, prior = moves
    states, most = len(indptr) - 1, prior.shape[2]
    # An item is in the heap and on the list of a bucket once for each edge; bounds may open a node again by rounding.
    room = (prior.shape[1] * len(edges) + len(ends)) * (2 if len(ahead) else 1)
    keys, items, below = np.empty(2 * room), np.empty(2 * room, dtype=np.int32), np.empty(2 * room, dtype=np.int32)
    first, width = np.full(BUCKETS + 1, -1, dtype=np.int32), bucket_width(weight)
    size, used, bucket, begin, per_unit = 0, room, BUCKETS - 1, 0.0, 0.0
    best[:] = np.inf
    for number in range(len(ends)):
        node = ends[number]
        key = offsets[number] + (ahead[node % states] if len(ahead) else 0.0)
        if offsets[number] < best[node] and key < limit:
            best[node], edge_on[node] = offsets[number], -1
            used = shelve(keys, items, below, first, used, BUCKETS, key, node)
    least, start = limit, -1
    while True:
        while size == 0:
            bucket += 1
            if bucket == BUCKETS:
                if first[BUCKETS] < 0:
                    return start
                begin, per_unit = spread(keys, below, first, width)
                bucket = 0
            size = unshelve(keys, items, below, first, size, bucket)
        key, node = keys[0], items[0]
        size = dequeue(keys, items, size, None)
        if key >= least:
            return start
        stage, state = divmod(node, states)
        here = best[node]
        if key > here + (ahead[state] if len(ahead) else 0.0):
            continue
        if len(arrival) and here + arrival[node] < least:
            least, start = here + arrival[node], node
        for place in range(indptr[state], indptr[state + 1]):
            edge = edges[place]
            reached, before = here + weight[edge], tail[edge]
            key = reached + (ahead[before] if len(ahead) else 0.0)
            if key >= limit:
                continue
            for way in range(most):
                from_stage = prior[kind[edge], stage, way]
                if from_stage < 0:
                    break
                other = from_stage * states + before
                if reached < best[other]:
                    best[other], edge_on[other], node_on[other] = reached, edge, node
                    due = (key - begin) * per_unit
                    if due < bucket + 1:
                        size = enqueue(keys, items, size, key, other, None)
                    else:
                        used = shelve(keys, items, below, first, used, due, key, other)
                elif here < reached == best[other] and edge_on[other] >= 0 and node < node_on[other]:
                    # Of equal paths each search takes the same, whatever it weighs.
                    edge_on[other], node_on[other] = edge, node
