import numpy as np
import pytest

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.search.memory import Item, ItemKind, memory_of, met_again, no_memory, without_returns
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
    return Item(ItemKind.COUNTRY, graph.country_codes.index(code))


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
    assert Item(ItemKind.LINK, 0) in met_again(graph, [there, back])
    assert met_again(graph, [there]) == set()


def test_a_state_is_met_again_by_other_links_unless_states_do_not_count(tmp_path):
    # A triangle from b by c and d to b, and on to e: no link is used twice.
    drawn = ("cn-a -- cn-b", "cn-b -- cn-c", "cn-c -- cn-d", "cn-d -- cn-b", "cn-b -- cn-e")
    graph = tiny_network(tmp_path, links=[link(pair) for pair in drawn]).graph
    path = hauls(graph, 0, 1, 2, 3, 4)
    assert met_again(graph, path) == {Item(ItemKind.STATE, int(graph.head[path[0]]))}
    assert met_again(graph, path, states=False) == set()
    assert met_again(graph, path[:3]) == set()


def test_the_place_where_a_path_starts_or_ends_is_met_again_by_other_links(tmp_path):
    """A truck to the next station, and the train back past the place: a then b, and then from b over a to c."""
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", "road"), link("cn-a -- cn-b"), link("cn-a -- cn-c")])
    graph, a = network.graph, network.graph.place_index["cn-a"]
    leave, reach = Item(ItemKind.FROM, a), Item(ItemKind.TO, a)
    truck, train = hauls(graph, 0, 1)
    truck_back, train_back, from_c = hauls(graph, 0, 1, 2, backward=True)
    assert met_again(graph, [truck, train_back, *hauls(graph, 2)]) == {leave}
    assert met_again(graph, [from_c, train, truck_back]) == {reach}
    memory = memory_of(graph, {leave, reach}, [(truck,)], [(truck_back,), (train,)])
    assert memory.once.tolist() == [True, True]
    assert memory.touched[[train, train_back, from_c]].tolist() == [[True, False], [False, True], [False, True]]
    assert memory.of_starts.tolist() == [[2, 0]]
    assert memory.of_ends.tolist() == [[False, True], [True, False]]


def test_a_memory_knows_what_edges_touch_and_what_is_met_on_the_way_to_the_first_node(tmp_path):
    links = [link("kz-b -- ru-c"), link("ru-c -- ru-d"), link("ru-d -- kz-e")]
    graph = tiny_network(tmp_path, links=links).graph
    first, second, third = hauls(graph, 0, 1, 2)
    items = {country(graph, "KZ"), Item(ItemKind.LINK, 1), Item(ItemKind.STATE, int(graph.head[second]))}
    memory = memory_of(graph, items, [(), (first,), (first, second)], [(), (third,)])
    # In the order of their kinds.
    assert memory.once.tolist() == [False, True, True]
    assert memory.touched[[first, second, third]].tolist() == [
        [True, False, False],
        [False, True, True],
        [True, False, False],
    ]
    # Nothing is met; Kazakhstan is being passed; it is left, and the link and the state after it are used.
    assert memory.of_starts.tolist() == [[0, 0, 0], [1, 0, 0], [2, 2, 2]]
    assert memory.of_ends.tolist() == [[False, False, False], [True, False, False]]


def test_no_memory_has_no_items():
    memory = no_memory(2, 3)
    assert (len(memory.once), memory.of_starts.shape, memory.of_ends.shape) == (0, (2, 0), (3, 0))


def test_a_search_is_repeated_with_what_its_paths_meet_again_until_they_are_clean():
    one, two = Item(ItemKind.COUNTRY, 1), Item(ItemKind.COUNTRY, 2)
    answers = {frozenset(): [[1]], frozenset({one}): [[2], [3]], frozenset({one, two}): [[4]]}
    again = {1: {one}, 2: set(), 3: {two}, 4: set()}
    asked = []

    def search(items):
        asked.append(items)
        return answers[items]

    assert without_returns(search, lambda path: again[path[0]]) == [[4]]
    assert asked == [frozenset(), frozenset({one}), frozenset({one, two})]


def test_countries_are_remembered_before_ends_links_and_states():
    items = [Item(kind, 1) for kind in ItemKind]
    asked = []

    def search(remembered):
        asked.append(sorted(remembered))
        return [[0]]

    # One path that meets all of them again as long as they are not remembered.
    assert without_returns(search, lambda _: set(items) - set(asked[-1])) == [[0]]
    assert asked == [items[:count] for count in range(len(items) + 1)]


def test_of_what_a_path_meets_again_only_the_first_may_be_remembered():
    first, second = Item(ItemKind.COUNTRY, 2), Item(ItemKind.COUNTRY, 1)
    asked = []

    def search(remembered):
        asked.append(remembered)
        return [[0, 1, 2, 3]]

    def again(path):
        # The third edge meets one country again, the fourth the other and a link.
        met = [set(), set(), set(), {first}, {first, second, Item(ItemKind.LINK, 0)}][len(path)]
        return set() if len(asked) == 3 else met

    assert without_returns(search, again, soonest=True) == [[0, 1, 2, 3]]
    assert asked == [set(), {first}, {first, second}]


def test_a_search_without_an_answer_is_not_repeated():
    assert without_returns(lambda _: [], lambda _: set()) == []
