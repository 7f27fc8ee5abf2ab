import networkx as nx
import numpy as np
import pytest

from landbridge.routing.search.space import _stages_before
from landbridge.routing.search.staged_paths import spread_back

EMPTY = np.empty(0)
# Edges of kind 1 lead from stage 0 to 1, of kind 2 from 1 to 0; neither may be used in the other stage.
ONWARD = np.array([[0, 1], [1, -1], [-1, 0]], dtype=np.int32)


def incoming_of(tail, head, states):
    order = np.lexsort((tail, head)).astype(np.int32)
    indptr = np.searchsorted(head[order], np.arange(states + 1)).astype(np.int32)
    return indptr, order, tail.astype(np.int32)


def spread(graph, ends, *, starts=None, ahead=EMPTY, limit=np.inf):
    """Return weight, next edge and next node of each node, and the start, for ends in stage 1 with their weights."""
    tail, head, kind, weight, states = graph
    nodes = 2 * states
    best, edge_on, node_on = np.empty(nodes), np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    arrival = EMPTY
    if starts is not None:
        arrival = np.full(nodes, np.inf)
        arrival[starts] = 0.0
    at, offsets = np.array([states + end for end in ends], dtype=np.int32), np.array(list(ends.values()), dtype=float)
    moves = kind.astype(np.int32), _stages_before(ONWARD)
    incoming = incoming_of(tail, head, states)
    start = spread_back(incoming, moves, weight, at, offsets, arrival, ahead, limit, best, edge_on, node_on)
    return best, edge_on, node_on, start


def path_from(node, edge_on, node_on):
    path = []
    while edge_on[node] >= 0:
        path.append(int(edge_on[node]))
        node = node_on[node]
    return path


def test_the_way_round_is_taken_for_the_edge_that_is_required():
    # 0 -> 1 -> 2 weighs 2, but only 0 -> 3 -> 2 over the edge of kind 1 gets to stage 1: 3 + 4.
    tail, head = np.array([0, 1, 0, 3]), np.array([1, 2, 3, 2])
    graph = (tail, head, np.array([0, 0, 1, 0]), np.array([1.0, 1.0, 3.0, 4.0]), 4)
    best, edge_on, node_on, start = spread(graph, {2: 0.5}, starts=[0])
    assert (start, best[0]) == (0, 7.5)
    assert path_from(0, edge_on, node_on) == [2, 3]


def test_nothing_is_sought_from_the_limit_on():
    graph = (np.array([0]), np.array([1]), np.array([1]), np.array([3.0]), 2)
    assert spread(graph, {1: 0.0}, starts=[0], limit=3.0)[3] == -1
    assert spread(graph, {1: 0.0}, starts=[0], limit=3.1)[3] == 0


@pytest.mark.parametrize("seed", range(20))
def test_weights_are_those_of_the_product_of_states_and_stages(seed):
    rng, states, edges = np.random.default_rng(seed), 12, 60
    tail, head = rng.integers(0, states, (2, edges))
    kind, weight = rng.choice(3, edges, p=[0.7, 0.2, 0.1]), rng.integers(1, 20, edges).astype(float)
    weight[rng.random(edges) < 0.1] = np.inf
    product = nx.MultiDiGraph()
    product.add_nodes_from(range(2 * states))
    for edge in np.flatnonzero(np.isfinite(weight)).tolist():
        for stage, after in enumerate(ONWARD[kind[edge]].tolist()):
            if after >= 0:
                ends = int(stage * states + tail[edge]), int(after * states + head[edge])
                product.add_edge(*reversed(ends), weight=weight[edge])
    expected = nx.single_source_dijkstra_path_length(product, states)
    graph = (tail, head, kind, weight, states)
    best = spread(graph, {0: 0.0})[0]
    assert best.tolist() == [expected.get(node, np.inf) for node in range(2 * states)]
    # With bounds from the start in the states alone the lightest path weighs the same.
    plain = nx.MultiDiGraph()
    plain.add_nodes_from(range(states))
    plain.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), weight.tolist(), strict=True))
    far = nx.single_source_dijkstra_path_length(plain, 1)
    ahead = np.array([far.get(state, np.inf) for state in range(states)])
    bounded, edge_on, node_on, start = spread(graph, {0: 0.0}, starts=[1], ahead=ahead)
    assert (start == 1) == np.isfinite(best[1])
    if start == 1:
        assert bounded[1] == best[1] == weight[path_from(1, edge_on, node_on)].sum()
