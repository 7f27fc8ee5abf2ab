"""The compiled passes over many paths: returns as of each alone, and paths of a tree with what is around them."""

import random

import numpy as np

from landbridge.routing import route
from landbridge.routing.search.edge_lists import EdgeLists, lists_of
from landbridge.routing.search.memory import country_bits, met_again, returning
from landbridge.routing.search.returns import sum_down, whole_paths
from tests.support.tiny import link, tiny_network


def random_walks(graph, count, most, seed):
    draw = random.Random(seed)  # noqa: S311 - a sample and no secret
    walks = []
    for _ in range(count):
        edge = draw.randrange(graph.edges)
        walk = [edge]
        while len(walk) < most and graph.indptr[graph.head[edge]] < graph.indptr[graph.head[edge] + 1]:
            edge = draw.randrange(graph.indptr[graph.head[edge]], graph.indptr[graph.head[edge] + 1])
            walk.append(edge)
        walks.append(walk)
    return walks


def test_the_same_paths_return_as_when_each_is_looked_at_alone(network):
    graph = network.graph
    walks = random_walks(graph, 400, 40, seed=2)
    spared = [
        sorted({number % len(graph.country_codes), (7 * number) % len(graph.country_codes)}) for number in range(400)
    ]
    exempt = np.zeros((len(walks), len(graph.country_codes)), dtype=np.bool_)
    for row, columns in zip(exempt, spared, strict=True):
        row[columns] = True
    expected = [bool(met_again(graph, walk, columns)) for walk, columns in zip(walks, spared, strict=True)]
    assert returning(graph, lists_of(walks), country_bits(exempt)).tolist() == expected
    assert 20 < sum(expected) < 380


def test_the_first_path_that_uses_each_link_once_returns_nowhere(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    there, again = (route(network, "cn-a", end)[0] for end in ("cn-c", "cn-b"))
    paths = [list(item.edges) for item in (there, again)]
    found = returning(network.graph, lists_of(paths), np.zeros((2, 1), dtype=np.uint64))
    assert found.tolist() == [False, False]


def test_more_countries_than_a_word_has_bits():
    member = np.zeros((2, 70), dtype=np.bool_)
    member[0, [0, 69]] = True
    member[1, 63] = True
    bits = country_bits(member)
    assert bits.shape == (2, 2)
    assert bits.tolist() == [[1, 1 << 5], [1 << 63, 0]]


def test_a_path_of_a_tree_has_what_goes_before_it_and_what_follows():
    # Nodes 0 to 3 in a row by edges 0, 1 and 2; a path starts at node 1, to which edges 7 and 8 lead.
    edge_to, tail = np.array([-1, -1, 1, 2]), np.array([0, 1, 2])
    before = lists_of([[], [7, 8], [], []])
    start, edges = whole_paths(edge_to, tail, np.array([3, 1, 0]), tuple(before), tuple(lists_of([[9], [], [4]])))
    paths = EdgeLists(start, edges)
    assert [paths.of(number) for number in range(3)] == [[7, 8, 1, 2, 9], [7, 8], [4]]


def test_values_are_summed_from_the_start_of_a_tree_to_each_node():
    # Edges 0: 2 -> 1, 1: 1 -> 0, 2: 2 -> 3; the tree starts at 2, and nothing leads to 4.
    edge_to, tail = np.array([1, 0, -1, 2, -1]), np.array([2, 1, 2])
    totals = np.full((5, 2), np.nan)
    totals[2] = 100.0, 1.0
    sum_down(edge_to, tail, np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]]), np.arange(len(edge_to)), totals)
    assert totals[:4].tolist() == [[103, 31], [101, 11], [100, 1], [104, 41]]
    assert np.isnan(totals[4]).all()
