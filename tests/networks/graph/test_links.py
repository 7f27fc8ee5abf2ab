"""What a link is to the graph: crossings, countries, borders, seasons, transfers within a city."""

import numpy as np
import pytest

from landbridge.networks.graph.links import crossing_tags, in_season, is_border, is_local, link_countries
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


PLACES = {
    "cn-a": {"country": "CN", "parent": None},
    "kz-b": {"country": "KZ", "parent": None},
    "sea-x": {"country": None, "parent": None},
    "kz-east": {"country": "KZ", "parent": "kz-city"},
    "kz-west": {"country": "KZ", "parent": "kz-city"},
    "kz-city": {"country": "KZ", "parent": None},
}


def row(start, end, mode="rail", *, passage=(), countries=()):
    return {"id": "l", "from": start, "to": end, "mode": mode, "passage": passage, "countries": countries}


@pytest.mark.parametrize(
    ("link_row", "tags"),
    [
        # The pair in alphabetical order, whichever way the link is drawn, alone and with its mode; its own id last.
        (row("kz-b", "cn-a"), ["CN-KZ", "CN-KZ:rail", "l"]),
        (row("kz-b", "kz-east"), ["l"]),
        (row("cn-a", "sea-x", "sea", passage=("suez", "bosporus")), ["suez", "bosporus", "l"]),
    ],
)
def test_a_link_is_named_by_its_border_its_passages_and_its_id(link_row, tags):
    assert list(crossing_tags(link_row, PLACES)) == tags


@pytest.mark.parametrize(
    ("link_row", "countries"),
    [
        (row("cn-a", "kz-b"), {"CN", "KZ"}),
        (row("cn-a", "kz-b", countries=("KG",)), {"CN", "KZ", "KG"}),
        (row("cn-a", "sea-x", "sea", countries=("EG",)), {"EG"}),
        (row("cn-a", "kz-b", "iww"), {"CN", "KZ"}),
    ],
)
def test_a_link_on_land_passes_the_countries_of_its_ends_and_one_at_sea_those_that_are_given(link_row, countries):
    assert link_countries(link_row, PLACES) == countries


@pytest.mark.parametrize(
    ("link_row", "expected"),
    [
        (row("cn-a", "kz-b"), True),
        (row("cn-a", "kz-b", "road"), True),
        (row("cn-a", "kz-b", "ferry"), False),
        (row("kz-b", "kz-east"), False),
    ],
)
def test_a_border_is_crossed_on_the_ground(link_row, expected):
    assert is_border(link_row, PLACES) is expected


@pytest.mark.parametrize(("start", "end", "local"), [("kz-east", "kz-west", True), ("kz-east", "kz-city", True)])
def test_terminals_of_one_city_and_the_city_are_joined_by_a_transfer(start, end, local):
    assert is_local(row(start, end, "road"), PLACES) is local
    assert not is_local(row(start, "kz-b", "road"), PLACES)


@pytest.mark.parametrize(
    ("day", "within", "over_new_year"),
    [(301, True, False), (1031, True, False), (1101, False, True), (229, False, True)],
)
def test_a_season_holds_both_its_days_and_may_run_over_the_end_of_the_year(day, within, over_new_year):
    assert in_season(day, 301, 1031) == within
    assert in_season(day, 1101, 229) == over_new_year
    assert in_season(np.array([day]), np.array([301, 1101]), np.array([1031, 229])).tolist() == [within, over_new_year]
