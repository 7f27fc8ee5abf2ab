"""The ends of a query as nodes: each terminal in each stage."""

from landbridge.routing import matrix, reach, route
from landbridge.routing.query.ends import exempt_countries, path_ends, search_ends
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
