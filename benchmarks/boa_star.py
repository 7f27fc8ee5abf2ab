"""A plain BOA* (Hernandez Ulloa et al. 2020) in numba, independent of the product: what its fronts are compared with.

One label in the queue for each arc that is followed, a binary heap of numba's `heapq`, labels in growing arrays.
"""

from heapq import heappop, heappush

import numba
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra


@numba.njit
def _search(indptr, head, first, second, ahead_1, ahead_2, source, target):  # noqa: ANN001, ANN202, PLR0917
    room = 1 << 16
    g1, g2, parent, arc_of = np.empty(room), np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32)
    least = np.full(len(indptr) - 1, np.inf)
    g1[0], g2[0], parent[0], arc_of[0], labels = 0.0, 0.0, -1, -1, 1
    queue = [(ahead_1[source], ahead_2[source], np.int32(0), np.int32(source))]
    found = [np.int32(0) for _ in range(0)]
    expanded = 0
    while queue:
        _, f2, label, node = heappop(queue)
        if g2[label] >= least[node] or f2 >= least[target]:
            continue
        least[node] = g2[label]
        if node == target:
            found.append(label)
            continue
        expanded += 1
        for arc in range(indptr[node], indptr[node + 1]):
            after = head[arc]
            to_1, to_2 = g1[label] + first[arc], g2[label] + second[arc]
            if to_2 >= least[after] or to_2 + ahead_2[after] >= least[target]:
                continue
            if labels == room:
                g1, g2 = np.concatenate((g1, np.empty(room))), np.concatenate((g2, np.empty(room)))
                parent = np.concatenate((parent, np.empty(room, np.int32)))
                arc_of = np.concatenate((arc_of, np.empty(room, np.int32)))
                room *= 2
            g1[labels], g2[labels], parent[labels], arc_of[labels] = to_1, to_2, label, arc
            heappush(queue, (to_1 + ahead_1[after], to_2 + ahead_2[after], np.int32(labels), np.int32(after)))
            labels += 1
    values = np.empty((len(found), 2))
    for point in range(len(found)):
        values[point, 0], values[point, 1] = g1[found[point]], g2[found[point]]
    return values, expanded


def boa_star(tail: np.ndarray, head: np.ndarray, costs: np.ndarray, source: int, target: int) -> tuple[np.ndarray, int]:
    """Return the criteria of the points of the front between two nodes, by the first criterion, and labels expanded.

    Parameters
    ----------
    costs
        Shape (arcs, 2), over 0.
    """
    nodes = int(max(tail.max(), head.max())) + 1
    order = np.argsort(tail, kind="stable")
    indptr = np.searchsorted(tail[order], np.arange(nodes + 1))
    ahead = [least_to(tail, head, column, nodes, target) for column in costs.T]
    first, second = (np.ascontiguousarray(column) for column in costs[order].T)
    return _search(indptr, head[order], first, second, *ahead, source, target)


def least_to(tail: np.ndarray, head: np.ndarray, weight: np.ndarray, nodes: int, target: int) -> np.ndarray:
    """Return the least weight from each node to the target by scipy, which would add parallel arcs up."""
    order = np.lexsort((weight, tail, head))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(head[order]) != 0) | (np.diff(tail[order]) != 0)
    kept = order[first]
    back = csr_array((weight[kept], (head[kept], tail[kept])), shape=(nodes, nodes))
    return dijkstra(back, indices=target) * (1 - 1e-12)
