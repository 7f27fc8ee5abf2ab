"""Many shortest paths at once, against networkx on random graphs and by hand on small ones."""

import networkx as nx
import numpy as np

from landbridge.routing.flows.solvers.forest import Forest, Pairs, potentials


def arrays(edges):
    tail, head, weight = (list(column) for column in zip(*edges, strict=True))
    return np.array(tail), np.array(head), np.array(weight, dtype=float)


# 0 -1-> 1 -1-> 3, 0 -5-> 2 -1-> 3, and a dearer parallel of 0 -> 1.
DIAMOND = ((0, 1, 1.0), (1, 3, 1.0), (0, 2, 5.0), (2, 3, 1.0), (0, 1, 4.0))


def paths_of(edges, nodes, pairs, weights=None):
    tail, head, weight = arrays(edges)
    origin, destination = (np.array(column) for column in zip(*pairs, strict=True))
    found = Forest(nodes, tail, head).paths(weight if weights is None else weights, origin, destination)
    arcs = [found.arcs[low:high].tolist() for low, high in zip(found.start[:-1], found.start[1:], strict=True)]
    return found.weight.tolist(), arcs


def test_paths_come_as_arcs_in_the_order_of_travel():
    assert paths_of(DIAMOND, 5, [(0, 3), (2, 3)]) == ([2, 1], [[0, 1], [3]])


def test_of_parallel_arcs_the_lightest_is_taken_and_of_equal_ones_the_first():
    heavy = np.array([9.0, 1.0, 50.0, 1.0, 4.0])
    assert paths_of(DIAMOND, 5, [(0, 1)], heavy) == ([4], [[4]])
    assert paths_of([*DIAMOND, (0, 1, 1.0)], 5, [(0, 1)]) == ([1], [[0]])


def test_no_path_has_an_infinite_weight_and_no_arcs():
    assert paths_of(DIAMOND, 5, [(3, 0), (0, 4)]) == ([np.inf, np.inf], [[], []])


def test_the_path_from_a_node_to_itself_is_empty():
    assert paths_of(DIAMOND, 5, [(1, 1), (0, 3)]) == ([0, 2], [[], [0, 1]])


def test_shut_arcs_are_not_taken():
    shut = np.array([np.inf, 1.0, 5.0, 1.0, np.inf])
    assert paths_of(DIAMOND, 5, [(0, 3), (0, 1)], shut) == ([6, np.inf], [[2, 3], []])


def test_arcs_without_weight_are_taken():
    free = np.zeros(5)
    weights, arcs = paths_of(DIAMOND, 5, [(0, 3)], free)
    assert weights == [0]
    assert len(arcs[0]) == 2


def test_the_flow_of_each_arc_is_that_of_the_paths_that_stay_below_their_limit():
    tail, head, weight = arrays(DIAMOND)
    pairs = Pairs(np.array([2, 0, 0]), np.array([3, 3, 1]))
    assert pairs.order.tolist() == [1, 2, 0]
    # In the order of origins: 4 units from 0 to 3, 2 from 0 to 1, and 1 from 2 to 3 that costs more than 0.5.
    found, flow = Forest(5, tail, head).loaded(weight, pairs, np.array([4.0, 2.0, 1.0]), np.array([9.0, 9.0, 0.5]))
    assert found.weight.tolist() == [2, 1, 1]
    assert flow.tolist() == [6, 4, 0, 0, 0]


def test_long_paths_get_more_room():
    # 300 arcs one after the other are more than the room for one path at first.
    tail = np.arange(300)
    found = Forest(301, tail, tail + 1).paths(np.ones(300), np.array([0, 299]), np.array([300, 300]))
    assert found.weight.tolist() == [300, 1]
    assert found.arcs.tolist() == [*range(300), 299]


def test_paths_of_random_graphs_weigh_what_networkx_finds():
    draw = np.random.default_rng(5)
    edges = [(int(a), int(b), float(w)) for a, b, w in draw.integers(0, 30, (140, 3)).tolist()]
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(30))
    graph.add_weighted_edges_from(edges)
    pairs = [(int(a), int(b)) for a, b in draw.integers(0, 30, (80, 2)).tolist()]
    weights, arcs = paths_of(edges, 30, pairs)
    for (origin, destination), weight, path in zip(pairs, weights, arcs, strict=True):
        expected = nx.single_source_dijkstra_path_length(graph, origin).get(destination, np.inf)
        assert weight == expected
        if np.isfinite(expected):
            assert sum(edges[arc][2] for arc in path) == expected
            nodes = [origin, *(edges[arc][1] for arc in path)]
            assert [edges[arc][0] for arc in path] == nodes[:-1]
            assert nodes[-1] == destination


def test_potentials_are_0_where_no_cost_is_negative():
    tail, head, cost = arrays(DIAMOND)
    assert potentials(5, tail, head, cost).tolist() == [0] * 5


def test_potentials_make_every_arc_cost_0_or_more():
    edges = [(0, 1, 4.0), (1, 2, -3.0), (0, 2, 2.0), (2, 3, -1.0), (3, 1, 5.0), (1, 2, np.inf)]
    tail, head, cost = arrays(edges)
    height = potentials(4, tail, head, cost)
    assert np.all((cost + height[tail] - height[head])[:5] >= 0)


def test_a_cycle_that_costs_less_than_nothing_has_no_potentials():
    tail, head, cost = arrays([(0, 1, 1.0), (1, 2, -3.0), (2, 1, 1.0)])
    assert potentials(3, tail, head, cost) is None
