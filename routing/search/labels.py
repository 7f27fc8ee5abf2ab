"""Compiled label setting: exact Pareto fronts of several criteria, with a clock if the first is the time of day.

A label is a path to a node. At each node the non-dominated labels are kept. Labels leave the queue in lexicographic
order of their lower bounds, so the first criterion never decreases, and dominance is a test of the others only
(NAMOA*dr, Pulido, Mandow and Perez de la Cruz 2015; for two criteria BOA*, Hernandez Ulloa et al. 2020).
"""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import dequeue, enqueue
from landbridge.routing.search.timing import begins, ends


@njit
def _beaten(label: int, following: Any, values: Any, row: Any, first: int, scale: float) -> bool:
    """Whether a label of a list is within a factor of a row in every criterion from `first` on."""
    while label >= 0:
        better = True
        for criterion in range(first, len(row)):
            if values[label, criterion] > row[criterion] * scale:
                better = False
                break
        if better:
            return True
        label = following[label]
    return False


@njit
def _within(row: Any, limits: Any) -> bool:
    """Whether no column of a row is above its limit."""
    within = True
    for column in range(len(limits)):
        within = within and row[column] <= limits[column]
    return within


@njit
def _keep(heads: Any, node: int, following: Any, values: Any, label: int) -> None:
    """Add a label to the list of its node and remove those that it dominates in every criterion but the first."""
    predecessor, other = -1, heads[node]
    while other >= 0:
        after = following[other]
        worse = True
        for criterion in range(1, values.shape[1]):
            if values[other, criterion] < values[label, criterion]:
                worse = False
                break
        if not worse:
            predecessor = other
        elif predecessor < 0:
            heads[node] = after
        else:
            following[predecessor] = after
        other = after
    following[label] = heads[node]
    heads[node] = label


@njit
def _unlink(heads: Any, node: int, following: Any, label: int) -> None:
    """Remove a label from the list of its node."""
    if heads[node] == label:
        heads[node] = following[label]
        return
    predecessor = heads[node]
    while following[predecessor] != label:
        predecessor = following[predecessor]
    following[predecessor] = following[label]


@njit
def _within_factor(path: Any, apex: Any, bound: Any, scale: float) -> bool:
    for criterion in range(len(apex)):
        if path[criterion] + bound[criterion] > (apex[criterion] + bound[criterion]) * scale:
            return False
    return True


@njit
def _merge(label: int, node: int, opened: Any, bound: Any, scale: float, labels: Any) -> None:
    """Merge a new label with an open one at its node, if the path of either can represent both.

    The apex of a label is at most, in every criterion, each path that it represents; its own path is within the factor
    of the apex, including bounds. Omitted paths are therefore never better by more than the factor, however often
    labels are merged (A*pex, Zhang et al. 2022).
    """
    values, paths, edge_of, parent, following, alive = labels
    other = opened[node]
    apex = np.empty(values.shape[1])
    while other >= 0:
        for criterion in range(len(apex)):
            apex[criterion] = min(values[label, criterion], values[other, criterion])
        own = _within_factor(paths[label], apex, bound, scale)
        if own or _within_factor(paths[other], apex, bound, scale):
            if not own:
                paths[label, :] = paths[other]
                edge_of[label], parent[label] = edge_of[other], parent[other]
            values[label, :] = apex
            alive[other] = False
            _unlink(opened, node, following, other)
            break
        other = following[other]


@njit
def _remember(row: Any, first: int, edge: int, memory: Any) -> bool:
    """Move the memory of a label, the columns of its row from `first`, over an edge; whether it may be taken.

    A country is not met (0), being passed (1), or left (2), and is never entered again; a link, state or end is not
    used (0) or used (2), and never used again.
    """
    touched, once, on_land = memory
    for item in range(len(once)):
        state = row[first + item]
        if touched[edge, item]:
            if state == 2.0:
                return False
            row[first + item] = 2.0 if once[item] else 1.0
        elif on_land[edge] and state == 1.0:
            row[first + item] = 2.0
    return True


