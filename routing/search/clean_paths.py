"""Compiled label setting for the lightest path that meets remembered items nowhere again.

What a label has met and what it may not meet again are bits, so that the test whether one label beats another takes a
few instructions for up to 64 items.
"""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import WORKSPACE_FULL, njit
from landbridge.routing.search.queues import dequeue, enqueue

NO_PATH = -2
"""Return value of a search that finds no path."""


@njit
def _is_beaten(label: int, weight: float, met: Any, shut: Any, labels: Any) -> bool:
    """Whether a label of a list weighs no more and has met no more."""
    weights, _, _, _, following, of_met, of_shut, _, _ = labels
    while label >= 0:
        if weights[label] <= weight:
            beaten = True
            for word in range(len(met)):
                beaten &= not ((of_met[label, word] & ~met[word]) | (of_shut[label, word] & ~shut[word]))
            if beaten:
                return True
        label = following[label]
    return False


@njit
def _bound(shut: Any, node: int, bounds: Any) -> float:
    """Return the least weight from a node to an end, given what may not be met from there."""
    whole, without = bounds
    least, state = whole[node], node % without.shape[1]
    for item in range(len(without)):
        if shut[item >> 6] >> np.uint64(item & 63) & np.uint64(1):
            least = max(least, without[item, state])
    return float(least)


@njit
def lightest_clean(
    graph: Any,
    moves: Any,
    weight: Any,
    bounds: Any,
    starts: Any,
    offsets: Any,
    of_starts: Any,
    goals: Any,
    goal_at: Any,
    arrivals: Any,
    of_goals: Any,
    memory: Any,
    limit: float,
    labels: Any,
) -> tuple[int, int]:
    """Find the lightest path from the starts to the ends that meets nothing again; return its last label and edge.

    A node is a state in a stage: stage * states + state.

    Parameters
    ----------
    graph
        Arrays `indptr, head`: edges `indptr[i]:indptr[i + 1]` lead from state i to their `head`.
    moves
        Arrays `kind, onward`: the kind of each edge, and for each kind and stage the stage to which it leads, -1 if
        none, shape (kinds, stages).
    weight
        Weight of each edge, infinite if it must not be used.
    bounds
        Arrays `least, without`: lower bound of the weight from each node to an end, infinite where none leads, shape
        (nodes,); and the same once an item may not be met again, shape (items, nodes), (items, states) or no rows.
    starts, offsets, of_starts
        Nodes where paths start, the weight of starting there, and what is then met and may not be met again, as bits of
        shape (starts, 2, words).
    goals, goal_at, arrivals, of_goals
        The first of the ends at each node, -1 if none, shape (nodes,); of each end, sorted by them, its node, the
        weight of ending there and the items that are met then, as bits of shape (ends, words).
    memory
        Arrays `touched, once, on_land`: the items that each edge touches, as bits of shape (edges, words), those that
        may not be met again as soon as they are met, shape (words,), and which edges are in some country. Countries may
        not be met again once they are left.
    limit
        Weight from which on no path is sought.
    labels
        Workspace: arrays `weight, node, edge, parent, following` of shape (labels,), `met, shut` of shape (labels,
        words), and `keys, queue` of shape (labels,).

    Returns
    -------
    tuple of int
        The label before the last edge of the path and that edge, (`NO_PATH`, -1) if there is none and
        (`WORKSPACE_FULL`, -1) if the workspace was too small.
    """
    weights, node_of, edge_of, parent, following, of_met, of_shut, keys, queue = labels
    indptr, head = graph
    kind, onward = moves
    touched, once, on_land = memory
    states, room, words = len(indptr) - 1, len(weights), len(once)
    heads = np.full(len(bounds[0]), -1, dtype=np.int32)
    met, shut = np.empty(words, dtype=np.uint64), np.empty(words, dtype=np.uint64)
    size, count = 0, 0
    for number in range(len(starts)):
        key = offsets[number] + _bound(of_starts[number, 1], starts[number], bounds)
        if key >= limit:
            continue
        if count == room:
            return WORKSPACE_FULL, -1
        weights[count], node_of[count], edge_of[count], parent[count] = offsets[number], starts[number], -1, -1
        of_met[count], of_shut[count] = of_starts[number]
        size = enqueue(keys, queue, size, key, count, None)
        count += 1
    least, last, last_edge = limit, NO_PATH, -1
    while size > 0:
        key, label = keys[0], queue[0]
        size = dequeue(keys, queue, size, None)
        if key >= least:
            break
        node, here = node_of[label], weights[label]
        if _is_beaten(heads[node], here, of_met[label], of_shut[label], labels):
            continue
        following[label] = heads[node]
        heads[node] = label
        stage, state = divmod(node, states)
        for edge in range(indptr[state], indptr[state + 1]):
            reached, way = here + weight[edge], onward[kind[edge], stage]
            if way < 0:
                continue
            after = way * states + head[edge]
            open_way = reached + bounds[0][after] < least
            for word in range(words):
                touches, left = touched[edge, word], of_shut[label, word]
                open_way &= not touches & left
                if on_land[edge]:
                    left |= of_met[label, word] & ~touches
                shut[word] = left | (touches & once[word])
                met[word] = of_met[label, word] | touches
            if not open_way:
                continue
            goal = goals[after]
            while goal >= 0:
                clean = reached + arrivals[goal] < least
                for word in range(words):
                    clean &= not of_goals[goal, word] & shut[word]
                if clean:
                    least, last, last_edge = reached + arrivals[goal], label, edge
                goal = goal + 1 if goal + 1 < len(goal_at) and goal_at[goal + 1] == after else -1
            key = reached + _bound(shut, after, bounds)
            if key >= least or _is_beaten(heads[after], reached, met, shut, labels):
                continue
            if count == room:
                return WORKSPACE_FULL, -1
            weights[count], node_of[count], edge_of[count], parent[count] = reached, after, edge, label
            of_met[count], of_shut[count] = met, shut
            size = enqueue(keys, queue, size, key, count, None)
            count += 1
    return last, last_edge
