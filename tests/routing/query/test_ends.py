"""The ends of a query as nodes: each terminal in each stage."""

from landbridge.routing.query.ends import path_ends, search_ends
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
