"""Trees and paths on small graphs of plain numbers, and the product with what has to be done on the way."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from landbridge.routing import route
from landbridge.routing.search.space import SearchSpace, Stages, Terminal, search_space, stage_moves
from tests.support.tiny import link, tiny_network


def space_of(*edges, nodes):
    """Return the space of edges (tail, head, weight) and their weights."""
    tail, head, weight = (list(column) for column in zip(*edges, strict=True))
    numbers = np.arange(len(edges), dtype=np.int32)
    return SearchSpace(np.array(tail, np.int32), np.array(head, np.int32), numbers, nodes), np.array(weight, float)


# 0 -1-> 1 -1-> 3, 0 -5-> 2 -1-> 3, and a dearer parallel of 0 -> 1.
DIAMOND = ((0, 1, 1.0), (1, 3, 1.0), (0, 2, 5.0), (2, 3, 1.0), (0, 1, 4.0))


def test_a_tree_has_the_least_weight_of_each_node():
    space, weights = space_of(*DIAMOND, nodes=5)
    assert space.tree(space.lightest(weights), [Terminal(0)]).weight.tolist() == [0, 1, 5, 2, np.inf]


def test_a_tree_against_the_edges_has_the_least_weight_to_the_end():
    space, weights = space_of(*DIAMOND, nodes=5)
    assert space.tree(space.lightest(weights, backward=True), [Terminal(3)]).weight.tolist() == [2, 1, 1, 0, np.inf]


def test_a_path_is_the_edges_from_the_terminal_on_in_either_direction():
    space, weights = space_of(*DIAMOND, nodes=5)
    assert space.path(space.tree(space.lightest(weights), [Terminal(0)]), 3) == [0, 1]
    assert space.path(space.tree(space.lightest(weights, backward=True), [Terminal(3)]), 0) == [1, 0]


def test_of_parallel_edges_the_lightest_is_taken():
    space, weights = space_of(*DIAMOND, nodes=5)
    weights[0] = 9.0
    assert space.path(space.tree(space.lightest(weights), [Terminal(0)]), 3) == [4, 1]


def test_an_edge_of_infinite_weight_is_not_taken():
    space, weights = space_of(*DIAMOND, nodes=5)
    weights[[0, 4]] = np.inf
    tree = space.tree(space.lightest(weights), [Terminal(0)])
    assert tree.weight[1] == np.inf
    assert space.path(tree, 3) == [2, 3]


def test_a_terminal_weighs_what_it_takes_to_get_there():
    space, weights = space_of(*DIAMOND, nodes=5)
    tree = space.tree(space.lightest(weights), [Terminal(0, 10.0), Terminal(2, 3.0)])
    assert tree.weight.tolist() == [10, 11, 3, 4, np.inf]


def test_trees_of_random_graphs_are_those_of_networkx():
    generator = np.random.default_rng(7)
    graph, edges = nx.MultiDiGraph(), []
    graph.add_nodes_from(range(40))
    for tail, head in generator.integers(0, 40, (150, 2)).tolist():
        edges.append((tail, head, float(generator.integers(1, 20))))
        graph.add_edge(tail, head, weight=edges[-1][2])
    space, weights = space_of(*edges, nodes=40)
    lightest = space.lightest(weights)
    for start in range(40):
        expected = nx.single_source_dijkstra_path_length(graph, start)
        found = space.tree(lightest, [Terminal(start)])
        assert found.weight.tolist() == [expected.get(node, np.inf) for node in range(40)]
        for node in expected:
            assert weights[space.path(found, node)].sum() == expected[node]


@pytest.mark.parametrize(("crossings", "via", "count"), [(0, 0, 1), (1, 0, 3), (2, 0, 9), (0, 2, 3), (2, 1, 18)])
def test_a_crossing_is_not_made_or_made_either_way_and_a_place_visited_or_not(crossings, via, count):
    stages = Stages(crossings=(frozenset({"x"}),) * crossings, via=(frozenset({1}),) * via)
    assert stages.count == count
    # All is done in the stages where every crossing has been made, one way or the other, and every place visited.
    assert len(stages.final) == 2**crossings


def test_a_space_is_made_once_for_equal_stages(network):
    stages = Stages(via=(frozenset({3}),))
    assert search_space(network.graph, stages) is search_space(network.graph, Stages(via=(frozenset({3}),)))
    assert search_space(network.graph, stages).nodes == 2 * len(network.graph.states)


def line(folder, *extra):
    return tiny_network(
        folder, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-c -- cn-d"), link("cn-b -- cn-x"), *extra]
    )


def test_a_place_on_a_spur_is_visited_there_and_back(tmp_path):
    # a b x b c d: 5 links of 100 km
    found = route(line(tmp_path), "cn-a", "cn-d", via=["cn-x"])[0]
    assert found.places == ("cn-a", "cn-b", "cn-x", "cn-b", "cn-c", "cn-d")
    assert found.distance_km == 500


def test_places_on_the_way_are_visited_in_the_order_given(tmp_path):
    network = line(tmp_path)
    # a b c b x b c d, and a b x b c d
    assert route(network, "cn-a", "cn-d", via=["cn-c", "cn-x"])[0].distance_km == 700
    assert route(network, "cn-a", "cn-d", via=["cn-x", "cn-c"])[0].distance_km == 500


def test_an_end_may_stand_among_the_places_on_the_way(tmp_path):
    network = line(tmp_path)
    direct = route(network, "cn-a", "cn-d")[0].distance_km
    assert route(network, "cn-a", "cn-d", via=["cn-a"])[0].distance_km == direct
    assert route(network, "cn-a", "cn-d", via=["cn-d"])[0].distance_km == direct


def test_edges_lead_from_stage_to_stage(tmp_path):
    """Three stages of a border (not crossed, out of CN, into CN) for each of two of a place to visit."""
    graph = tiny_network(tmp_path, links=[link("cn-a -- kz-b"), link("kz-b -- kz-c")]).graph
    places = graph.place_index
    stages = Stages(crossings=(frozenset({"CN-KZ"}),), via=(frozenset({places["kz-c"]}),))
    moves = stage_moves(graph, stages)

    def haul(start, end):
        wanted = (graph.edge_from == places[start]) & (graph.edge_to == places[end])
        return int(np.flatnonzero(wanted)[0])

    out, back, onward = haul("cn-a", "kz-b"), haul("kz-b", "cn-a"), haul("kz-b", "kz-c")
    (crossed,), (visited,) = moves.after([out]), moves.after([onward])
    assert {crossed, *moves.after([back])} == {1, 2}
    assert visited == 3
    assert moves.after([out, onward]) == moves.after([onward, out]) == [visited + crossed]
    assert moves.after([out, back]) == []
    # Before both nothing need be met, or either of the two.
    assert moves.before([out, onward]) == [0, crossed, visited, visited + crossed]
    assert moves.before([onward]) == [1, 2, 4, 5]
    assert moves.before([]) == stages.final == [4, 5]


def test_a_crossing_may_meet_several_groups_but_none_is_crossed_both_ways(tmp_path):
    graph = tiny_network(tmp_path, links=[link("ru-a -- ua-b"), link("ua-b -- pl-c"), link("ru-a -- pl-c")]).graph
    places = graph.place_index

    def path(*stops):
        wanted = [(graph.edge_from == places[a]) & (graph.edge_to == places[b]) for a, b in pairwise(stops)]
        return [int(np.flatnonzero(one)[0]) for one in wanted]

    def meets(groups, *stops):
        return 0 in stage_moves(graph, Stages(crossings=tuple(map(frozenset, groups)))).before(path(*stops))

    assert meets([{"PL-UA"}, {"PL-UA", "PL-RU"}], "ua-b", "pl-c")
    assert meets([{"PL-UA"}, {"RU-UA"}], "ru-a", "ua-b", "pl-c")
    # Into Ukraine by one border of a group and out of it by another one.
    assert not meets([{"PL-UA", "RU-UA"}], "ru-a", "ua-b", "pl-c")
    assert not meets([{"PL-UA", "RU-UA"}, {"PL-UA"}], "ru-a", "ua-b", "pl-c")
