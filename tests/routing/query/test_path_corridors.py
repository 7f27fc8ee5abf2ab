"""The corridor of paths of edges: by the crossings of their hauls and the modes of all but local ones."""

import pytest

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import route
from landbridge.routing.query.corridors import OTHER
from landbridge.routing.query.path_corridors import PathCorridors
from tests.support.tiny import link, place, tiny_network

STEPPE = {"id": "steppe", "name": "Steppe", "priority": 1, "require": "CN-KZ"}
RAILS = {"id": "rails", "name": "Rails", "priority": 2, "require": "*", "modes": ("rail",)}


def hauls_of(network, *ids):
    """Return the edges that run over links in the direction in which they are given."""
    graph, rows = network.graph, [row["id"] for row in network.links]
    return [
        next(
            edge
            for edge in range(graph.edges)
            if graph.kind[edge] == EdgeKind.HAUL and rows[graph.row[edge]] == name and not graph.backward[edge]
        )
        for name in ids
    ]


@pytest.fixture
def drawn(tmp_path):
    links = [
        link("cn-a -- kz-b", id="border"),
        link("cn-a -- cn-c", id="inland"),
        link("cn-a -- cn-d", "road", id="road"),
        link("cn-d -- cn-e", "road", id="transfer"),
    ]
    places = [
        place("cn-d", parent="cn-city"),
        place("cn-e", parent="cn-city"),
        place("cn-city", kind="city", modes=()),
    ]
    return tiny_network(tmp_path, links=links, places=places, tables={"corridors": [STEPPE, RAILS]})


@pytest.mark.parametrize(
    ("links", "corridor"),
    [
        (["border"], "steppe"),
        (["inland"], "rails"),
        (["road"], OTHER),
        (["inland", "road"], OTHER),
        # A truck between terminals of one city is no mode of the line-haul.
        (["inland", "transfer"], "rails"),
    ],
    ids=" ".join,
)
def test_a_path_belongs_to_the_prior_corridor_whose_rule_it_meets(drawn, links, corridor):
    assert PathCorridors(drawn).of(hauls_of(drawn, *links)) == corridor


def test_operations_and_edges_beyond_the_graph_say_nothing(drawn):
    graph = drawn.graph
    operations = [edge for edge in range(graph.edges) if graph.kind[edge] != EdgeKind.HAUL]
    edges = [*operations, *hauls_of(drawn, "inland"), graph.edges, graph.edges + 7]
    assert PathCorridors(drawn).of(edges) == "rails"


def test_it_agrees_with_the_corridor_of_each_itinerary(network):
    named = PathCorridors(network)
    found = [*route(network, "Xi'an", "Duisburg", k=5), *route(network, "Shanghai", "Istanbul", k=5)]
    assert len({item.corridor for item in found}) > 1
    assert [named.of(item.edges) for item in found] == [item.corridor for item in found]
