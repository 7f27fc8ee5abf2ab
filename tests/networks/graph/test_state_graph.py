"""The state graph in arrays: days on which edges are open, sorting, ends."""

import numpy as np
import pytest

from landbridge.networks.graph.state_graph import EdgeKind, State, StateKind
from tests.support.breaks import COMPLETE, open_links
from tests.support.tiny import link, place, tiny_network


@pytest.mark.parametrize(
    ("day", "is_open"),
    [("2025-10-31", True), ("2025-11-01", True), ("2026-02-28", True), ("2026-03-01", False), ("2025-10-01", False)],
)
def test_a_season_may_wrap_the_end_of_the_year(tmp_path, day, is_open):
    links = [link("cn-a -- cn-b", id="winter", season_from="10-31", season_to="02-28")]
    assert open_links(tiny_network(tmp_path, links=links), day) == ({"winter"} if is_open else set())


@pytest.mark.parametrize(("day", "is_open"), [("2026-06-30", False), ("2026-07-01", True), ("2026-11-30", True)])
def test_a_season_within_the_year_holds_from_its_first_to_its_last_day(tmp_path, day, is_open):
    links = [link("cn-a -- cn-b", id="summer", season_from="07-01", season_to="11-30")]
    assert open_links(tiny_network(tmp_path, links=links), day) == ({"summer"} if is_open else set())


def test_without_seasons_a_seasonal_link_is_shut_on_every_day(tmp_path):
    links = [link("cn-a -- cn-b", id="summer", season_from="07-01", season_to="11-30"), link("cn-b -- cn-c", id="all")]
    network = tiny_network(tmp_path, links=links)
    assert open_links(network, "2026-08-01", seasonal=False) == {"all"}
    assert open_links(network, "2026-12-01") == {"all"}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-02-24", {"old", "always"}),
        ("2022-02-25", {"always"}),
        ("2029-12-31", {"always"}),
        ("2030-01-01", {"planned", "always"}),
    ],
)
def test_validity_holds_from_its_first_to_its_last_day(tmp_path, day, found):
    links = [
        link("cn-a -- cn-b", id="old", valid_to="2022-02-24"),
        link("cn-b -- cn-c", id="planned", valid_from="2030-01-01"),
        link("cn-c -- cn-d", id="always"),
    ]
    assert open_links(tiny_network(tmp_path, links=links), day) == found


def test_edges_are_sorted_by_tail_and_head_and_found_by_indptr(tmp_path):
    graph = tiny_network(tmp_path, **COMPLETE).graph
    assert len(graph.indptr) == len(graph.states) + 1
    assert graph.indptr[-1] == graph.edges
    order = np.lexsort((graph.head, graph.tail))
    assert (order == np.arange(graph.edges)).all()
    for node in range(len(graph.states)):
        assert (graph.tail[graph.indptr[node] : graph.indptr[node + 1]] == node).all()


def test_origins_and_destinations_are_the_nodes_of_their_places(tmp_path):
    graph = tiny_network(
        tmp_path, check=False, links=[link("cn-a -> cn-b")], places=[place("cn-a"), place("cn-b")]
    ).graph
    origin, destination = graph.place_index["cn-a"], graph.place_index["cn-b"]
    assert graph.states[graph.origins[origin]] == State(StateKind.ORIGIN, "cn-a")
    assert graph.states[graph.destinations[destination]] == State(StateKind.DESTINATION, "cn-b")
    assert graph.origins[destination] == -1, "nothing leaves cn-b"
    # Cargo is never on board in cn-a, but a train is there from which it could be unloaded.
    assert {graph.places[index] for index in graph.edge_from} == {"cn-a", "cn-b"}


def test_values_of_rows_go_to_the_edges_of_their_kind(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    graph = network.graph
    found = graph.from_rows(hauls=[1.5, 2.5], waits=9.0, dtype=np.float64)
    for kind, row, value in zip(graph.kind.tolist(), graph.row.tolist(), found.tolist(), strict=True):
        assert value == ([1.5, 2.5][row] if kind == EdgeKind.HAUL else 9.0 if kind == EdgeKind.WAIT else 0.0)


def test_rows_may_have_several_values(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    graph, hauls = network.graph, network.graph.kind == EdgeKind.HAUL
    found = graph.from_rows(hauls=[(1, 2), (3, 4)], dtype=np.int64, columns=2)
    assert found[hauls].tolist() == [[[1, 2], [3, 4]][row] for row in graph.row[hauls].tolist()]
    assert not found[~hauls].any()
