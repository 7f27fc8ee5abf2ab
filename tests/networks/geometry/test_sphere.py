"""Lengths on the sphere and drawn lines, at 180 degrees too."""

import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from landbridge.networks.geometry.sphere import (
    EARTH_RADIUS_KM,
    densify,
    great_circle_km,
    line_km,
    part_of_line,
    split_at_antimeridian,
    to_geometry,
)

# Whole thousandths of a degree away from the poles, where a longitude says something.
POINTS = st.tuples(st.integers(-180_000, 180_000), st.integers(-80_000, 80_000)).map(
    lambda drawn: (drawn[0] / 1000, drawn[1] / 1000)
)
QUARTER_KM = math.pi / 2 * EARTH_RADIUS_KM
SHANGHAI, LOS_ANGELES = (121.5, 31.2), (-118.2, 33.7)


def parts_of(geometry) -> list[list[tuple[float, float]]]:
    return [list(part.coords) for part in getattr(geometry, "geoms", [geometry])]


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ((0, 0), (90, 0), QUARTER_KM),
        ((0, 0), (0, 90), QUARTER_KM),
        ((0, 0), (180, 0), 2 * QUARTER_KM),
        ((30, 90), (-150, 90), 0),
        ((179.5, 0), (-179.5, 0), QUARTER_KM / 90),
        # Frankfurt to Beijing, 7,800 km by every table of distances.
        ((8.57, 50.03), (116.58, 40.08), 7790),
    ],
)
def test_the_great_circle_has_the_length_worked_out_by_hand(start, end, km):
    assert great_circle_km(start, end) == pytest.approx(km, rel=2e-3, abs=1e-6)


@given(POINTS, POINTS, POINTS)
def test_the_great_circle_is_the_shortest_way(one, other, between):
    assert great_circle_km(one, other) == pytest.approx(great_circle_km(other, one))
    assert great_circle_km(one, other) <= great_circle_km(one, between) + great_circle_km(between, other) + 1e-6


def test_a_line_is_as_long_as_its_parts_together():
    assert line_km([(0, 0), (1, 0), (1, 1)]) == pytest.approx(2 * QUARTER_KM / 90)
    assert line_km([(5, 5)]) == 0


@given(POINTS, POINTS)
def test_a_dense_line_follows_the_great_circle_in_short_steps(start, end):
    length = great_circle_km(start, end)
    # Opposite points have no one great circle between them.
    assume(length < 19_900)
    line = densify([start, end], step_km=500)
    assert line_km(line) == pytest.approx(length, rel=1e-6, abs=1e-6)
    assert max(great_circle_km(*pair) for pair in pairwise(line)) <= 500.001
    assert max(abs(after[0] - before[0]) for before, after in pairwise(line)) <= 180


def test_a_short_line_is_left_as_it_is():
    assert densify([(10, 50), (10.5, 50.2)]) == [(10, 50), (10.5, 50.2)]


def test_a_line_on_one_side_of_180_degrees_is_one_part():
    geometry = to_geometry([SHANGHAI, (103.8, 1.3)])
    assert geometry.geom_type == "LineString"
    assert geometry.coords[0] == SHANGHAI
    assert geometry.coords[-1] == (103.8, 1.3)


@pytest.mark.parametrize("points", [[SHANGHAI, LOS_ANGELES], [LOS_ANGELES, SHANGHAI]], ids=["eastward", "westward"])
def test_a_line_over_180_degrees_is_split_there(points):
    geometry = to_geometry(points)
    assert geometry.geom_type == "MultiLineString"
    first, second = parts_of(geometry)
    side = 1 if points[0] == SHANGHAI else -1
    assert first[0] == pytest.approx(points[0])
    assert second[-1] == pytest.approx(points[-1])
    assert first[-1][0] == 180 * side
    assert second[0][0] == -180 * side
    assert first[-1][1] == second[0][1]


def test_a_line_over_180_degrees_and_back_has_three_parts():
    first, second, third = parts_of(to_geometry([(175, 60), (-175, 62), (176, 64)]))
    assert (first[-1][0], second[0][0]) == (180, -180)
    assert (second[-1][0], third[0][0]) == (-180, 180)


