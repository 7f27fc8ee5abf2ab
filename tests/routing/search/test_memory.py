import numpy as np
import pytest

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.search.memory import Item, memory_of, met_again, no_memory, without_returns
from tests.support.tiny import link, place, tiny_network

PLACES = ("cn-a", "kz-b", "ru-c", "kz-d")


@pytest.fixture
def graph(tmp_path):
    return zigzag(tmp_path)


def zigzag(folder, *, places=(), **cells):
    """Return the state graph of a railway from China through Kazakhstan and Russia to Kazakhstan again."""
    links = [link("cn-a -- kz-b"), link("kz-b -- ru-c", **cells), link("ru-c -- kz-d")]
    return tiny_network(folder, links=links, places=places).graph


def hauls(graph, *rows, backward=False):
    """Return the edges of links, by their rows, in one direction."""
    of_rows = {
        int(graph.row[edge]): int(edge)
        for edge in np.flatnonzero((graph.kind == EdgeKind.HAUL) & (graph.backward == backward))
    }
    return [of_rows[row] for row in rows]


def country(graph, code):
    return Item(is_link=False, number=graph.country_codes.index(code))


def test_a_country_that_is_left_and_entered_is_met_again(graph):
    assert met_again(graph, hauls(graph, 0, 1)) == set()
    assert met_again(graph, hauls(graph, 1, 2)) == set()


def test_a_country_between_two_others_has_to_be_left_to_be_met_again(tmp_path):
    links = [link("kz-b -- ru-c"), link("ru-c -- ru-d"), link("ru-d -- kz-e")]
    graph = tiny_network(tmp_path, links=links).graph
    path = hauls(graph, 0, 1, 2)
    assert met_again(graph, path) == {country(graph, "KZ")}
    assert met_again(graph, path, exempt=[graph.country_codes.index("KZ")]) == set()


def test_a_neutral_place_is_in_no_country(tmp_path):
    links = [link("kz-b -- ru-c"), link("ru-c -- ru-d"), link("ru-d -- kz-e")]
    places = [place("ru-c", neutral=True), place("ru-d", neutral=True)]
    graph = tiny_network(tmp_path, links=links, places=places).graph
    assert met_again(graph, hauls(graph, 0, 1, 2)) == set()


def test_the_sea_between_two_ports_of_a_country_is_no_other_country(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "sea"), link("cn-c -- cn-d")]
    graph = tiny_network(tmp_path, links=links).graph
    assert met_again(graph, hauls(graph, 0, 1, 2)) == set()


def test_a_link_is_met_again_in_either_direction(graph):
    there, back = hauls(graph, 0)[0], hauls(graph, 0, backward=True)[0]
    assert Item(is_link=True, number=0) in met_again(graph, [there, back])
    assert met_again(graph, [there]) == set()


def test_a_memory_knows_what_edges_touch_and_what_is_met_on_the_way_to_the_first_node(tmp_path):
    links = [link("kz-b -- ru-c"), link("ru-c -- ru-d"), link("ru-d -- kz-e")]
    graph = tiny_network(tmp_path, links=links).graph
    items = {country(graph, "KZ"), Item(is_link=True, number=1)}
    first, second, third = hauls(graph, 0, 1, 2)
    memory = memory_of(graph, items, [(), (first,), (first, second)], [(), (third,)])
    kz, line = sorted(items).index(country(graph, "KZ")), sorted(items).index(Item(is_link=True, number=1))
    assert memory.is_link[[kz, line]].tolist() == [False, True]
    assert memory.touched[[first, second, third]][:, [kz, line]].tolist() == [
        [True, False],
        [False, True],
        [True, False],
    ]
    # Nothing is met; Kazakhstan is being passed; it is left, and the link is used.
    assert memory.of_starts[:, [kz, line]].tolist() == [[0, 0], [1, 0], [2, 2]]
    assert memory.of_ends[:, [kz, line]].tolist() == [[False, False], [True, False]]


def test_no_memory_has_no_items():
    memory = no_memory(2, 3)
    assert (len(memory.is_link), memory.of_starts.shape, memory.of_ends.shape) == (0, (2, 0), (3, 0))


def test_a_search_is_repeated_with_what_its_paths_meet_again_until_they_are_clean():
    one, two = Item(is_link=True, number=1), Item(is_link=False, number=2)
    answers = {frozenset(): [[1]], frozenset({one}): [[2], [3]], frozenset({one, two}): [[4]]}
    again = {1: {one}, 2: set(), 3: {two}, 4: set()}
    asked = []

    def search(items):
        asked.append(items)
        return answers[items]

    assert without_returns(search, lambda path: again[path[0]]) == [[4]]
    assert asked == [frozenset(), frozenset({one}), frozenset({one, two})]


def test_a_search_without_an_answer_is_not_repeated():
    assert without_returns(lambda _: [], lambda _: set()) == []
