"""The shortest feasible distance by mode and gauge."""

import math

from landbridge.routing.statements.shortest_distance import ShortestFeasible
from tests.support.tiny import link, tiny_network


def test_the_least_of_several_ways(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", length_km=50), link("cn-a -- cn-c", length_km=180)]
    shortest = ShortestFeasible(tiny_network(tmp_path, links=links))
    # 100 + 50 and not 180
    assert shortest.km("rail", 1435, "cn-a", "cn-c") == 150


def test_another_mode_and_another_gauge_are_no_way(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-a -- cn-b", "road", length_km=60)]
    shortest = ShortestFeasible(tiny_network(tmp_path, links=links))
    assert shortest.km("road", None, "cn-a", "cn-b") == 60
    assert shortest.km("rail", 1435, "cn-a", "cn-b") == 100
    assert math.isinf(shortest.km("rail", 1520, "cn-a", "cn-b"))


def test_a_link_one_way_is_no_way_back(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -> cn-b", "road")], check=False)
    shortest = ShortestFeasible(network)
    assert shortest.km("road", None, "cn-a", "cn-b") == 100
    assert math.isinf(shortest.km("road", None, "cn-b", "cn-a"))


def test_what_is_planned_closed_or_seasonal_counts_only_if_it_is_used(tmp_path):
    links = [
        link("cn-a -- cn-b", id="planned", length_km=30, valid_from="2030-01-01"),
        link("cn-a -- cn-b", id="closed", length_km=40, valid_to="2025-01-01"),
        link("cn-a -- cn-b", id="seasonal", length_km=50, season_from="07-01", season_to="10-31"),
        link("cn-a -- cn-b", id="open"),
    ]
    network = tiny_network(tmp_path, links=links, check=False)
    assert ShortestFeasible(network).km("rail", 1435, "cn-a", "cn-b") == 100
    seasonal = next(row for row in network.links if row["id"] == "seasonal")
    assert ShortestFeasible(network, [seasonal]).km("rail", 1435, "cn-a", "cn-b") == 50
