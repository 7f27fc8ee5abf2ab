"""Sanctions of scenarios."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.networks.errors import ScenarioError
from landbridge.routing import Cargo, route
from tests.support.changed_networks import changed
from tests.support.tiny import link, service, tiny_network

SANCTION = 'do = "sanction"\ncountries = ["RU"]'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return a way from kz-a to pl-z through ru-r, and a longer one by a ship of the line `ocean`."""
    return tiny_network(
        tmp_path_factory.mktemp("tiny"),
        links=[
            link("kz-a -- ru-r"),
            link("ru-r -- pl-z"),
            link("kz-a -- pl-z", "sea", service="ocean", length_km=900),
        ],
        services=[service("ocean", "sea")],
    )


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def km(network, start="A", end="Z", **cargo):
    return route(network, start, end, cargo=Cargo(**cargo))[0].distance_km


def test_nothing_passes_but_cargo_from_and_to_the_country_moves(tiny):
    found = changed(tiny, SANCTION)
    assert (km(tiny), km(found)) == (200, 900)
    assert (km(found, end="R"), km(found, start="R")) == (100, 100)


def test_without_transit_alone_nothing_moves_there(tiny):
    with pytest.raises(NoRouteError, match="R is in RU, which is avoided by the rule test-1"):
        km(changed(tiny, f"{SANCTION}\ntransit_only = false"), end="R")


def test_it_may_be_limited_to_goods_and_to_classes(tiny):
    goods = changed(tiny, f'{SANCTION}\nhs_chapters = ["85"]')
    assert (km(goods), km(goods, hs_chapter="84"), km(goods, hs_chapter="85")) == (200, 200, 900)
    classes = changed(tiny, f'{SANCTION}\ncargo_classes = ["loose"]')
    assert (km(classes), km(classes, cargo_class="loose")) == (200, 900)


def test_carriers_are_services_that_are_closed(tiny):
    found = changed(tiny, f'{SANCTION}\ncarriers = ["oc*"]')
    with pytest.raises(NoRouteError):
        km(found)


def test_unknown_countries_and_carriers_are_faults_with_near_names(tiny):
    with pytest.raises(ScenarioError) as caught:
        changed(tiny, 'do = "sanction"\ncountries = ["RU", "XX"]\ncarriers = ["ocaen"]')
    assert [fault.column for fault in caught.value.faults] == ["changes[0].countries[1]", "changes[0].carriers[0]"]
    assert "did you mean ocean" in str(caught.value)


def test_the_countries_of_one_change_are_a_bloc_and_those_of_two_are_not(tiny):
    """Cargo from kz-a is that of a country of the bloc, so that it passes ru-r; a rule of RU alone bars it."""
    bloc = changed(tiny, SANCTION.replace('["RU"]', '["KZ", "RU"]'))
    apart = changed(tiny, SANCTION, SANCTION.replace("RU", "KZ"))
    assert (km(bloc), km(apart)) == (200, 900)
