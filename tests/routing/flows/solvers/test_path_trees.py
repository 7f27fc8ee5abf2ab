"""Trees that are grown and corrected, against scipy's."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.routing.flows.solvers.path_trees import ROOT, UNREACHED, Arcs, Tree, correct_tree, grow_tree


def graph(seed, nodes=30, count=90):
    """Return random arcs sorted by tail, all ends different pairs, some nodes not reached."""
    draw = np.random.default_rng(seed)
    pairs = np.unique(draw.integers(0, nodes, (count, 2)), axis=0)
    tail, head = pairs.astype(np.int32).T.copy()
    out = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32)
    arcs = Arcs(out, tail, head, np.arange(len(tail), dtype=np.int32), np.zeros(len(tail)))
    room = len(tail) + nodes + 1
    tree = Tree(
        np.zeros(len(tail)), np.empty(nodes), np.empty(room, np.int32), np.empty(room), np.empty(nodes, np.int8)
    )
    return draw, nodes, arcs, tree


def check(nodes, arcs, tree, entering, origin=0):
    """Check distances against scipy, and that the tree leads to the origin in arcs of these distances."""
    matrix = csr_array((tree.weight, (arcs.tail, arcs.head)), (nodes, nodes))
    np.testing.assert_allclose(tree.distance, dijkstra(matrix, indices=origin), rtol=1e-12)
    for node in range(nodes):
        if np.isfinite(tree.distance[node]) and node != origin:
            arc = entering[node]
            assert arcs.head[arc] == node
            assert tree.distance[arcs.tail[arc]] + tree.weight[arc] == pytest.approx(tree.distance[node])
    assert entering[origin] == ROOT
    assert set(entering[np.isinf(tree.distance)].tolist()) <= {UNREACHED}


@pytest.mark.parametrize("seed", range(20))
def test_a_tree_is_grown_and_corrected_for_other_weights(seed):
    draw, nodes, arcs, tree = graph(seed)
    entering = np.empty(nodes, np.int32)
    tree.weight[:] = draw.uniform(0.1, 9, len(arcs.tail))
    grow_tree(0, nodes, 0, entering, arcs, tree)
    check(nodes, arcs, tree, entering)
    for _ in range(5):
        tree.weight[:] *= draw.choice([0.2, 1.0, 6.0], len(arcs.tail))
        correct_tree(0, nodes, entering, arcs, tree)
        check(nodes, arcs, tree, entering)


def test_arcs_without_weight_leave_a_tree_a_tree():
    _, nodes, arcs, tree = graph(1)
    entering = np.empty(nodes, np.int32)
    grow_tree(0, nodes, 0, entering, arcs, tree)
    correct_tree(0, nodes, entering, arcs, tree)
    for start in np.flatnonzero(np.isfinite(tree.distance)).tolist():
        node, steps = start, 0
        while entering[node] != ROOT:
            node, steps = int(arcs.tail[entering[node]]), steps + 1
            assert steps < nodes
