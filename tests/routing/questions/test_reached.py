"""What the trees from an origin reach: the first terminal of a city, and hauls as far as the budget goes."""

import pytest
from shapely.geometry import Point

from landbridge.routing import reach
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
