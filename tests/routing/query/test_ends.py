"""The ends of a query as nodes: each terminal in each stage."""

from copy import copy

import pytest

from landbridge.routing import matrix, reach, route
from landbridge.routing.query.ends import exempt_countries, nodes_of, path_ends, search_ends
from landbridge.routing.query.objectives import REGISTRY
from landbridge.routing.query.query import Conditions, Query
from tests.support.tiny import link, place, tiny_network


def test_ends_are_the_terminals_of_a_city_in_each_stage(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b-east"), link("cn-a -- cn-b-west")],
        places=[
            place("cn-b", kind="city"),
            place("cn-b-east", parent="cn-b"),
            place("cn-b-west", parent="cn-b"),
        ],
    )
    # One place to visit has two stages; paths start in the first of them and end in the last.
    query, graph = Query(network, "cn-a", "cn-b", conditions=Conditions(via=("cn-a",))), network.graph
    time = [(query.costs.time_h, REGISTRY["time"].of_access)]
    starts = path_ends(query, search_ends(query, query.starts, outward=True), time)
    found = path_ends(query, search_ends(query, query.ends, outward=False), time)
    assert [start.node for start in starts] == [int(graph.origins[graph.place_index["cn-a"]])]
    nodes = [int(graph.destinations[graph.place_index[name]]) for name in ("cn-b-east", "cn-b-west")]
    states = len(graph.states)
    assert {end.node for end in found} == {node + stage * states for node in nodes for stage in (1,)}
    assert {end.costs for end in found} == {(0.0,)}


def test_ends_that_lie_in_no_country_exempt_none(tmp_path):
    """A network may have ports of call at sea: passages with the mode sea, whose country is blank."""
    network = tiny_network(
        tmp_path,
        links=[link("sea-a -- sea-b", "sea"), link("sea-b -- cn-c", "sea"), link("cn-c -- cn-d")],
        places=[place("sea-a", kind="passage", modes=("sea",)), place("sea-b", kind="passage", modes=("sea",))],
    )
    graph = network.graph
    assert exempt_countries(Query(network, "sea-a", "sea-b")) == frozenset()
    assert exempt_countries(Query(network, "sea-a", "cn-c")) == frozenset()
    assert exempt_countries(Query(network, "cn-c", "cn-d")) == {graph.country_codes.index("CN")}
    # Load 1 h, 100 km in 2 h, unload 2 h.
    assert route(network, "sea-a", "sea-b")[0].time_mean_h == 5
    assert route(network, "sea-a", "sea-b", depart="2026-03-01")[0].time_mean_h == 5
    assert matrix(network, ["sea-a"], ["sea-b", "cn-c"]).time_mean_h.tolist() == [[5, 7]]
    assert [found.id for found in reach(network, "sea-a", "6h").places] == ["sea-b"]


def test_ends_with_drayage_weigh_what_each_of_them_weighs_alone(network):
    query = Query(network, "cn-xian", "de-duisburg")
    for ends in (nodes_of(query, outward=True), nodes_of(query, outward=False)):
        alone = [end.sum_of(query.weights, query.objective_of) for end in ends]
        assert max(len(end.edges) for end in ends) > 1
        assert ends.sums(query.weights, query.objective_of) == pytest.approx(alone, rel=1e-12)
        some = ends.chosen([len(ends) - 1, 0])
        assert [some[0], some[1]] == [ends[-1], ends[0]]
        assert all(end.edges in ends.edges_at(end.node) for end in ends)


def test_ends_are_shared_by_queries_with_the_same_open_edges(network):
    query = Query(network, "cn-xian", "de-duisburg")
    found = nodes_of(query, outward=True)
    assert nodes_of(query.by("time"), outward=True) is nodes_of(query.worth(5.0), outward=True) is found
    assert len(nodes_of(query.of_class("road"), outward=True)) < len(found)
    # A copy with other ways finds its own.
    other = copy(query)
    vars(other)["starts"] = query.ends
    assert nodes_of(other, outward=True).ways == tuple(query.ends)