@njit
def _least_with(row: Any, node: int, first: int, left: Any) -> float:
    """Return the least of the first criterion of a path through a node, given what its memory rules out from there."""
    least = 0.0
    for item in range(len(left)):
        if row[first + item] == 2.0:
            least = max(least, row[0] + left[item, node])
    return least


@njit
def front(
    graph: Any,
    costs: Any,
    bounds: Any,
    starts: Any,
    offsets: Any,
    goals: Any,
    arrivals: Any,
    scale: float,
    clocked: int,
    per_h: float,
    clock: Any,
    max_wait_h: float,
    memory: Any,
    barred: Any,
    left: Any,
    through: bool,
    limits: Any,
    most: int,
    work: Any,
) -> tuple[int, int, float]:
    """Find the Pareto front from the starts to the target; return how many points and labels, and how far.

    Parameters
    ----------
    graph, costs
        Arrays `indptr, head, edge` of the arcs by their tail, with the edge that each is, and the costs of the edges,
        shape (edges, criteria), not negative; infinite in the first column if an edge must not be used.
    bounds
        Least cost from each node to an end in each criterion (infinite if unreachable), shape (nodes + 1, columns);
        the last row is the end itself. Columns are the criteria, then the memory, which has no bound.
    starts, offsets
        Nodes at which paths start, and the cost of reaching them, shape (starts,) and (starts, columns).
    goals, arrivals
        Paths may end at node i by the rows `goals[i]:goals[i + 1]` of `arrivals`, with what it costs to end there,
        shape (rows, criteria).
    scale
        1 for the exact front; with 1 + epsilon there is for every path a point within that factor in every criterion.
        Points may then dominate each other. Only without memory.
    clocked, per_h, clock, max_wait_h
        Which criterion is the time on the clock, -1 if none, what an hour of waiting adds to the first criterion if
        that is another one, and the calendars of the edges. Only with scale 1.
    memory, barred
        Arrays `touched, once, on_land` of what a path may not meet again: countries, links and the like that each edge
        touches, shape (edges, items), which items are no countries, and edges that are in some country; and what the
        ways from the goals to the ends touch, shape (rows, items). Labels compare by their memory as by further
        criteria.
    left
        Least of the first criterion from each node to an end once an item is left or used, shape (items, nodes + 1), or
        no rows. Only if the further criteria and the memory tell alone whether a label beats another.
    through
        Whether paths also go on from a node where they may end; else they end at the first.
    limits
        Largest value of each column that a path may have, infinite for none, shape (columns,). Only with scale 1.
    most
        Number of points after which the search ends: the first ones in lexicographic order.
    work
        Arrays `values, paths, keys, node, edge, parent, following, alive, queue_keys, queue, heads, opened, found`;
        `paths` is `values` for scale 1. The labels of the points go into `found`, their costs are in `paths`.

    Returns
    -------
    points, labels : int
        Their numbers.
    reached : float
        Infinite if the front is whole. Else the workspace was too small, and this is the value of the first criterion
        up to which the points are found.
    """
    values, paths, keys, node_of, edge_of, parent, following, alive, first, queue, heads, opened, found = work
    indptr, head, edge_at = graph
    merged = (values, paths, edge_of, parent, following, alive)
    target = len(indptr) - 2
    criteria, columns, room, approximate = costs.shape[1], bounds.shape[1], len(node_of), scale > 1.0
    # Exact labels arrive in order, so the first criterion need not be compared.
    from_first = 0 if approximate else 1
    heads[:], opened[:] = -1, -1
    labels, size, points = 0, 0, 0
    row, key, onward = np.empty(columns), np.empty(columns), np.empty(columns)
    if len(starts) > room:
        return 0, 0, -np.inf
    for number in range(len(starts)):
        start = starts[number]
        if not np.isfinite(bounds[start, 0]):
            continue
        keys[labels, :] = offsets[number] + bounds[start]
        keys[labels, 0] = max(keys[labels, 0], _least_with(offsets[number], start, criteria, left))
        if keys[labels, 0] == np.inf or not _within(keys[labels], limits):
            continue
        values[labels, :], paths[labels, :] = offsets[number], offsets[number]
        node_of[labels], edge_of[labels], parent[labels], alive[labels] = start, -1, -1, True
        if approximate:
            following[labels] = opened[start]
            opened[start] = labels
        size = enqueue(first, queue, size, keys[labels, 0], labels, keys)
        labels += 1
    while size > 0:
        label = queue[0]
        size = dequeue(first, queue, size, keys)
        node = node_of[label]
        if approximate:
            if not alive[label]:
                continue
            _unlink(opened, node, following, label)
        if _beaten(heads[target], following, paths, keys[label], from_first, scale):
            continue
        if _beaten(heads[node], following, values, values[label], 1, 1.0):
            continue
        if node == target:
            if approximate:
                following[label] = heads[node]
                heads[node] = label
            else:
                _keep(heads, node, following, values, label)
            found[points] = label
            points += 1
            if points == most or (criteria == 1 and not approximate):
                break
            continue
        _keep(heads, node, following, values, label)
        for arc in range(indptr[node], indptr[node + 1]):
            edge = edge_at[arc]
            # Also with a clock, whose calendars do not contain which edges must not be used.
            if not np.isfinite(costs[edge, 0]) or not np.isfinite(bounds[head[arc], 0]):
                continue
            for criterion in range(criteria):
                onward[criterion] = values[label, criterion] + costs[edge, criterion]
            for item in range(criteria, columns):
                onward[item] = values[label, item]
            if columns > criteria and not _remember(onward, criteria, edge, memory):
                continue
            if clocked >= 0:
                begin = begins(clock, arc, values[label, clocked], max_wait_h)
                if begin == np.inf:
                    continue
                end = ends(clock, arc, begin, clock[7][arc])
                onward[0] += per_h * (end - onward[clocked])
                onward[clocked] = end
            # On from the node, and to the end by each way that there is from here.
            low = goals[head[arc]]
            high = goals[head[arc] + 1]
            for goal in range(low - 1 if through or low == high else low, high):
                after = head[arc]
                row[:] = onward
                if goal >= low:
                    after = target
                    open_way = True
                    for item in range(criteria, columns):
                        open_way = open_way and not (barred[goal, item - criteria] and onward[item] > 1.0)
                        row[item] = 0.0
                    if not open_way:
                        continue
                    for criterion in range(criteria):
                        row[criterion] += arrivals[goal, criterion]
                for column in range(columns):
                    key[column] = row[column] + bounds[after, column]
                key[0] = max(key[0], _least_with(row, after, criteria, left))
                if key[0] == np.inf:
                    continue
                if not _within(key, limits) or _beaten(heads[target], following, paths, key, from_first, scale):
                    continue
                if _beaten(heads[after], following, values, row, 1, 1.0):
                    continue
                if labels == room:
                    return points, labels, keys[label, 0]
                values[labels, :] = row
                node_of[labels], edge_of[labels], parent[labels], alive[labels] = after, arc, label, True
                if approximate:
                    for criterion in range(criteria):
                        paths[labels, criterion] = paths[label, criterion] + costs[edge, criterion]
                        if goal >= low:
                            paths[labels, criterion] += arrivals[goal, criterion]
                    _merge(labels, after, opened, bounds[after], scale, merged)
                    following[labels] = opened[after]
                    opened[after] = labels
                    for column in range(columns):
                        key[column] = values[labels, column] + bounds[after, column]
                keys[labels, :] = key
                size = enqueue(first, queue, size, keys[labels, 0], labels, keys)
                labels += 1
    return points, labels, np.inf


@njit
def edges_of(label: int, edge_of: Any, parent: Any) -> Any:
    """Return the edges of the path of a label, in the order of travel."""
    length, at = 0, label
    while edge_of[at] >= 0:
        length += 1
        at = parent[at]
    edges, at = np.empty(length, dtype=np.int32), label
    for place in range(length - 1, -1, -1):
        edges[place] = edge_of[at]
        at = parent[at]
    return edges
