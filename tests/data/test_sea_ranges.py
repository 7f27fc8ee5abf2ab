"""Trunk lines between continents: each sails one direction, from the ports of one range to those of another."""

from collections import defaultdict

import networkx as nx
import pytest

from landbridge.networks import load_network
from landbridge.routing import Cargo, route

FAR_EAST = frozenset({"CN", "KR", "SG"})
SOUTH_ASIA = frozenset({"AE", "IN", "LK", "PK"})
NORTH = frozenset({"BE", "DE", "GB", "NL", "PL", "RU"})
SOUTH = frozenset({"EG", "ES", "FR", "GR", "IL", "IT", "RO", "SI", "TR"})
RUSSIA = frozenset({"RU"})
GULF = frozenset({"AE", "IR"})
TRUNK = {
    "ocean-asia-europe": (FAR_EAST, NORTH),
    "ocean-asia-med": (FAR_EAST, SOUTH),
    "ocean-india-europe": (SOUTH_ASIA, NORTH | SOUTH),
    "ocean-europe-asia": (NORTH | SOUTH, FAR_EAST),
    "ocean-europe-india": (NORTH | SOUTH, SOUTH_ASIA),
}
TRUNK |= {f"{service}-cape": ranges for service, ranges in TRUNK.items()}
TRUNK |= {
    "ocean-asia-russia": (FAR_EAST, RUSSIA),
    "ocean-india-russia": (SOUTH_ASIA, RUSSIA),
    "ocean-russia-asia": (RUSSIA, FAR_EAST | SOUTH_ASIA),
    "ocean-asia-gulf": (FAR_EAST, SOUTH_ASIA | GULF),
    "ocean-gulf-asia": (SOUTH_ASIA | GULF, FAR_EAST),
}


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture(scope="module")
def lines(network):
    found = defaultdict(nx.DiGraph)
    for link in network.links:
        if link["service"] in TRUNK:
            assert not link["both_ways"]
            found[link["service"]].add_edge(link["from"], link["to"])
    return found


@pytest.mark.parametrize("service", TRUNK)
def test_a_trunk_line_leads_from_each_port_of_its_range_to_each_of_the_other_and_nowhere_else(network, lines, service):
    line = lines[service]
    ports = {place: network.places[place]["country"] for place in line if network.places[place]["modes"]}
    reached = {(start, end) for start in ports for end in nx.descendants(line, start) if end in ports}
    starts, ends = ({port for port, country in ports.items() if country in side} for side in TRUNK[service])
    assert starts
    assert ends
    assert reached == {(start, end) for start in starts for end in ends}


def test_within_europe_a_container_pays_the_rate_of_short_sea_lines(network):
    # A 40-foot container of 2 TEU: 813 USD to board and 0.0904 USD/km; terminals apart, which cost the same before.
    (trip,) = route(network, "Mersin", "Antwerp", cargo=Cargo(), modes=["sea"])
    sea = [leg for leg in trip.legs if leg.mode == "sea" and leg.kind in {"haul", "wait"}]
    assert {leg.name for leg in sea} == {"Short-sea container lines of Europe, the Mediterranean and the Black Sea"}
    assert sum(leg.cost_usd for leg in sea) == pytest.approx(813 + 0.0904 * trip.distance_km)
