"""Compiled search for the lightest path that makes required crossings and visits places, in the stages of a query.

The product of states and stages is never built: where an edge leads from a stage is looked up when it is passed.
"""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import dequeue, enqueue


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
    states = len(indptr) - 1
    room = prior.shape[1] * len(edges) + len(ends)
    keys, items = np.empty(room), np.empty(room, dtype=np.int32)
    best[:] = np.inf
    size = 0
    for number in range(len(ends)):
        node = ends[number]
        if offsets[number] < best[node]:
            best[node] = offsets[number]
            edge_on[node] = -1
            size = enqueue(
                keys, items, size, offsets[number] + (ahead[node % states] if len(ahead) else 0.0), node, None
            )
    least, start = limit, -1
    while size > 0:
        key, node = keys[0], items[0]
        size = dequeue(keys, items, size, None)
        if key >= least:
            break
        stage, state = divmod(node, states)
        here = best[node]
        if key > here + (ahead[state] if len(ahead) else 0.0):
            continue
        if len(arrival) and here + arrival[node] < least:
            least, start = here + arrival[node], node
        for place in range(indptr[state], indptr[state + 1]):
            edge = edges[place]
            reached = here + weight[edge]
            if reached == np.inf:
                continue
            before = tail[edge]
            bound = ahead[before] if len(ahead) else 0.0
            for way in prior[kind[edge], stage]:
                if way < 0:
                    break
                other = way * states + before
                if reached < best[other]:
                    best[other] = reached
                    edge_on[other], node_on[other] = edge, node
                    size = enqueue(keys, items, size, reached + bound, other, None)
                elif here < reached == best[other] and edge_on[other] >= 0 and node < node_on[other]:
                    # Of equal paths each search takes the same, whatever it weighs.
                    edge_on[other], node_on[other] = edge, node
    return start
