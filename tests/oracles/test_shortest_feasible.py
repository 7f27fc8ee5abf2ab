"""Shortest feasible distances against networkx."""

import networkx as nx
import pytest

from landbridge.routing.statements.shortest_distance import ShortestFeasible


def is_open(network, row):
    rows, day = (row, network.services[row["service"]]), network.reference_date
    seasonal = any(item["season_from"] for item in rows)
    started = all(item["valid_from"] is None or item["valid_from"] <= day for item in rows)
    return started and not seasonal and all(item["valid_to"] is None or item["valid_to"] >= day for item in rows)


@pytest.mark.parametrize(
    ("mode", "gauge", "start", "end"),
    [
        ("rail", 1520, "kz-dostyk", "by-brest"),
        ("rail", 1520, "kz-altynkol", "kz-aktau"),
        ("rail", 1435, "pl-malaszewicze", "de-duisburg"),
        ("road", None, "cn-xian", "de-duisburg"),
        ("sea", None, "cn-shanghai", "nl-rotterdam"),
    ],
)
def test_the_least_way_is_that_of_networkx(network, mode, gauge, start, end):
    graph = nx.DiGraph()
    for row, km in zip(network.links, network.link_lengths_km, strict=True):
        if row["mode"] == mode and row["gauge"] == gauge and is_open(network, row):
            for pair in [(row["from"], row["to"]), (row["to"], row["from"])][: 2 if row["both_ways"] else 1]:
                graph.add_edge(*pair, km=min(km, graph.get_edge_data(*pair, {"km": float("inf")})["km"]))
    expected = nx.shortest_path_length(graph, start, end, weight="km")
    assert ShortestFeasible(network).km(mode, gauge, start, end) == pytest.approx(expected, rel=1e-9)
