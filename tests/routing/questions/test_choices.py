"""What the options of a question take besides places and countries."""

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import choices, route
from landbridge.routing.query.options import split_avoid
from tests.support.tiny import link, tiny_network


@pytest.fixture
def drawn(tmp_path):
    links = [
        link("cn-a -- kz-b"),
        link("cn-a -- kz-b", "road"),
        link("kz-b -- kz-c"),
        link("kz-c -- de-d", "sea", passage=("suez", "lake-van")),
    ]
    row = {"id": "north", "name": "North", "priority": 1, "require": "CN-KZ", "aliases": ("tsr",), "modes": ("rail",)}
    return tiny_network(tmp_path, links=links, tables={"corridors": [row]})


def test_passages_are_those_of_the_links_with_their_names(drawn):
    assert choices(drawn, "passage") == [
        {"id": "lake-van", "name": "Lake van", "modes": ["sea"], "links": 1, "aliases": []},
        {"id": "suez", "name": "Suez Canal", "modes": ["sea"], "links": 1, "aliases": []},
    ]


def test_borders_are_pairs_of_countries_with_their_modes(drawn):
    found = {row["id"]: (row["modes"], row["links"]) for row in choices(drawn, "border")}
    assert found == {"CN-KZ": (["rail", "road"], 2), "DE-KZ": (["sea"], 1)}


def test_corridors_have_other_names_and_no_links(drawn):
    assert choices(drawn, "corridor") == [
        {"id": "north", "name": "North", "modes": ["rail"], "links": None, "aliases": ["tsr"]}
    ]


def test_services_say_how_many_links_they_run_on(drawn):
    found = {row["id"]: row["links"] for row in choices(drawn, "service")}
    assert sorted(found) == sorted(drawn.services)
    assert sum(found.values()) == len(drawn.links)


def test_an_unknown_kind_is_refused_with_those_that_there_are(drawn):
    with pytest.raises(QueryError, match="passage, border, corridor, service"):
        choices(drawn, "bridge")


@pytest.mark.parametrize("kind", ["passage", "border"])
def test_all_that_is_listed_can_be_avoided(network, kind):
    for row in choices(network, kind):
        assert split_avoid(network, row["id"]).crossings == [row["id"]]


def test_a_ship_into_the_gulf_passes_hormuz(network):
    # From outside the strait to Jebel Ali by sea there is one way, through the strait.
    assert "hormuz" in [row["id"] for row in choices(network, "passage")]
    open_way = route(network, "Mumbai", "Jebel Ali", modes="sea")[0]
    assert any("hormuz" in leg.link["passage"] for leg in open_way.hauls if leg.link)
    with pytest.raises(NoRouteError):
        route(network, "Mumbai", "Jebel Ali", modes="sea", avoid="hormuz")