@pytest.mark.parametrize(
    "points",
    [
        [(170, 10), (180, 10)],
        [(180, 10), (170, 10)],
        [(-170, 10), (-180, 10)],
        [(-180, 10), (-170, 10)],
        [(180, 10), (-170, 10)],
        [(-180, 10), (170, 10)],
        [(170, 10), (180, 10), (-170, 10)],
        [(170, 10), (-180, 10), (-170, 10)],
        [(-170, 10), (180, 10), (170, 10)],
    ],
    ids=str,
)
def test_a_point_on_180_degrees_makes_no_part_without_length(points):
    parts = parts_of(to_geometry(points))
    assert all(line_km(part) > 0 for part in parts)
    assert sum(map(line_km, parts)) == pytest.approx(line_km(points), rel=1e-4)
    assert all(abs(after[0] - before[0]) < 90 for part in parts for before, after in pairwise(part))


@given(st.lists(POINTS, min_size=2, max_size=5))
def test_a_drawn_line_stays_in_the_world_and_keeps_its_length_and_ends(points):
    assume(all(great_circle_km(*pair) < 19_900 for pair in pairwise(points)))
    assume(all(abs(lon) != 180 for lon, _ in points))
    geometry = to_geometry(points)
    parts = parts_of(geometry)
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for part in parts for lon, lat in part)
    assert all(abs(after[0] - before[0]) <= 180 for part in parts for before, after in pairwise(part))
    # A cut is set on the straight line between two points 100 km apart at most, and not on the great circle.
    assert sum(map(line_km, parts)) == pytest.approx(line_km(points), rel=1e-3, abs=1e-6)
    assert parts[0][0] == pytest.approx(points[0])
    assert parts[-1][-1] == pytest.approx(points[-1])


def test_parts_of_a_line_whose_longitudes_run_on():
    # From 170 to 190 degrees the cut is half way, at 5 degrees north.
    assert split_at_antimeridian([(170, 0), (190, 10)]) == [[(170, 0), (180, 5)], [(-180, 5), (-170, 10)]]
    assert split_at_antimeridian([(-170, 0), (-190, 10)]) == [[(-170, 0), (-180, 5)], [(180, 5), (170, 10)]]


def test_drawn_lines_are_valid_for_shapely():
    for points in ([SHANGHAI, LOS_ANGELES], [(0, 0), (10, 10)], [(175, 60), (-175, 62), (176, 64)]):
        assert shapely.is_valid(to_geometry(points))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.0, 1.0), [(0, 0), (2, 0), (4, 0)]),
        ((0.0, 0.25), [(0, 0), (1, 0)]),
        ((0.25, 0.75), [(1, 0), (2, 0), (3, 0)]),
        ((0.5, 0.75), [(2, 0), (3, 0)]),
        ((1.0, 1.0), [(4, 0)]),
    ],
)
def test_a_part_of_a_line_is_cut_by_length(shares, expected):
    part = part_of_line([(0.0, 0.0), (2.0, 0.0), (4.0, 0.0)], *shares)
    assert [(round(lon, 6), round(lat, 6)) for lon, lat in part] == expected


def test_a_part_of_a_line_is_cut_on_the_great_circle():
    # Half of the way from 0 to 90 east at 45 north: sqrt(1/2) east and north, 1 up, so tan(lat) = 1/cos(45).
    (lon, lat) = part_of_line([(0.0, 45.0), (90.0, 45.0)], 0.0, 0.5)[-1]
    assert (lon, lat) == pytest.approx((45.0, 54.735610))


def test_a_part_of_a_line_may_cross_180_degrees_and_stand_still():
    line = [(179.0, 0.0), (180.0, 0.0), (-180.0, 0.0), (-179.0, 0.0)]
    assert part_of_line(line, 0.25, 0.75)[0] == pytest.approx((179.5, 0.0))
    assert part_of_line(line, 0.25, 0.75)[-1] == pytest.approx((-179.5, 0.0))
    assert part_of_line([(5.0, 5.0), (5.0, 5.0)], 0.0, 0.5) == [(5.0, 5.0)]
