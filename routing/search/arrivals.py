"""Compiled earliest arrival at every state: the dated counterpart of a shortest path tree."""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import dequeue, enqueue
from landbridge.routing.search.timing import begins, ends


@njit
def earliest(graph: Any, clock: Any, starts: Any, max_wait_h: float, found: Any) -> None:
    """Compute the earliest arrival at each state by Dijkstra's algorithm with a clock.

    Cargo moves on as soon as possible and waits only for departures and openings, so the earliest arrival at each state
    is kept, as in `landbridge.routing.questions.dated`.

    Parameters
    ----------
    graph
        `indptr` and `head` of the state graph, whether each edge may be used under the conditions, and a weight of each
        edge that decides between ways of the same arrival.
    clock
        Arrays of the clock for the edges of the state graph.
    starts
        Nodes at which cargo starts, and the time at which it is there.
    found
        Output arrays: arrival at each state and the edge by which it is reached (initially infinite and -1), and the
        start and end of each edge from a reached state (initially infinite).
    """
    indptr, head, usable, tie = graph
    nodes, moments = starts
    arrival, edge_to, begin_h, end_h = found
    hours = clock[7]
    weight = np.zeros(len(arrival))
    keys, items, size = np.empty(len(head) + len(nodes)), np.empty(len(head) + len(nodes), dtype=np.int32), 0
    for number in range(len(nodes)):
        if moments[number] < arrival[nodes[number]]:
            arrival[nodes[number]] = moments[number]
            size = enqueue(keys, items, size, moments[number], nodes[number], None)
    while size > 0:
        moment, node = keys[0], items[0]
        size = dequeue(keys, items, size, None)
        if moment > arrival[node]:
            continue
        for edge in range(indptr[node], indptr[node + 1]):
            if not usable[edge]:
                continue
            begin = begins(clock, edge, moment, max_wait_h)
            if begin == np.inf:
                continue
            begin_h[edge] = begin
            end_h[edge] = ends(clock, edge, begin, hours[edge])
            after = head[edge]
            if end_h[edge] < arrival[after]:
                size = enqueue(keys, items, size, end_h[edge], after, None)
            elif not (moment < end_h[edge] == arrival[after] and weight[node] + tie[edge] < weight[after]):
                continue
            arrival[after], edge_to[after], weight[after] = end_h[edge], edge, weight[node] + tie[edge]


@njit
def along(clock: Any, start: Any, edges: Any, moments: Any, max_wait_h: float) -> tuple[Any, Any]:
    """Return when each of the edges `edges[start[i]:start[i + 1]]` begins and ends, infinite if it cannot.

    Parameters
    ----------
    clock
        Arrays of the clock for the edges of the state graph.
    moments
        When cargo is at the first of the edges of each list, shape (lists,).
    """
    begin_h, end_h = np.full(len(edges), np.inf), np.full(len(edges), np.inf)
    hours = clock[7]
    for number in range(len(moments)):
        moment = moments[number]
        for place in range(start[number], start[number + 1]):
            if moment < np.inf:
                begin_h[place] = begins(clock, edges[place], moment, max_wait_h)
            if begin_h[place] < np.inf:
                end_h[place] = ends(clock, edges[place], begin_h[place], hours[edges[place]])
            moment = end_h[place]
    return begin_h, end_h
