"""What the trees from an origin reach: the first terminal of a city, and hauls as far as the budget goes."""

import pytest
from shapely.geometry import Point

from landbridge.routing import reach, route
from tests.support.equator import PLACES, ids, three_in_a_row
from tests.support.tiny import link, place, tiny_network


@pytest.fixture
def row(tmp_path):
    return three_in_a_row(tmp_path)


def test_a_haul_is_reached_as_far_as_the_budget_carries(row):
    # At 2 h: load 1 and 1 of 2.5 h, 0.4 of the way to B. At 4.5 h: B at 3.5, then 0.4 of the way to C.
    near, far = reach(row, "cn-a", [2.0, 4.5], around_km=10).areas
    # 10 km are 0.0899 degrees on the equator.
    assert near.bounds == pytest.approx((-0.0899, -0.0899, 0.4899, 0.0899), abs=1e-3)
    assert far.bounds == pytest.approx((-0.0899, -0.0899, 1.4899, 0.0899), abs=1e-3)


def test_before_it_is_loaded_cargo_is_at_the_origin_alone(row):
    (area,) = reach(row, "cn-a", [0.5], around_km=10).areas
    assert area.bounds == pytest.approx((-0.0899, -0.0899, 0.0899, 0.0899), abs=1e-3)


def test_a_link_from_both_ends_is_reached_from_both(tmp_path):
    # From A to C by B and by D, and the link between B and D is entered from both: at 4.5 h 0.4 of it from each end.
    places = [*PLACES[:2], place("cn-d", lon=0, lat=1)]
    links = [
        link("cn-a -- cn-b", length_km=125),
        link("cn-a -- cn-d", length_km=125),
        link("cn-b -- cn-d", length_km=200),
    ]
    network = tiny_network(tmp_path, places=places, links=links)
    (area,) = reach(network, "cn-a", [5.1], around_km=5).areas
    # 1.6 of 4 h from each end.
    assert area.covers(Point(0.65, 0.35))
    assert area.covers(Point(0.35, 0.65))
    assert not area.covers(Point(0.5, 0.5))


def test_the_origin_and_its_terminals_are_not_reached(tmp_path):
    places = [
        place("cn-a", kind="city", modes=()),
        place("cn-a-east", parent="cn-a"),
        place("cn-a-west", parent="cn-a"),
    ]
    links = [link("cn-a-east -- cn-b"), link("cn-a-west -- cn-b")]
    network = tiny_network(tmp_path, places=places, links=links)
    assert ids(reach(network, "cn-a", [100])) == ["cn-b"]
    # From one terminal, the other is a place like any.
    assert set(ids(reach(network, "cn-a-east", [100]))) == {"cn-b", "cn-a-west"}


def test_a_city_is_reached_by_the_first_of_its_terminals(tmp_path):
    places = [
        place("cn-b", kind="city", modes=()),
        place("cn-b-east", parent="cn-b"),
        place("cn-b-west", parent="cn-b"),
    ]
    links = [link("cn-a -- cn-b-east", length_km=300), link("cn-a -- cn-b-west", length_km=150)]
    network = tiny_network(tmp_path, places=places, links=links)
    found = {place.id: place for place in reach(network, "cn-a", [100]).places}
    assert found["cn-b"].terminal == "cn-b-west"
    assert found["cn-b"].distance_km == found["cn-b-west"].distance_km == 150


def test_trucks_haul_to_the_first_train_and_from_the_last(tmp_path):
    # A and D lie 1 degree from the trains of B and C, each link takes 2.5 h.
    # To D: load 1, hauls 7.5, changes 6, unload 2.
    places = [*PLACES, place("cn-d", lon=3)]
    links = [
        link("cn-a -- cn-b", "road", length_km=125),
        link("cn-b -- cn-c", length_km=125),
        link("cn-c -- cn-d", "road", length_km=125),
    ]
    network = tiny_network(tmp_path, places=places, links=links)
    found = reach(network, "cn-a", [16.5], around_km=5)
    # B by a truck alone: load 1, haul 2.5, unload 2.
    assert [(item.id, item.time.mean_h, item.note) for item in found.places] == [
        ("cn-b", pytest.approx(5.5), None),
        ("cn-c", pytest.approx(11), None),
        ("cn-d", pytest.approx(16.5), None),
    ]
    # The truck of the consignor is half way at 2.25 h, that of the consignee at 1 + 2.5 + 3 + 2.5 + 3 + 1.25 h.
    (begun,) = reach(network, "cn-a", [2.25], around_km=5).areas
    assert begun.bounds[2] == pytest.approx(0.5 + 0.045, abs=2e-3)
    (ended,) = reach(network, "cn-a", [13.25], around_km=5).areas
    assert ended.bounds[2] == pytest.approx(2.5 + 0.045, abs=2e-3)


def test_a_place_to_which_only_trucks_lead_says_so(tmp_path):
    links = [link("cn-a -- cn-b", length_km=125), link("cn-b -- cn-c", "road", length_km=500)]
    network = tiny_network(tmp_path, check=False, places=PLACES, links=links)
    found = reach(network, "cn-a", [100], around_km=5)
    # Load 1, train 2.5, change 3, truck 10, unload 2 h.
    notes = {item.id: (item.time.mean_h, item.note) for item in found.places}
    assert notes == {
        "cn-b": (pytest.approx(5.5), None),
        "cn-c": (pytest.approx(18.5), "by truck: nothing else leads there"),
    }
    assert found.areas[0].bounds[2] == pytest.approx(2 + 0.045, abs=2e-3)


def test_what_is_reached_by_returning_to_a_country_is_reached_another_way(tmp_path):
    # From A in China over KZ and China again D is 3 links away; by the long link of 500 km it is 10 h.
    places = [*PLACES[:1], place("kz-b", lon=1), place("cn-c", lon=2), place("kz-d", lon=3)]
    links = [
        link("cn-a -- kz-b", length_km=125),
        link("kz-b -- cn-c", length_km=125),
        link("cn-c -- kz-d", length_km=125),
        link("cn-a -- kz-d", length_km=1500),
    ]
    network = tiny_network(tmp_path, check=False, places=places, links=links)
    found = {item.id: item for item in reach(network, "cn-a", [500], around_km=5).places}
    assert found["kz-d"].distance_km == 1500
    trip = route(network, "cn-a", "kz-d", objective="time")[0]
    assert found["kz-d"].time.mean_h == pytest.approx(trip.time.mean_h)
    # Cargo may come back to the country of both ends.
    assert found["cn-c"].distance_km == 250
