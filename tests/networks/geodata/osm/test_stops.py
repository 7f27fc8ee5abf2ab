"""Stations beside a line: what counts is the distance to the line and not to its nodes."""

import pytest

from tests.support.osm_building import build, links
from tests.support.osm_drawing import Map, km


def straight_piece(tmp_path, *stations, **options):
    """Build a line of 40 km without a node between its ends, with stations at (east, north) in km."""
    drawn = Map().node("a", km(0, 0), railway="station", name="Alfa").node("b", km(40, 0))
    for number, place in enumerate(stations):
        drawn.node(f"s{number}", km(*place), railway="station", name=f"S{number}")
    return build(drawn.way("a b"), tmp_path, **options)


@pytest.mark.parametrize("north", [0.1, -0.9])
def test_a_station_beside_a_long_straight_piece_is_on_the_line(tmp_path, north):
    built = straight_piece(tmp_path, (12, north))
    assert sorted(links(built).values()) == pytest.approx([12, 28], rel=1e-3)
    assert "az-s0" in built.network.places
    assert built.report["not_snapped"] == []


def test_two_stations_divide_the_same_piece(tmp_path):
    built = straight_piece(tmp_path, (30, 0.2), (12, -0.2))
    assert {key[:2]: round(length) for key, length in links(built).items()} == {
        ("az-alfa", "az-s1"): 12,
        ("az-s0", "az-s1"): 18,
        ("az-osm-2", "az-s0"): 10,
    }


def test_a_station_on_a_track_of_two_gauges_is_on_both(tmp_path):
    drawn = Map().node("a", km(0, 0)).node("b", km(40, 0)).node("s", km(12, 0.1), railway="station", name="S")
    built = build(drawn.way("a b", gauge="1435;1520"), tmp_path)
    at_station = {row["gauge"] for row in built.network.links if "az-s" in {row["from"], row["to"]}}
    assert at_station == {1435, 1520}


def test_a_station_near_a_node_is_at_it(tmp_path):
    # 0.2 km beside the line and 0.2 km before its end: the end is 0.28 km away, not much farther than the line.
    built = straight_piece(tmp_path, (39.8, 0.2))
    assert list(links(built).values()) == pytest.approx([40], rel=1e-3)
    assert "az-s0" in built.network.places


def test_a_station_that_is_on_no_line_is_reported_with_its_distance(tmp_path):
    built = straight_piece(tmp_path, (12, 3), (90, 0))
    assert len(built.network.links) == 1
    missed = [(row["name"], row["mode"], row["osm_id"]) for row in built.report["not_snapped"]]
    assert missed == [("S0", "rail", 3), ("S1", "rail", 4)]
    # To the nearest node: 12.4 km from a, 50 km from b.
    assert [row["km"] for row in built.report["not_snapped"]] == pytest.approx([12.37, 50], rel=1e-2)
