"""Longer drayage: at one end, then at both, and by truck everywhere only then; limits of 100 km and six times that."""

import pytest

from landbridge.routing import matrix, pareto, route
from landbridge.routing.query.query import Query
from landbridge.routing.questions.longer_drayage import LONGER, longer_drayage
from tests.support.tiny import link, tiny_network

LIMIT = {"dataset": [{"key": "drayage_km", "value": 100}]}


def line(folder, *, first_km, last_km, road_km=200):
    """Return a network of a road, a railway of 1,000 km with a shorter road beside it, and a road, all in a row."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-b", "road", length_km=first_km),
            link("cn-b -- cn-c", length_km=1000),
            link("cn-b -- cn-c", "road", length_km=road_km),
            link("cn-c -- cn-d", "road", length_km=last_km),
        ],
        tables=LIMIT,
    )


@pytest.mark.parametrize(
    ("first_km", "last_km", "modes"),
    [
        (90, 90, "road rail road"),
        # 600 km at one end is six times the limit, beyond which trucks go everywhere.
        (90, 600, "road rail road"),
        (600, 90, "road rail road"),
        (590, 590, "road rail road"),
        (601, 590, "road road road"),
    ],
    ids=["within", "last", "first", "both", "everywhere"],
)
def test_trucks_go_farther_at_one_end_then_at_both_and_everywhere_only_then(tmp_path, first_km, last_km, modes):
    network = line(tmp_path, first_km=first_km, last_km=last_km)
    for ends in (("cn-a", "cn-d"), ("cn-d", "cn-a")):
        found = route(network, *ends, objective="time")[0]
        assert sorted(leg.mode for leg in found.hauls) == sorted(modes.split())
        assert any(note.kind == "trucks" and "no train" in note.text for note in found.notes) == (
            first_km > 90 or last_km > 90
        )
        table = matrix(network, ends[:1], ends[1:], objective="time")
        assert table.time_mean_h[0, 0] == pytest.approx(found.time_mean_h)


def test_a_trip_by_truck_alone_within_longer_drayage_counts(tmp_path):
    # By truck 790 km, and by train a truck over 590 km: 600 km are the most.
    network = line(tmp_path / "far", first_km=590, last_km=50, road_km=150)
    assert [leg.mode for leg in route(network, "cn-a", "cn-d", objective="time")[0].hauls] == ["road", "rail", "road"]
    network = line(tmp_path / "near", first_km=400, last_km=50, road_km=150)
    for ends in (("cn-a", "cn-d"), ("cn-d", "cn-a")):
        assert {leg.mode for leg in route(network, *ends, objective="time")[0].hauls} == {"road"}


def test_drayage_leaves_its_country_before_it_becomes_longer(tmp_path):
    """The railway of KZ serves a terminal of the country within the limit, but does not lead on."""
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- kz-t", "road", length_km=50),
            link("kz-t -- kz-y"),
            link("kz-a -- cn-t", "road", length_km=80),
            link("kz-a -- kz-u", "road", length_km=300),
            link("kz-u -- cn-z", length_km=100),
            link("cn-t -- cn-z", length_km=3000),
        ],
        tables=LIMIT,
    )
    for ends in (("kz-a", "cn-z"), ("cn-z", "kz-a")):
        assert route(network, *ends, objective="time")[0].distance_km == 3080


def test_only_the_end_at_which_it_may_help_is_searched(tmp_path):
    network = line(tmp_path, first_km=90, last_km=300)
    steps = [[one.conditions.longer_drayage for one in step] for step in longer_drayage(Query(network, "cn-a", "cn-d"))]
    assert steps == [[(LONGER, 0), (0, LONGER)], [(1, 1)], [(LONGER, LONGER)]]
    network = line(tmp_path / "far", first_km=90, last_km=300, road_km=900)
    steps = [[one.conditions.longer_drayage for one in step] for step in longer_drayage(Query(network, "cn-a", "cn-d"))]
    assert steps[0] == [(0, LONGER)]


def test_a_front_has_longer_drayage_too(tmp_path):
    network = line(tmp_path, first_km=90, last_km=300, road_km=900)
    found = pareto(network, "cn-a", "cn-d", objectives=["time", "cost"]).itineraries
    assert {tuple(leg.mode for leg in item.hauls) for item in found} == {("road", "rail", "road")}
