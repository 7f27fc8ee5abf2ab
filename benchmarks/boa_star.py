"""A plain BOA* (Hernandez Ulloa et al. 2020) in numba: what fronts of two criteria are compared with.

One label in the queue for each arc that is followed, a binary heap of `heapq`, labels in growing arrays.
"""

from heapq import heappop, heappush

import numpy as np
from instances import Arcs
from peers import lightest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.arrays import Floats
from landbridge.routing.search.compilation import njit


@njit
def _search(indptr, head, first, second, ahead_1, ahead_2, source, target):  # noqa: ANN001, ANN202, PLR0917
    """Return the criteria of the points, and the number of labels that are expanded."""
    room = 1 << 16
    g1, g2, parent, arc_of = np.empty(room), np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32)
    least = np.full(len(indptr) - 1, np.inf)
    g1[0], g2[0], parent[0], arc_of[0], labels, expanded = 0.0, 0.0, -1, -1, 1, 0
    queue = [(ahead_1[source], ahead_2[source], np.int32(0), np.int32(source))]
    found = [np.int32(0) for _ in range(0)]
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


def boa_star(arcs: Arcs) -> tuple[Floats, int]:
    """Return the criteria of the points of the front by the first criterion, and the number of labels expanded.

    Backward trees of scipy give the bounds; they are lowered by what their sums, in another order, may be too high.
    """
    order = np.argsort(arcs.tail, kind="stable")
    indptr = np.searchsorted(arcs.tail[order], np.arange(arcs.nodes + 1))
    first, second = (np.ascontiguousarray(column) for column in arcs.weights[order].T)
    ahead = [_least_to(arcs, column) * (1 - 1e-12) for column in arcs.weights.T]
    found, expanded = _search(indptr, arcs.head[order], first, second, *ahead, arcs.source, arcs.target)
    return found, int(expanded)


def _least_to(arcs: Arcs, weights: Floats) -> Floats:
    tail, head, weight = lightest(arcs.tail, arcs.head, weights)
    return np.asarray(dijkstra(csr_array((weight, (head, tail)), shape=(arcs.nodes, arcs.nodes)), indices=arcs.target))
