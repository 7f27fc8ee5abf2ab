"""Compiled listing of chains of edges from a node within a length, depth first, as drayage needs them."""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import WORKSPACE_FULL, njit


@njit
def walk(graph: Any, marks: Any, place_of: Any, start: int, limit: float, work: Any) -> int:
    """Walk from a node over edges within a limit of length; return the number of steps, or `WORKSPACE_FULL`.

    None comes back to a place that it has left.

    Parameters
    ----------
    graph
        Arrays `indptr, order, ahead, length`: the edges at each node, in the direction of the walk, and for each edge
        the node that it leads to and its length.
    marks
        Shape (nodes, 4): whether a chain ends there if it comes from a node of the second mark; that mark; 1 if a
        chain ends there wherever it comes from, 2 if it does and others go on; and whether the walk goes on there.
    place_of
        Place of each node.
    work
        Arrays `node, edge, parent, length, ends, stack` for the steps: the node that each leads to, by which edge and
        after which step (-1: the first), the length so far, and whether a chain ends there.
    """
    indptr, order, ahead, length = graph
    at, edge_of, parent, so_far, ends, stack = work
    step, steps, size, room = -1, 0, 0, len(at) - 1
    while True:
        before = start if step < 0 else at[step]
        for position in range(indptr[before], indptr[before + 1]):
            edge = order[position]
            node = ahead[edge]
            whole = length[edge] + (0.0 if step < 0 else so_far[step])
            if whole > limit:
                continue
            if place_of[node] != place_of[before]:
                back = step
                while back >= 0 and place_of[at[back]] != place_of[node]:
                    back = parent[back]
                if back >= 0 or place_of[start] == place_of[node]:
                    continue
            final = marks[node, 2] == 1 or (marks[node, 0] and marks[before, 1])
            ending = whole > 0.0 and (final or marks[node, 2] == 2)
            onward = marks[node, 3] and not final
            if not (ending or onward):
                continue
            if steps > room:
                return WORKSPACE_FULL
            at[steps], edge_of[steps], parent[steps], so_far[steps], ends[steps] = node, edge, step, whole, ending
            if onward:
                stack[size] = steps
                size += 1
            steps += 1
        if size == 0:
            return steps
        size -= 1
        step = stack[size]


@njit
def chains_of(edge_of: Any, parent: Any, last: Any, outward: bool) -> tuple[Any, Any]:
    """Return the edges of chains by their last steps, `edges[start[i]:start[i + 1]]` in the order of travel.

    Parameters
    ----------
    edge_of, parent
        Edge of each step, and the step before it, as `walk` finds them.
    last
        The last step of each chain.
    outward
        Whether the walk was in the direction of travel.
    """
    start = np.zeros(len(last) + 1, dtype=np.int64)
    for chain in range(len(last)):
        step, length = last[chain], 0
        while step >= 0:
            length, step = length + 1, parent[step]
        start[chain + 1] = start[chain] + length
    edges = np.empty(start[-1], dtype=np.int64)
    for chain in range(len(last)):
        step = last[chain]
        for place in range(start[chain + 1] - start[chain]):
            edges[start[chain + 1] - 1 - place if outward else start[chain] + place] = edge_of[step]
            step = parent[step]
    return start, edges


@njit
def entered_again(countries: Any, start: Any, edges: Any, again: Any) -> None:
    """Find the countries that paths enter again.

    Parameters
    ----------
    countries
        The countries that each edge is in, as bits, shape (edges, words).
    start, edges
        Path i is `edges[start[i]:start[i + 1]]`.
    again
        Output: the countries as bits, shape (paths, words), zeros at first.
    """
    words = countries.shape[1]
    seen, last = np.empty(words, dtype=np.uint64), np.empty(words, dtype=np.uint64)
    for path in range(len(start) - 1):
        seen[:], last[:] = 0, 0
        for position in range(start[path], start[path + 1]):
            edge, on_land = edges[position], False
            for word in range(words):
                on_land |= countries[edge, word] != 0
            if not on_land:
                continue
            for word in range(words):
                again[path, word] |= countries[edge, word] & ~last[word] & seen[word]
                seen[word] |= countries[edge, word]
                last[word] = countries[edge, word]
