"""Checks of places: country, modes, coordinates, and whether cargo comes there and away."""

import pytest

from landbridge.networks import check_network
from tests.support.faults import assert_found, with_places
from tests.support.tiny import link, place, write_tiny

TWO_LINES = [link("cn-a -- cn-b", id="l"), link("cn-b -- cn-c", id="m")]

FAULTS = {
    # Places
    "a place on land without a country": (
        with_places(place("cn-a", country=None)),
        ("places.csv", 2, "country", "is blank"),
    ),
    "a place without a link": (
        with_places(place("cn-x", modes=())),
        ("places.csv", 2, "id", "cn-x has no link and cannot be reached"),
    ),
    "a place that cannot be left": (
        {"links": [*TWO_LINES, link("cn-c -> cn-d")]},
        ("places.csv", 5, "id", "cn-d cannot be reached from most places, or cannot be left"),
    ),
    "an island": (
        {"links": [*TWO_LINES, link("cn-x -- cn-y")]},
        ("places.csv", 5, "id", "cn-x cannot be reached from most places, or cannot be left"),
    ),
    "a mode that no link has": (
        with_places(place("cn-a", modes=("rail", "sea"))),
        ("places.csv", 2, "modes", "no sea link serves cn-a"),
    ),
    "lat and lon changed over": (
        {
            # Almaty lies at 76.9 E, 43.2 N, and Shu 250 km from it.
            "links": [link("kz-almaty -- kz-shu", length_km=None, waypoints="76 43.3")],
            "places": [place("kz-almaty", lon=43.2, lat=76.9), place("kz-shu", lon=73.8, lat=43.6)],
        },
        ("places.csv", 2, "lat", "lat and lon seem to be swapped"),
    ),
}


def test_parts_that_are_separate_on_purpose_are_no_fault_but_a_place_that_cannot_be_left_is(tmp_path):
    links = [*TWO_LINES, link("cn-x -- cn-y"), link("cn-y -> cn-z", id="one-way")]
    separate = {"key": "separate_parts", "value": "2"}
    found = check_network(write_tiny(tmp_path, links=links, tables={"dataset": [separate]}))
    assert [(fault.file, fault.problem.split()[0]) for fault in found if fault.column == "id"] == [
        ("places.csv", "cn-z")
    ]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_is_and_with_a_cure(tmp_path, name):
    assert_found(tmp_path, *FAULTS[name])
