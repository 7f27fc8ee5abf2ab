"""Areas around points and lines: distances are those on the sphere, wherever they lie."""

import math
from itertools import pairwise

import numpy as np
import pytest
from shapely.geometry import Point

from landbridge.networks import QueryError
from landbridge.networks.geometry.areas import area_around
from landbridge.networks.geometry.sphere import EARTH_RADIUS_KM, densify, great_circle_km

# A chord of 11.25 degrees (8 to a quarter) lies within its arc by 1 - cos(5.6 degrees) = 0.5 %.
CHORD = 0.995


def around(point, km, bearings=16):
    """Return points at a distance from a point, by the formula of the direct problem on the sphere."""
    lon, lat = map(math.radians, point)
    angle = km / EARTH_RADIUS_KM
    for bearing in np.linspace(0, 2 * math.pi, bearings, endpoint=False):
        sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
        east = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * sine)
        yield (math.degrees(lon + east) + 180) % 360 - 180, math.degrees(math.asin(sine))


@pytest.mark.parametrize(
    "point", [(0.0, 0.0), (60.0, 60.0), (-120.0, -45.0), (10.0, 80.0), (179.8, 70.0), (180.0, 0.0)]
)
@pytest.mark.parametrize("km", [1.0, 50.0, 400.0])
def test_the_area_around_a_point_is_a_circle_on_the_sphere(point, km):
    area = area_around([[point]], km)
    assert area.is_valid
    assert all(area.covers(Point(near)) for near in around(point, km * CHORD * 0.999))
    assert not any(area.contains(Point(far)) for far in around(point, km * 1.001))


def test_the_area_around_a_line_reaches_as_far_all_along_it():
    line = densify([(30.0, 50.0), (90.0, 62.0)], 100.0)
    area = area_around([line], 50.0)
    assert area.geom_type == "MultiPolygon"
    assert len(area.geoms) == 1
    for point in line[1:-1]:
        assert area.contains(Point(point))
    # The points of the line are 100 km apart: more than 71 km from all of them is more than 50 km from the line.
    near_line = [far for point in line for far in around(point, 80.0, 36)]
    outside = [far for far in near_line if min(great_circle_km(far, point) for point in line) > math.hypot(50, 50)]
    assert outside
    assert not any(area.contains(Point(far)) for far in outside)
    # 4,200 km and two half circles of 50 km: 100 x length + pi x 50^2, in square km.
    length_km = sum(great_circle_km(a, b) for a, b in pairwise(line))
    assert square_km(area) == pytest.approx(100 * length_km + math.pi * 2500, rel=0.01)


def square_km(area):
    """Return the area on the sphere: the integral of sin(lat) along the rings."""
    total = 0.0
    for polygon in area.geoms:
        for ring, sign in [(polygon.exterior, 1), *((hole, -1) for hole in polygon.interiors)]:
            lon, lat = np.radians(np.array(ring.coords)).T
            middle = (np.sin(lat[1:]) + np.sin(lat[:-1])) / 2
            total += sign * abs(float((np.diff(lon) * middle).sum()))
    return total * EARTH_RADIUS_KM**2


def test_an_area_over_180_degrees_is_cut_there():
    area = area_around([[(175.0, 60.0), (-175.0, 60.0)]], 50.0)
    assert area.is_valid
    assert len(area.geoms) == 2
    assert area.bounds[0] == -180.0
    assert area.bounds[2] == 180.0
    assert area.contains(Point(-179.0, 60.05))
    assert area.contains(Point(179.0, 60.05))
    assert not area.contains(Point(0.0, 60.0))


def test_longitudes_that_run_on_and_lines_that_come_back_are_the_same_area():
    over = area_around([[(178.0, 10.0), (182.0, 10.0)]], 50.0)
    back = area_around([[(178.0, 10.0), (-178.0, 10.0)]], 50.0)
    assert over.symmetric_difference(back).area == pytest.approx(0, abs=1e-9)


def test_a_ring_keeps_its_hole():
    ring = [(10 + 3 * math.cos(angle), 50 + 2 * math.sin(angle)) for angle in np.linspace(0, 2 * math.pi, 60)]
    area = area_around([ring], 20.0)
    assert area.contains(Point(ring[0]))
    assert not area.contains(Point(10, 50))


def test_nothing_has_no_area():
    assert area_around([], 50.0).is_empty


@pytest.mark.parametrize("km", [0.0, -1.0, 1001.0, math.nan])
def test_a_distance_out_of_range_is_refused(km):
    with pytest.raises(QueryError):
        area_around([[(0.0, 0.0)]], km)


def test_a_pole_is_refused():
    with pytest.raises(QueryError, match="pole"):
        area_around([[(0.0, 89.9)]], 50.0)
