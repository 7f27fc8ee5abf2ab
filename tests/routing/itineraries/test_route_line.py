"""The points that tell an itinerary apart."""

import pytest

from landbridge.routing import route
from landbridge.routing.itineraries.route_line import MOST_POINTS
from tests.support.tiny import link, operation, tiny_network


def line_of(folder, *ends, links, operations=()):
    return route(tiny_network(folder, links=links, operations=operations), *ends)[0].route_line


def test_a_gauge_break_at_a_border_is_the_pair_of_its_places(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c", gauge=1435), link("kz-c -- kz-d", gauge=1520)]
    change = operation("gauge_change", "kz-c", from_gauge=1435, to_gauge=1520, mean_h=5)
    assert line_of(tmp_path, "cn-a", "kz-d", links=links, operations=[change]) == "B/C (CN KZ)"


def test_of_the_borders_within_a_union_the_first_is_named_and_within_the_eu_none(tmp_path):
    # Kazakhstan, Russia and Belarus are in the EAEU, Poland and Germany in the EU.
    links = [
        link("kz-a -- kz-b"),
        link("kz-b -- ru-c"),
        link("ru-c -- by-d"),
        link("by-d -- pl-e"),
        link("pl-e -- de-f"),
    ]
    assert line_of(tmp_path, "kz-a", "de-f", links=links) == "B - D (KZ RU BY PL DE)"


def test_ports_and_passages_are_named_in_the_order_of_travel(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- de-c", "sea", passage=("suez",)), link("de-c -- de-d")]
    assert line_of(tmp_path, "cn-a", "de-d", links=links) == "B - Suez - C (CN DE)"


def test_a_way_without_points_is_its_countries(tmp_path):
    assert line_of(tmp_path, "cn-a", "cn-b", links=[link("cn-a -- cn-b")]) == "CN"


@pytest.mark.parametrize("corridor", ["middle", "southern"])
def test_a_line_has_few_points(network, corridor):
    found = route(network, "Xi'an", "Duisburg", corridor=corridor)[0]
    assert len(found.route_line.partition(" (")[0].split(" - ")) <= MOST_POINTS
    assert found.route_line.endswith(f"({' '.join(found.countries)})")
