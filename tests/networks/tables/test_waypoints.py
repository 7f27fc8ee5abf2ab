"""Waypoints: pairs 'lon lat' within the world, between the ends of their link."""

import pytest

from landbridge.networks.tables.waypoints import link_points, parse_waypoints


def test_waypoints_are_pairs_lon_lat():
    assert parse_waypoints("119.17 34.60;118.35  34.38") == [(119.17, 34.6), (118.35, 34.38)]
    assert parse_waypoints("-180 -90") == [(-180, -90)]


@pytest.mark.parametrize("text", ["1", "1 2 3", "1 2;", "1,2", "a b"])
def test_waypoints_that_are_no_pairs_are_refused(text):
    with pytest.raises(ValueError, match=r"pair|convert"):
        parse_waypoints(text)


@pytest.mark.parametrize("text", ["181 0", "40 95", "nan 0", "0 inf"])
def test_waypoints_outside_the_world_are_refused_with_their_order(text):
    with pytest.raises(ValueError, match="is out of range; the order is 'lon lat'"):
        parse_waypoints(text)


def test_the_points_of_a_link_are_its_ends_and_what_lies_between():
    places = {"a": {"lon": 1.0, "lat": 2.0}, "b": {"lon": 5.0, "lat": 6.0}}
    drawn = {"from": "a", "to": "b", "waypoints": "3 4"}
    assert link_points(drawn, places) == [(1, 2), (3, 4), (5, 6)]
    assert link_points(drawn | {"waypoints": None}, places) == [(1, 2), (5, 6)]
