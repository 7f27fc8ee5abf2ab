"""Parallel edges merged to the lightest, and paths in trees, on graphs of a few edges."""

import numpy as np
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.graph.csr import Csr, nodes_back

# 1 -> 2, three edges 0 -> 1 of which two are as light, 0 -> 2: pairs sorted are (0, 1), (0, 2), (1, 2).
TAIL, HEAD = np.array([1, 0, 0, 0, 0]), np.array([2, 1, 1, 2, 1])
WEIGHTS = np.array([1.0, 7.0, 3.0, 9.0, 3.0])


def test_of_parallel_edges_the_first_of_the_lightest_is_taken():
    lightest = Csr(TAIL, HEAD, 3).lightest(WEIGHTS)
    assert (lightest.pairs.tail.tolist(), lightest.pairs.head.tolist()) == ([0, 0, 1], [1, 2, 2])
    assert lightest.weight.tolist() == [3.0, 9.0, 1.0]
    assert lightest.edge_of.tolist() == [2, 3, 0]


def test_the_matrix_leaves_out_what_may_not_be_used_and_keeps_what_weighs_nothing():
    pairs = Csr(TAIL, HEAD, 3)
    matrix = pairs.matrix(np.where(WEIGHTS == 9.0, np.inf, WEIGHTS))
    assert (matrix.nnz, matrix[0, 1], matrix[1, 2]) == (2, 3.0, 1.0)
    assert pairs.matrix(WEIGHTS * 0.0).nnz == 3


def test_a_pair_that_no_edge_joins_is_none():
    pairs = Csr(TAIL, HEAD, 3)
    assert pairs.pair(np.array([0, 1, 2]), np.array([2, 2, 0])).tolist() == [1, 2, -1]
    nothing = np.empty(0, dtype=np.int64)
    assert Csr(nothing, nothing, 3).pair(np.array([0]), np.array([1])).tolist() == [-1]


def test_a_path_is_the_edges_in_the_order_of_travel():
    lightest = Csr(TAIL, HEAD, 3).lightest(WEIGHTS)
    weight, predecessor = dijkstra(lightest.matrix, indices=0, return_predecessors=True)
    assert weight.tolist() == [0.0, 3.0, 4.0]
    assert lightest.path(predecessor, 2).tolist() == [2, 0]
    assert lightest.path(predecessor, 0).tolist() == []
    assert lightest.edges_into(predecessor).tolist() == [-1, 2, 0]


def test_nodes_are_followed_back_to_the_root():
    assert nodes_back(np.array([3, 0, 1]), 2, root=3) == [2, 1, 0]
