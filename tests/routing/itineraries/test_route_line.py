"""The route line: which points of an itinerary it names."""

import pickle
from itertools import pairwise

import pytest

from landbridge.routing import route
from landbridge.routing.itineraries.route_line import MOST_POINTS
from tests.support.tiny import link, operation, service, tiny_network


@pytest.fixture
def line_of(tmp_path):
    """Return the route line of the fastest itinerary between two places of a drawn network."""

    def found(start, end, links, **given):
        return route(tiny_network(tmp_path, links=links, **given), start, end, objective="time")[0].route_line

    return found


def gauge_change(at, other, **cells):
    return operation("gauge_change", at, other_place=other, from_gauge=1435, to_gauge=1520, mean_h=1, **cells)


def test_borders_of_unions_and_the_first_within_one_are_named_by_the_side_that_is_left(line_of):
    ways = ["cn-a", "kz-b", "ru-c", "by-d", "pl-e", "de-f", "de-g"]
    # KZ-RU and RU-BY lie in one union, and PL-DE in the EU, which is not named.
    text = line_of("cn-a", "de-g", [link(f"{one} -- {other}") for one, other in pairwise(ways)])
    assert text == "A - B - D (CN KZ RU BY PL DE)"


def test_a_change_of_gauge_at_a_border_is_the_pair_and_elsewhere_its_place(line_of):
    links = [link("cn-a -- kz-b"), link("kz-b -- kz-c", gauge=1520), link("kz-c -- kz-d")]
    changes = [gauge_change("kz-b", "cn-a"), gauge_change("kz-c", None, both_ways=True)]
    assert line_of("cn-a", "kz-d", links, operations=changes) == "A/B - C (CN KZ)"


def test_a_voyage_is_the_pair_of_its_ports_also_where_it_begins_or_ends_the_journey(line_of):
    links = [link("kz-a -- kz-b"), link("kz-b -- az-c", "sea"), link("az-c -- az-d")]
    assert line_of("kz-a", "az-d", links) == "B/C (KZ AZ)"
    assert line_of("kz-b", "az-c", links) == "B/C (KZ AZ)"


def test_a_port_where_the_ship_changes_stands_between(line_of):
    links = [link("cn-a -- kz-b", "sea", service="one"), link("kz-b -- az-c", "sea", service="two")]
    text = line_of("cn-a", "az-c", links, services=[service("one", "sea"), service("two", "sea")])
    assert text.startswith("A/B/C")


def test_a_passage_that_tells_sea_routes_apart_stands_between_the_ports(line_of):
    links = [link("cn-a -- pl-b", "sea", passage=("malacca", "suez")), link("pl-b -- pl-c")]
    assert line_of("cn-a", "pl-c", links) == "A - Suez - B (CN PL)"


def test_of_many_points_borders_go_first_and_voyages_stay(line_of):
    ways = ["cn-a", "mn-b", "ru-c", "ua-d", "md-e", "ro-f", "rs-g", "ba-h"]
    links = [link(f"{one} -- {other}") for one, other in pairwise(ways)]
    text = line_of("cn-a", "it-i", [*links, link("ba-h -- it-i", "sea")])
    # Seven borders and a voyage: the last two borders go.
    assert text == "A - B - C - D - E - H/I (CN MN RU UA MD RO RS BA IT)"
    assert text.count(" - ") == MOST_POINTS - 1


def test_within_a_country_there_are_only_countries(line_of):
    assert line_of("cn-a", "cn-b", [link("cn-a -- cn-b")]) == "CN"


def test_it_is_kept_when_stored_without_the_network(tmp_path):
    found = route(tiny_network(tmp_path, links=[link("cn-a -- kz-b"), link("kz-b -- kz-c")]), "cn-a", "kz-c")[0]
    assert pickle.loads(pickle.dumps(found)).route_line == found.route_line == "A (CN KZ)"  # noqa: S301 - dumped here
