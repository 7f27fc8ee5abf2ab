"""Compiled label setting for two criteria: one queue entry for each arc, and permanent labels only.

The labels of a node are made in ascending order of the first criterion, so they are a list to which labels are only
added, and each arc is a queue over the list of its tail: only its next label that is not dominated is in the common
queue. A label is dominated if the last one of its node has no more of the second criterion (BOA*, Hernandez Ulloa et
al. 2020; the queue over lists as in T-MDA, Maristany de las Casas et al. 2023).
"""

from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit, njit_inline
from landbridge.routing.search.queues import dequeue, enqueue, replace_first

CHUNK: Final = 8
"""Labels of a node that lie side by side, so that following its list seldom waits for memory."""

LABELS, POINTS, CHUNKS, QUEUED, FULL, FIRST = range(6)
"""The state of a search: numbers of labels, points, chunks and queued arcs, whether it lacks room, the first point."""

_LEAST: Final = 3


@njit_inline
def _passes(after: Any, target_least: float, first: float, second: float, window: Any) -> bool:
    """Whether a label at a node is neither dominated there nor outside what is sought.

    Parameters
    ----------
    after
        Of the node: least of both criteria and of the weighted sum from there to the target, and the least of the
        second criterion of its labels.
    window
        First criterion below which paths are sought, and the weights of the criteria in the sum.
    """
    limit, of_first, of_second = window
    return bool(
        second < after[_LEAST]
        and second + after[1] < target_least
        and first + after[0] < limit
        and of_first * first + of_second * second + after[2] < of_first * limit + of_second * target_least
    )


@njit_inline
def _next_in_list(label: int, last: int, next_chunk: Any) -> int:
    """Return the label that follows one in the list of its node, -1 after the last."""
    if label == last:
        return -1
    if (label + 1) % CHUNK:
        return label + 1
    return int(next_chunk[label // CHUNK]) * CHUNK


@njit_inline
def _added(last: int, state: Any, next_chunk: Any) -> int:
    """Return the place of a new label at the end of the list of a node, -1 if there is no room."""
    if last >= 0 and (last + 1) % CHUNK:
        return last + 1
    if state[CHUNKS] == len(next_chunk):
        state[FULL] = 1
        return -1
    if last >= 0:
        next_chunk[last // CHUNK] = state[CHUNKS]
    state[CHUNKS] += 1
    return int(state[CHUNKS] - 1) * CHUNK


@njit
def search_window(graph: Any, nodes: Any, window: Any, epsilon: float, budget: int, work: Any, labels: Any) -> None:
    """Find the points of a front of two criteria within a window, in ascending order of the first, or go on with it.

    Parameters
    ----------
    graph
        Arrays `indptr, tail, head, costs` of the arcs by their tail, costs of shape (arcs, 2), not negative. Paths lead
        from the last node but one to the last.
    nodes
        Of each node the least of the first and second criterion and of the weighted sum from there to the target, and
        the least of the second criterion of its labels: infinite at first, and for the target the limit of the second
        criterion, shape (nodes, 4).
    window
        Limit of the first criterion and the weights of the criteria in the sum. Only points are sought that are below
        both limits, and below their corner in the weighted sum.
    epsilon
        Points with more of the second criterion than the last point / (1 + epsilon) are not sought.
    budget
        Number of labels after which the search pauses.
    work
        Arrays `state, last, at, keys, queue, rows`: `state` as its constants say, the last label of each node (-1
        initially), of each arc the label of its tail that it is to follow (-1: none), and the queue.
    labels
        Arrays `values, links, next_chunk`: criteria of each label; the label before it, its arc and its number.

    Notes
    -----
    If the state is FULL it goes on when called again with larger arrays of labels, which begin with the same.
    """
    indptr, tail, head, costs = graph
    state, last, at, keys, queue, rows = work
    values, links, next_chunk = labels
    target = len(indptr) - 2
    state[FULL] = 0
    made, node = -1, target - 1
    if not state[LABELS]:
        made = _added(-1, state, next_chunk)
        values[made, 0], values[made, 1], links[made, 0], links[made, 1], links[made, 2] = 0.0, 0.0, -1, -1, 0
        last[node] = made
        state[LABELS] = 1
    while True:
        if made >= 0 and node != target:
            least = nodes[target, _LEAST]
            for arc in range(indptr[node], indptr[node + 1]):
                after = head[arc]
                first, second = values[made, 0] + costs[arc, 0], values[made, 1] + costs[arc, 1]
                if at[arc] < 0 and _passes(nodes[after], least, first, second, window):
                    at[arc] = made
                    rows[arc, 0], rows[arc, 1] = second + nodes[after, 1], links[made, 2]
                    state[QUEUED] = enqueue(keys, queue, state[QUEUED], first + nodes[after, 0], arc, rows)
        if not state[QUEUED] or state[LABELS] >= budget:
            return
        made, arc = -1, queue[0]
        node, label = head[arc], at[arc]
        ahead, first, second = nodes[node], values[label, 0] + costs[arc, 0], values[label, 1] + costs[arc, 1]
        if _passes(ahead, nodes[target, _LEAST], first, second, window):
            made = _added(last[node], state, next_chunk)
            if made < 0:
                return
            values[made, 0], values[made, 1] = first, second
            links[made, 0], links[made, 1], links[made, 2] = label, arc, state[LABELS]
            state[LABELS] += 1
            last[node], ahead[_LEAST] = made, second
            if node == target:
                if not state[POINTS]:
                    state[FIRST] = made
                state[POINTS] += 1
                ahead[_LEAST] = second / (1.0 + epsilon)
        least, end = nodes[target, _LEAST], last[tail[arc]]
        while True:
            label = _next_in_list(label, end, next_chunk)
            if label < 0:
                break
            first, second = values[label, 0] + costs[arc, 0], values[label, 1] + costs[arc, 1]
            if _passes(ahead, least, first, second, window):
                break
        at[arc] = label
        if label < 0:
            state[QUEUED] = dequeue(keys, queue, state[QUEUED], rows)
        else:
            rows[arc, 0], rows[arc, 1] = second + ahead[1], links[label, 2]
            replace_first(keys, queue, state[QUEUED], first + ahead[0], arc, rows)


@njit
def points_of(state: Any, next_chunk: Any, last: int) -> Any:
    """Return the labels of the points, shape (points,), given the last one."""
    found = np.empty(state[POINTS], dtype=np.int32)
    label = state[FIRST]
    for point in range(state[POINTS]):
        found[point] = label
        label = _next_in_list(label, last, next_chunk)
    return found


@njit
def arcs_of(label: int, links: Any) -> Any:
    """Return the arcs of the path of a label, in the order of travel."""
    length, at = 0, label
    while links[at, 0] >= 0:
        length, at = length + 1, links[at, 0]
    arcs, at = np.empty(length, dtype=np.int32), label
    for place in range(length - 1, -1, -1):
        arcs[place], at = links[at, 1], links[at, 0]
    return arcs
