"""Compiled label setting for two and three criteria: one queue entry for each arc, and permanent labels only.

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

LABELS, POINTS, CHUNKS, QUEUED, FULL, FIRST, STEPS = range(7)
"""The state of a search: numbers of labels, points, chunks and queued arcs, whether it lacks room, the first point.

With three criteria also the number of steps of all staircases."""

LABELS_FULL, STEPS_FULL = 1, 2
"""What lacks room."""

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
        state[FULL] = LABELS_FULL
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
def _rise(keys: Any, items: Any, place: int, first: float, second: float, number: int, arc: int) -> None:
    """Put an arc into the queue, at a place or above it."""
    while place > 0:
        above = (place - 1) >> 2
        if not _goes_before(first, second, number, keys[above, 0], keys[above, 1], items[above, 0]):
            break
        keys[place, 0], keys[place, 1] = keys[above, 0], keys[above, 1]
        items[place, 0], items[place, 1] = items[above, 0], items[above, 1]
        place = above
    keys[place, 0], keys[place, 1], items[place, 0], items[place, 1] = first, second, number, arc


@njit_inline
def _sink(keys: Any, items: Any, size: int, first: float, second: float, number: int, arc: int) -> None:
    """Put an arc into the queue, at the first place or below it."""
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
                    _rise(keys, items, state[QUEUED], key, second_key, links[made, 2], arc)
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
            _sink(keys, items, end, keys[end, 0], keys[end, 1], items[end, 0], items[end, 1])
        else:
            key, second_key = first + nodes[node, 0], second + nodes[node, 1]
            _sink(keys, items, state[QUEUED], key, second_key, links[label, 2], arc)


_START, _SIZE, _ROOM = range(3)


@njit_inline
def _above_stairs(steps: Any, places: Any, node: int, second: float, third: float) -> bool:
    """Whether some label of a node has no more of the second and third criterion."""
    low, high = places[node, _START], places[node, _START] + places[node, _SIZE]
    while low < high:
        middle = (low + high) >> 1
        if steps[middle, 0] <= second:
            low = middle + 1
        else:
            high = middle
    return bool(low > places[node, _START] and steps[low - 1, 1] <= third)


@njit_inline
def _with_room(steps: Any, places: Any, node: int, state: Any) -> bool:
    """Make room for a step of a node, at the end of all stairs if need be; whether there is."""
    size, room = places[node, _SIZE], places[node, _ROOM]
    if size < room:
        return True
    more = max(4, 2 * room)
    if state[STEPS] + more > len(steps):
        state[FULL] = STEPS_FULL
        return False
    for step in range(size):
        old, new = places[node, _START] + step, state[STEPS] + step
        steps[new, 0], steps[new, 1] = steps[old, 0], steps[old, 1]
    places[node, _START], places[node, _ROOM] = state[STEPS], more
    state[STEPS] += more
    return True


@njit_inline
def _step(steps: Any, places: Any, node: int, second: float, third: float) -> None:
    """Add a step to the stairs of a node, which have room for it, and remove those that it makes superfluous."""
    begin = places[node, _START]
    end = begin + places[node, _SIZE]
    place = end
    while place > begin and steps[place - 1, 0] >= second:
        place -= 1
    after = place
    while after < end and steps[after, 1] >= third:
        after += 1
    if after == place:
        for step in range(end, place, -1):
            steps[step, 0], steps[step, 1] = steps[step - 1, 0], steps[step - 1, 1]
    else:
        for step in range(after, end):
            new = step - (after - place - 1)
            steps[new, 0], steps[new, 1] = steps[step, 0], steps[step, 1]
    steps[place, 0], steps[place, 1] = second, third
    places[node, _SIZE] += 1 - (after - place)


@njit
def search_stairs(graph: Any, ahead: Any, budget: int, work: Any, labels: Any, steps: Any, places: Any) -> None:
    """Find the points of a front of three criteria in ascending order of the first, or go on with it.

    At each node the second and third criterion of its labels are a staircase, sorted by the second: a label is
    dominated if the step before it is no higher. Where labels are equal in the first two criteria, one that the third
    dominates may be kept, and be a point; such points are to be removed.

    Parameters
    ----------
    graph, budget, work, labels
        As in `search_window`, with three criteria.
    ahead
        Least of each criterion from each node to the target, shape (nodes, 3).
    steps, places
        The stairs of all nodes, shape (steps, 2), and where those of each node begin, their number and their room,
        initially 0, shape (nodes, 3).

    Notes
    -----
    If the state is FULL it goes on when called again with larger arrays of labels or steps.
    """
    indptr, tail, head, costs = graph
    state, last, at, keys, items = work
    values, links, next_chunk = labels
    target = len(indptr) - 2
    state[FULL] = 0
    made, node = -1, target - 1
    if not state[LABELS]:
        made = _added(-1, state, next_chunk)
        values[made, :] = 0.0
        links[made, 0], links[made, 1], links[made, 2] = -1, -1, 0
        last[node] = made
        state[LABELS] = 1
    while True:
        if made >= 0 and node != target:
            for arc in range(indptr[node], indptr[node + 1]):
                if at[arc] >= 0:
                    continue
                after = head[arc]
                second, third = values[made, 1] + costs[arc, 1], values[made, 2] + costs[arc, 2]
                if _above_stairs(steps, places, after, second, third):
                    continue
                if not _above_stairs(steps, places, target, second + ahead[after, 1], third + ahead[after, 2]):
                    at[arc] = made
                    key = values[made, 0] + costs[arc, 0] + ahead[after, 0]
                    _rise(keys, items, state[QUEUED], key, second + ahead[after, 1], links[made, 2], arc)
                    state[QUEUED] += 1
        if not state[QUEUED] or state[LABELS] >= budget:
            return
        made, arc = -1, items[0, 1]
        node, label = head[arc], at[arc]
        second, third = values[label, 1] + costs[arc, 1], values[label, 2] + costs[arc, 2]
        if not (
            _above_stairs(steps, places, node, second, third)
            or _above_stairs(steps, places, target, second + ahead[node, 1], third + ahead[node, 2])
        ):
            if not _with_room(steps, places, node, state):
                return
            made = _added(last[node], state, next_chunk)
            if made < 0:
                return
            values[made, 0], values[made, 1], values[made, 2] = values[label, 0] + costs[arc, 0], second, third
            links[made, 0], links[made, 1], links[made, 2] = label, arc, state[LABELS]
            state[LABELS] += 1
            last[node] = made
            _step(steps, places, node, second, third)
            if node == target:
                if not state[POINTS]:
                    state[FIRST] = made
                state[POINTS] += 1
        end = last[tail[arc]]
        while True:
            label = _next_in_list(label, end, next_chunk)
            if label < 0:
                break
            second, third = values[label, 1] + costs[arc, 1], values[label, 2] + costs[arc, 2]
            if not _above_stairs(steps, places, node, second, third) and not _above_stairs(
                steps, places, target, second + ahead[node, 1], third + ahead[node, 2]
            ):
                break
        at[arc] = label
        if label < 0:
            state[QUEUED] -= 1
            end = state[QUEUED]
            _sink(keys, items, end, keys[end, 0], keys[end, 1], items[end, 0], items[end, 1])
        else:
            key = values[label, 0] + costs[arc, 0] + ahead[node, 0]
            _sink(keys, items, state[QUEUED], key, second + ahead[node, 1], links[label, 2], arc)


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
