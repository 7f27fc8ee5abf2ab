"""Matching of links: the path through waypoints, what stands in for a missing line, files and reports."""

import csv
import json

import numpy as np
import pytest

from landbridge.networks.geodata.bases.hand_drawn import DrawnLine
from landbridge.networks.geodata.bases.line_base import LineBase, line_base
from landbridge.networks.geodata.links.matching import (
    GREAT_CIRCLE,
    HAND_DRAWN,
    MATCHED,
    match_link,
    match_links,
    write_geometry,
    write_lengths,
    write_snaps,
)
from landbridge.networks.geometry.flatgeobuf import read_geometry

PLACES = {
    "kz-a": {"id": "kz-a", "lon": 0.0, "lat": 0.0, "country": "KZ"},
    "kz-b": {"id": "kz-b", "lon": 0.4, "lat": 0.0, "country": "KZ"},
    "kz-far": {"id": "kz-far", "lon": 5.0, "lat": 5.0, "country": "KZ"},
}
# a - b directly (44.5 km) and over the north (67 km), with a siding at the northern corner.
BASE = line_base(
    [
        [(0.0, 0.0), (0.2, 0.0), (0.4, 0.0)],
        [(0.0, 0.0), (0.0, 0.1), (0.2, 0.1), (0.4, 0.1), (0.4, 0.0)],
        [(0.2, 0.1), (0.2, 0.13)],
    ]
)


def link(**changes):
    plain = {
        "id": "kz-a--kz-b--rail",
        "from": "kz-a",
        "to": "kz-b",
        "mode": "rail",
        "gauge": 1520,
        "waypoints": "",
        "countries": (),
        "length_km": None,
        "published_km": None,
        "passage": (),
    }
    return plain | changes


def test_a_link_is_the_shortest_path():
    match = match_link(link(length_km=45.0), PLACES, BASE)
    assert match.method == MATCHED
    assert match.points[1:-1] == [(0.0, 0.0), (0.2, 0.0), (0.4, 0.0)]
    assert match.length_km == pytest.approx(44.48, abs=0.01)
    assert match.difference_pct == pytest.approx(-1.16, abs=0.01)


def test_waypoints_lead_the_path_and_a_siding_is_not_run_into():
    match = match_link(link(waypoints="0.2 0.13"), PLACES, BASE)
    assert (0.2, 0.13) not in match.points
    assert (0.2, 0.1) in match.points
    assert match.length_km == pytest.approx(66.7, abs=0.1)


def test_a_waypoint_far_from_any_line_does_not_lead():
    match = match_link(link(waypoints="0.2 -0.3"), PLACES, BASE)
    assert match.length_km == pytest.approx(44.48, abs=0.01)
    assert [snap.used for snap in match.snaps] == [True, False, True]
    assert "1 waypoints" in match.notes[0]


def test_track_of_another_gauge_is_shunned():
    gauged = LineBase(BASE.lon, BASE.lat, BASE.tail, BASE.head, BASE.km, np.array([1435, 1435] + [1520] * 5, np.int32))
    assert match_link(link(), PLACES, gauged).length_km == pytest.approx(66.7, abs=0.1)


def test_the_distance_of_a_place_from_the_line_counts():
    places = PLACES | {"kz-a": PLACES["kz-a"] | {"lon": -0.02}}
    match = match_link(link(), places, BASE)
    assert match.snaps[0].km == pytest.approx(2.22, abs=0.01)
    assert match.length_km == pytest.approx(44.48 + 2.22, abs=0.01)
    assert match.points[0] == (-0.02, 0.0)


def test_both_ends_are_snapped_to_one_piece():
    # A loose siding lies nearer to a than the line does.
    base = line_base([[(0.01, 0.0), (0.4, 0.0)], [(0.0, 0.001), (0.0, 0.002)]])
    match = match_link(link(), PLACES, base)
    assert match.method == MATCHED
    assert match.snaps[0].on_line == (0.01, 0.0)


def test_a_place_that_no_line_comes_near_gets_great_circles_and_says_so():
    match = match_link(link(to="kz-far"), PLACES, BASE)
    assert match.method == GREAT_CIRCLE
    assert match.points == [(0.0, 0.0), (5.0, 5.0)]
    assert "kz-far is" in match.notes[0]


def test_pieces_that_nothing_joins_get_great_circles():
    base = line_base([[(0.0, 0.0), (0.1, 0.0)], [(0.3, 0.0), (0.4, 0.0)]])
    assert match_link(link(), PLACES, base).method == GREAT_CIRCLE


def drawn(*points, status="open"):
    return DrawnLine("Bypass", status, 1520, points, 60.0, ("kz-a--kz-b--rail",), "A890", "new")


def test_a_hand_drawn_line_goes_before_the_base_and_runs_the_way_of_the_link():
    (match,) = match_links([link()], PLACES, BASE, drawn=[drawn((0.4, 0.0), (0.2, -0.1), (0.0, 0.0))])
    assert match.method == HAND_DRAWN
    assert match.points == [(0.0, 0.0), (0.2, -0.1), (0.4, 0.0)]
    assert match.length_km == 60.0


def test_a_hand_drawn_line_without_points_takes_the_waypoints_of_the_link():
    (match,) = match_links([link(waypoints="0.2 0.3")], PLACES, BASE, drawn=[drawn(status="planned")])
    assert match.points == [(0.0, 0.0), (0.2, 0.3), (0.4, 0.0)]
    assert match.notes == ("Bypass, planned: new",)


def test_the_geometry_is_read_back(tmp_path):
    matches = [
        match_link(link(), PLACES, BASE),
        match_link(link(id="back", **{"from": "kz-b", "to": "kz-a"}), PLACES, BASE),
    ]
    write_geometry(tmp_path / "geometry.fgb", matches)
    lines = read_geometry(tmp_path / "geometry.fgb")
    assert list(lines) == ["kz-a--kz-b--rail", "back"]
    assert list(lines["back"].coords) == [(0.4, 0.0), (0.0, 0.0)]


def test_the_reports_tell_snaps_and_lengths(tmp_path):
    match = match_link(link(length_km=45.0), PLACES | {"kz-b": PLACES["kz-b"] | {"lon": 0.45}}, BASE)
    write_snaps(tmp_path / "snaps.geojson", [match])
    write_lengths(tmp_path / "lengths.csv", [match])
    features = json.loads((tmp_path / "snaps.geojson").read_text())["features"]
    assert [(item["properties"]["what"], item["properties"]["fault"]) for item in features] == [
        ("kz-a", False),
        ("kz-b", True),  # 5.6 km
    ]
    (row,) = csv.DictReader((tmp_path / "lengths.csv").read_text().splitlines())
    assert (row["method"], row["length_km"], row["published_km"]) == ("matched", "50.0", "45.0")
    assert row["difference_pct"] == "11.2"
