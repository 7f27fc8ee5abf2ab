"""What a link is to the graph: crossings, countries, borders, seasons, transfers within a city."""

from landbridge.networks.graph.state_graph import EdgeKind
from tests.support.tiny import link, service, tiny_network


def test_a_link_at_sea_passes_no_territory_unless_said(tmp_path):
    """As the schema of `links.countries` says: straits and seas are none, Suez is EG."""
    network = tiny_network(tmp_path, links=[link("sg-a -- sea-b", "sea"), link("sea-b -- gr-c", "sea")])
    hauls = network.graph.kind == EdgeKind.HAUL
    assert hauls.any()
    assert not network.graph.countries[hauls].any()


def test_crossings_are_tagged_in_both_directions(tmp_path):
    links = [link("kz-b -- cn-a", id="rails"), link("cn-a -- kz-b", "road", id="road"), link("kz-b -- az-c", "ferry")]
    network = tiny_network(tmp_path, links=links, services=[service("ferry", "ferry", accepts=("road",))])
    graph = network.graph
    assert {network.links[graph.row[edge]]["id"] for edge in graph.tags["CN-KZ"]} == {"rails", "road"}
    assert {network.links[graph.row[edge]]["id"] for edge in graph.tags["CN-KZ:rail"]} == {"rails"}
    assert {bool(graph.backward[edge]) for edge in graph.tags["rails"]} == {False, True}
    assert set(graph.tags) >= {"AZ-KZ", "AZ-KZ:ferry", "road"}
    assert "KZ-CN" not in graph.tags
