"""Compiled label setting for two criteria: one queue entry for each arc, and permanent labels only.

The labels of a node are made in ascending order of the first criterion, so they are a list to which labels are only
added, and each arc is a queue over the list of its tail: only its next label that is not dominated is in the common
queue. A label is dominated if the last one of its node has no more of the second criterion (BOA*, Hernandez Ulloa et
al. 2020; the queue over lists as in T-MDA, Maristany de las Casas et al. 2023).
"""

from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit, njit_inline

CHUNK: Final = 8
"""Labels of a node that lie side by side, so that following its list seldom waits for memory."""

LABELS, POINTS, CHUNKS, QUEUED, FULL, FIRST = range(6)
"""The state of a search: numbers of labels, points, chunks and queued arcs, whether it lacks room, the first point."""

_LEAST: Final = 3


@njit_inline
def _passes(nodes: Any, node: int, target_least: float, first: float, second: float, window: Any) -> bool:
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
        second < nodes[node, _LEAST]
        and second + nodes[node, 1] < target_least
        and first + nodes[node, 0] < limit
        and of_first * first + of_second * second + nodes[node, 2] < of_first * limit + of_second * target_least
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


@njit_inline
def _goes_before(first: float, second: float, number: int, other: float, other_second: float, of_other: int) -> bool:
    """Whether a label goes before another one: by both criteria, then the one whose parent was made first."""
    if first != other:
        return bool(first < other)
    if second != other_second:
        return bool(second < other_second)
    return bool(number < of_other)


@njit_inline
def _rise(queue: Any, place: int, first: float, second: float, number: int, arc: int) -> None:
    """Put an arc into the queue, at a place or above it."""
    keys, items = queue
    while place > 0:
        above = (place - 1) >> 2
        if not _goes_before(first, second, number, keys[above, 0], keys[above, 1], items[above, 0]):
            break
        keys[place, 0], keys[place, 1] = keys[above, 0], keys[above, 1]
        items[place, 0], items[place, 1] = items[above, 0], items[above, 1]
        place = above
    keys[place, 0], keys[place, 1], items[place, 0], items[place, 1] = first, second, number, arc


@njit_inline
def _sink(queue: Any, size: int, first: float, second: float, number: int, arc: int) -> None:
    """Put an arc into the queue, at the first place or below it."""
    keys, items = queue
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if _goes_before(
                keys[other, 0], keys[other, 1], items[other, 0], keys[least, 0], keys[least, 1], items[least, 0]
            ):
                least = other
        if not _goes_before(keys[least, 0], keys[least, 1], items[least, 0], first, second, number):
            break
        keys[place, 0], keys[place, 1] = keys[least, 0], keys[least, 1]
        items[place, 0], items[place, 1] = items[least, 0], items[least, 1]
        place = least
    keys[place, 0], keys[place, 1], items[place, 0], items[place, 1] = first, second, number, arc


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
        Arrays `state, last, at, keys, items`: `state` as its constants say, the last label of each node (-1
        initially), of each arc the label of its tail that it is to follow (-1: none), and the queue: both criteria,
        and the number of that label and the arc.
    labels
        Arrays `values, links, next_chunk`: criteria of each label; the label before it, its arc and its number.

    Notes
    -----
    If the state is FULL it goes on when called again with larger arrays of labels, which begin with the same.
    """
    indptr, tail, head, costs = graph
    state, last, at, keys, items = work
    queue = keys, items
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
                if at[arc] < 0 and _passes(nodes, after, least, first, second, window):
                    at[arc] = made
                    key, second_key = first + nodes[after, 0], second + nodes[after, 1]
                    _rise(queue, state[QUEUED], key, second_key, links[made, 2], arc)
                    state[QUEUED] += 1
        if not state[QUEUED] or state[LABELS] >= budget:
            return
        made, arc = -1, items[0, 1]
        node, label = head[arc], at[arc]
        first, second = values[label, 0] + costs[arc, 0], values[label, 1] + costs[arc, 1]
        if _passes(nodes, node, nodes[target, _LEAST], first, second, window):
            made = _added(last[node], state, next_chunk)
            if made < 0:
                return
            values[made, 0], values[made, 1] = first, second
            links[made, 0], links[made, 1], links[made, 2] = label, arc, state[LABELS]
            state[LABELS] += 1
            last[node], nodes[node, _LEAST] = made, second
            if node == target:
                if not state[POINTS]:
                    state[FIRST] = made
                state[POINTS] += 1
                nodes[node, _LEAST] = second / (1.0 + epsilon)
        least, end = nodes[target, _LEAST], last[tail[arc]]
        while True:
            label = _next_in_list(label, end, next_chunk)
            if label < 0:
                break
            first, second = values[label, 0] + costs[arc, 0], values[label, 1] + costs[arc, 1]
            if _passes(nodes, node, least, first, second, window):
                break
        at[arc] = label
        if label < 0:
            state[QUEUED] -= 1
            end = state[QUEUED]
            _sink(queue, end, keys[end, 0], keys[end, 1], items[end, 0], items[end, 1])
        else:
            _sink(queue, state[QUEUED], first + nodes[node, 0], second + nodes[node, 1], links[label, 2], arc)


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
